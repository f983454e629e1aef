//! The shape of a load, and prompts that no engine has seen before. Sends nothing.

use crate::bench::noise::Noise;

/// What is asked of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// How many requests are under way at a time, level by level.
    pub concurrencies: Vec<u32>,
    /// Requests of each level.
    pub requests: u32,
    /// Words of each prompt.
    pub words: u32,
    /// The most tokens of each answer.
    pub tokens: u32,
    /// Requests before the first level, which are not counted: the model is loaded by them.
    pub warm_up: u32,
    /// What the prompts are drawn from; another one each run.
    pub seed: u64,
}

const WORDS: [&str; 32] = [
    "river", "stone", "lantern", "winter", "engine", "harbour", "letter", "shadow", "mountain",
    "window", "copper", "garden", "signal", "bridge", "candle", "forest", "mirror", "ladder",
    "pocket", "thunder", "velvet", "island", "pepper", "saddle", "turnip", "violin", "wallet",
    "anchor", "basket", "cradle", "dragon", "feather",
];

/// The prompt of a request: words in an order of its own from the first word on, for an engine that has seen a beginning
/// before does not compute it again.
pub fn prompt(load: &Load, request: u64) -> String {
    let mut noise = Noise(load.seed ^ request.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut text = format!("{:016x}", noise.next());
    for _ in 0..load.words {
        let at = usize::try_from(noise.next() % WORDS.len() as u64).unwrap_or(0);
        text.push(' ');
        text.push_str(WORDS[at]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_prompts_begin_alike_and_the_same_seed_gives_the_same_prompts() {
        let load = |seed| {
            let concurrencies = vec![1];
            Load { concurrencies, requests: 1, words: 20, tokens: 1, warm_up: 0, seed }
        };
        let mut beginnings: Vec<String> = (0..1000)
            .flat_map(|request| [prompt(&load(1), request), prompt(&load(2), request)])
            .map(|text| text[..8].to_owned())
            .collect();
        beginnings.sort();
        beginnings.dedup();
        assert_eq!(beginnings.len(), 2000);
        assert_eq!(prompt(&load(7), 3), prompt(&load(7), 3));
        assert_eq!(prompt(&load(7), 3).split(' ').count(), 21);
    }
}
