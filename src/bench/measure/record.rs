//! One benchmark as it is kept: who, what, how it went, under what conditions, and every sample. Plain data.

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::spread::{Spread, spread};

/// One benchmark of one model on one host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// On which host.
    pub host: String,
    /// When it ended, as ISO 8601.
    pub at: String,
    /// Of what.
    pub subject: Subject,
    /// What came of it.
    pub measured: Measured,
    /// Under what conditions.
    pub conditions: Conditions,
}

/// What was measured. Records with the same subject can be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// The model's name or file.
    pub model: String,
    /// How its weights are kept.
    pub quantisation: String,
    /// The engine: `llama.cpp`…
    pub engine: String,
    /// The engine's build.
    pub build: String,
    /// What it computes on: `CPU`, `CUDA`…
    pub backend: String,
    /// How it was set: threads, layers on the card, batch, context; what makes two runs unlike.
    pub setting: String,
}

/// What came of a benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", content = "results", rename_all = "snake_case")]
pub enum Measured {
    /// The engine's own benchmark of its kernels: no sampling, no HTTP.
    Kernels(Vec<Kernel>),
    /// Requests to a running engine, by concurrency.
    Serving(Vec<Level>),
}

/// One kernel test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kernel {
    /// `pp512`: a prompt of so many tokens; `tg128`: so many tokens generated; `@d` the depth they begin at.
    pub test: String,
    /// Tokens a second of each repetition.
    pub samples: Vec<f64>,
}

/// Requests at one concurrency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// How many were under way at a time.
    pub concurrency: u32,
    /// From the first request to the last answer.
    pub wall_ms: f64,
    /// Those that were answered.
    pub requests: Vec<Request>,
    /// Why the others were not.
    pub failures: Vec<String>,
}

/// One request that was answered. Times count from its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// When it was sent, counted from the level's start.
    pub sent_ms: f64,
    /// When each piece of text came.
    pub pieces_ms: Vec<f64>,
    /// When the engine said that it was done.
    pub done_ms: f64,
    /// Tokens of the prompt, as the engine counts them.
    pub prompt_tokens: u64,
    /// … of which it still knew. More than a few mean that the prompt was not new to it.
    pub cached_tokens: Option<u64>,
    /// Tokens of the answer, as the engine counts them.
    pub tokens: u64,
}

/// A number to compare: with its noise, and which way is better.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What: `tg128 tokens/s`.
    pub name: String,
    /// How its samples are spread.
    pub spread: Spread,
    /// Whether more is better.
    pub more_is_better: bool,
}

impl Request {
    /// Time to the first token (TTFT).
    pub fn first_ms(&self) -> Option<f64> {
        self.pieces_ms.first().copied()
    }

    /// Time per output token (TPOT) by `(last − first) / (tokens − 1)`: the first token is left out, as vLLM and AIPerf
    /// reckon. (GuideLLM takes it in.)
    pub fn per_token_ms(&self) -> Option<f64> {
        let (first, last) = (self.pieces_ms.first()?, self.pieces_ms.last()?);
        (self.tokens > 1).then(|| (last - first) / (self.tokens - 1) as f64)
    }

    /// Gaps between pieces (ITL). A piece may hold more than a token.
    pub fn gaps_ms(&self) -> impl Iterator<Item = f64> {
        self.pieces_ms.windows(2).map(|two| two[1] - two[0])
    }
}

impl Level {
    /// Tokens of all answers over the time from the first request to the last answer.
    pub fn tokens_per_second(&self) -> f64 {
        let tokens: u64 = self.requests.iter().map(|request| request.tokens).sum();
        if self.wall_ms > 0.0 { tokens as f64 * 1000.0 / self.wall_ms } else { 0.0 }
    }

    /// Each request's own tokens a second, from when it was sent.
    fn rates(&self) -> impl Iterator<Item = f64> {
        self.requests.iter().map(|request| request.tokens as f64 * 1000.0 / request.done_ms)
    }
}

impl Record {
    /// How many requests of a load were not answered.
    pub fn unanswered(&self) -> usize {
        match &self.measured {
            Measured::Kernels(_) => 0,
            Measured::Serving(levels) => levels.iter().map(|level| level.failures.len()).sum(),
        }
    }

    /// The numbers by which it is compared with another.
    pub fn figures(&self) -> Vec<Figure> {
        match &self.measured {
            Measured::Kernels(kernels) => kernels.iter().filter_map(of_kernel).collect(),
            Measured::Serving(levels) => levels.iter().flat_map(of_level).collect(),
        }
    }
}

fn of_kernel(kernel: &Kernel) -> Option<Figure> {
    let spread = spread(kernel.samples.iter().copied())?;
    let name = format!("{} tokens/s", kernel.test);
    Some(Figure { name, spread, more_is_better: true })
}

fn of_level(level: &Level) -> Vec<Figure> {
    let requests = &level.requests;
    let named = |what: &str| format!("c{} {what}", level.concurrency);
    [
        ("tokens/s a request", spread(level.rates()), true),
        ("TTFT ms", spread(requests.iter().filter_map(Request::first_ms)), false),
        ("TPOT ms", spread(requests.iter().filter_map(Request::per_token_ms)), false),
        ("ITL ms", spread(requests.iter().flat_map(Request::gaps_ms)), false),
        ("end to end ms", spread(requests.iter().map(|request| request.done_ms)), false),
    ]
    .into_iter()
    .filter_map(|(what, spread, more_is_better)| {
        Some(Figure { name: named(what), spread: spread?, more_is_better })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pieces_ms: &[f64], tokens: u64) -> Request {
        let done_ms = pieces_ms.last().copied().unwrap_or(0.0);
        let pieces_ms = pieces_ms.to_vec();
        Request { sent_ms: 0.0, pieces_ms, done_ms, prompt_tokens: 9, cached_tokens: None, tokens }
    }

    #[test]
    fn a_token_takes_what_lies_between_the_first_and_the_last_piece() {
        let request = request(&[100.0, 110.0, 150.0], 6);
        assert_eq!(request.first_ms(), Some(100.0));
        // Five tokens after the first, in 50 ms; there were only two pieces after it.
        assert_eq!(request.per_token_ms(), Some(10.0));
        assert_eq!(request.gaps_ms().collect::<Vec<_>>(), [10.0, 40.0]);
    }

    #[test]
    fn one_token_and_none_have_no_time_per_token() {
        assert_eq!(request(&[5.0], 1).per_token_ms(), None);
        assert_eq!(request(&[], 0).first_ms(), None);
    }

    #[test]
    fn tokens_a_second_count_the_engines_tokens_over_the_whole_time() {
        let requests = vec![request(&[100.0, 500.0], 40), request(&[100.0, 1000.0], 60)];
        let level = Level { concurrency: 2, wall_ms: 2000.0, requests, failures: Vec::new() };
        assert_eq!(level.tokens_per_second(), 50.0);
        let names: Vec<String> = of_level(&level).into_iter().map(|figure| figure.name).collect();
        assert_eq!(names[0], "c2 tokens/s a request");
        assert_eq!(names.len(), 5);
    }
}
