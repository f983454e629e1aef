//! The actor that puts a load on an engine and times every piece that comes back. The client is this console: what the way to
//! the host takes is in every time it tells.

mod governor;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::bench::{Level, Load, Request, prompt};
use crate::llm::{Chat, ChatRequest, Client, LlmError, Piece, Usage};

pub use governor::{Governed, Governor};

/// A load on one model of one engine.
pub struct Serving {
    /// The engine.
    pub client: Client,
    /// The model, as the engine lists it.
    pub model: String,
    /// What is asked of it.
    pub load: Load,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Beat {
    /// Requests that are not counted are under way.
    WarmingUp,
    /// A request of a level has ended.
    Ended {
        /// The level's concurrency.
        concurrency: u32,
        /// Requests that have ended, of how many.
        done: (u32, u32),
        /// Tokens a second of the level so far.
        rate: f64,
    },
}

/// What the tasks of a level share.
struct Shared {
    begun: Instant,
    next: AtomicU32,
    done: AtomicU32,
    tokens: AtomicU32,
}

impl Serving {
    /// Warms up, then goes through the levels. The first failure while warming up is told: nothing would come of the rest.
    pub async fn run(&self, beats: &mpsc::Sender<Beat>) -> Result<Vec<Level>, LlmError> {
        for number in 0..self.load.warm_up {
            // Whoever watches may have gone; the work goes on.
            let _ = beats.try_send(Beat::WarmingUp);
            self.request(u64::from(number), Instant::now()).await?;
        }
        let mut levels = Vec::new();
        let mut first = u64::from(self.load.warm_up);
        for &concurrency in &self.load.concurrencies {
            levels.push(self.level(concurrency, first, beats).await);
            first += u64::from(self.load.requests);
        }
        Ok(levels)
    }

    /// So many requests, so many of them at a time: each place takes the next one as soon as its last has ended.
    async fn level(&self, concurrency: u32, first: u64, beats: &mpsc::Sender<Beat>) -> Level {
        let (next, done, tokens) = Default::default();
        let shared = Shared { begun: Instant::now(), next, done, tokens };
        let places = (0..concurrency).map(|_| self.place(&shared, first, concurrency, beats));
        let ended = join_all(places).await;
        let wall_ms = millis(shared.begun.elapsed());
        let (mut requests, mut failures) = (Vec::new(), Vec::new());
        for outcome in ended.into_iter().flatten() {
            match outcome {
                Ok(request) => requests.push(request),
                Err(error) => failures.push(error.to_string()),
            }
        }
        Level { concurrency, wall_ms, requests, failures }
    }

    async fn place(
        &self,
        shared: &Shared,
        first: u64,
        concurrency: u32,
        beats: &mpsc::Sender<Beat>,
    ) -> Vec<Result<Request, LlmError>> {
        let mut outcomes = Vec::new();
        loop {
            let number = shared.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.load.requests {
                return outcomes;
            }
            let outcome = self.request(first + u64::from(number), shared.begun).await;
            let new =
                outcome.as_ref().map_or(0, |request| u32::try_from(request.tokens).unwrap_or(0));
            let tokens = shared.tokens.fetch_add(new, Ordering::Relaxed) + new;
            let done = shared.done.fetch_add(1, Ordering::Relaxed) + 1;
            let rate = f64::from(tokens) / shared.begun.elapsed().as_secs_f64().max(1e-9);
            let _ =
                beats.try_send(Beat::Ended { concurrency, done: (done, self.load.requests), rate });
            outcomes.push(outcome);
        }
    }

    /// One request from its sending to the engine's own word that it is done. Without the engine's count of tokens it is
    /// none: pieces are not tokens.
    async fn request(&self, number: u64, begun: Instant) -> Result<Request, LlmError> {
        let question = prompt(&self.load, number);
        let request = ChatRequest::new(&self.model, question, self.load.tokens)
            .with("ignore_eos", true)
            .with("cache_prompt", false);
        let sent = Instant::now();
        let mut chat = self.client.chat(&request).await?;
        let (pieces_ms, usage) = listen(&mut chat, sent).await?;
        let done_ms = millis(sent.elapsed());
        let Usage { prompt, cached, completion } =
            usage.ok_or_else(|| LlmError::Malformed("it does not count its tokens".to_owned()))?;
        Ok(Request {
            sent_ms: millis(sent.duration_since(begun)),
            pieces_ms,
            done_ms,
            prompt_tokens: prompt,
            cached_tokens: cached,
            tokens: completion,
        })
    }
}

async fn listen(chat: &mut Chat, sent: Instant) -> Result<(Vec<f64>, Option<Usage>), LlmError> {
    let (mut pieces_ms, mut usage) = (Vec::new(), None);
    while let Some(piece) = chat.next().await {
        match piece? {
            Piece::Text(_) => pieces_ms.push(millis(sent.elapsed())),
            Piece::Usage(counted) => usage = Some(counted),
            Piece::Finished(_) => {}
        }
    }
    Ok((pieces_ms, usage))
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}
