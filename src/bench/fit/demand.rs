//! What a model takes in memory at a given context: weights, cache of keys and values, room to compute.

use super::{Layer, Shape};
use crate::fleet::Bytes;

/// The engine allots contexts and windows in steps of this many tokens.
const STEP: u64 = 256;
/// Bytes of a number that is being computed with.
const F32: u64 = 4;
const F16: u64 = 2;

/// How the model is to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Tokens of context, all sequences together.
    pub context: u64,
    /// Tokens computed at a time (`--ubatch-size`).
    pub batch: u64,
    /// Sequences that share the context (`--parallel`).
    pub sequences: u64,
    /// How keys and values are kept.
    pub cache: CacheType,
    /// What is left free on every device (`--fit-target`).
    pub margin: Bytes,
}

/// How keys and values are kept (`--cache-type-k` and `-v`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CacheType {
    /// Two bytes an element.
    #[default]
    F16,
    /// 34 bytes for 32 elements.
    Q8_0,
    /// 18 bytes for 32 elements.
    Q4_0,
}

/// What a model takes, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Demand {
    /// Weights.
    pub weights: u64,
    /// Keys and values.
    pub cache: u64,
    /// Room to compute in.
    pub compute: u64,
}

impl Setting {
    /// That context, and all else as llama.cpp has it.
    pub fn of(context: u64) -> Self {
        let (batch, sequences) = (512, 1);
        Self { context, batch, sequences, cache: CacheType::F16, margin: Bytes(1 << 30) }
    }

    /// Tokens the engine makes room for.
    pub(super) fn cells(&self) -> u64 {
        self.context.max(1).next_multiple_of(STEP)
    }

    fn computed(&self) -> u64 {
        self.batch.min(self.cells())
    }
}

impl CacheType {
    fn bytes(self, elements: u64) -> u64 {
        let (per_block, block) = match self {
            Self::F16 => (2, 1),
            Self::Q8_0 => (34, 32),
            Self::Q4_0 => (18, 32),
        };
        elements.div_ceil(block).saturating_mul(per_block)
    }
}

impl Demand {
    /// What the whole model takes on a graphics card. The table of the input stays in RAM.
    pub fn on_card(shape: &Shape, setting: &Setting) -> Self {
        let weights = shape.layered().saturating_add(shape.output);
        Self { weights, cache: cache(shape, setting), compute: compute(shape, setting) }
    }

    /// What it takes where the card's memory is the machine's: the table of the input is in it as well.
    pub fn in_shared(shape: &Shape, setting: &Setting) -> Self {
        let on_card = Self::on_card(shape, setting);
        Self { weights: on_card.weights.saturating_add(shape.input), ..on_card }
    }

    /// What the whole model takes in RAM.
    pub fn in_memory(shape: &Shape, setting: &Setting) -> Self {
        let (cache, compute) = (cache(shape, setting), compute(shape, setting));
        Self { weights: shape.weights(), cache, compute }
    }

    /// All of it.
    pub fn total(&self) -> u64 {
        self.weights.saturating_add(self.cache).saturating_add(self.compute)
    }
}

/// Keys and values of all layers.
fn cache(shape: &Shape, setting: &Setting) -> u64 {
    shape.layers.iter().map(|layer| layer_cache(layer, setting)).fold(0, u64::saturating_add)
}

/// Keys and values of one layer. A window needs room for itself once a sequence, and for what is being computed.
pub(super) fn layer_cache(layer: &Layer, setting: &Setting) -> u64 {
    let all = setting.cells();
    let cells = layer.window.map_or(all, |window| {
        let reach = window.saturating_mul(setting.sequences).saturating_add(setting.batch);
        reach.min(all).next_multiple_of(STEP)
    });
    let [keys, values] = [layer.keys, layer.values].map(|width| setting.cache.bytes(width));
    cells.saturating_mul(keys.saturating_add(values))
}

/// Room to compute in: the widest of two moments, the inside of a layer beside the mask of who sees
/// whom, and the answer, which takes a number for every token and every word.
pub(super) fn compute(shape: &Shape, setting: &Setting) -> u64 {
    let tokens = setting.computed();
    let numbers = |count: u64| tokens.saturating_mul(count).saturating_mul(F32);
    let mask = setting.cells().saturating_mul(tokens).saturating_mul(F16);
    let inside = numbers(3 * shape.feed_forward + 4 * shape.embedding).saturating_add(mask);
    inside.max(numbers(shape.vocabulary + 2 * shape.embedding))
}
