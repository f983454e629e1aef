//! A model of about a megabyte with random weights and a vocabulary of its own: enough to see that an
//! engine loads, and generates tokens. It knows nothing and says nonsense.

use crate::bench::noise::Noise;

use super::{Draft, DraftTensor, Element};

const LAYERS: u32 = 4;
const WIDTH: u32 = 64;
const HEADS: u32 = 4;
const KV_HEADS: u32 = 2;
const FEED_FORWARD: u32 = 128;
const CONTEXT: u32 = 4096;
/// Unknown, begin and end; then the 256 bytes, which the tokeniser demands.
const SPECIAL: usize = 3 + 256;
const SYLLABLES: [&str; 10] = ["ka", "lo", "mi", "nu", "pe", "ra", "so", "ti", "vu", "wé"];

/// The tiny model as a file's bytes; the same ones every time.
pub fn tiny_model() -> Vec<u8> {
    let vocabulary = vocabulary();
    let mut draft = Draft::default();
    describe(&mut draft);
    tokeniser(&mut draft, &vocabulary);
    weights(&mut draft, vocabulary.len() as u64);
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = draft.write(&mut bytes);
    bytes
}

fn describe(draft: &mut Draft) {
    draft
        .text("general.architecture", "llama")
        .text("general.name", "mountain-shelter-tiny")
        .number("llama.block_count", LAYERS)
        .number("llama.context_length", CONTEXT)
        .number("llama.embedding_length", WIDTH)
        .number("llama.feed_forward_length", FEED_FORWARD)
        .number("llama.attention.head_count", HEADS)
        .number("llama.attention.head_count_kv", KV_HEADS)
        .number("llama.rope.dimension_count", WIDTH / HEADS)
        .fraction("llama.rope.freq_base", 10_000.0)
        .fraction("llama.attention.layer_norm_rms_epsilon", 1e-5);
}

/// Control tokens, bytes, and words of three syllables, each with the mark of a space before it.
fn vocabulary() -> Vec<String> {
    let mut words: Vec<String> = ["<unk>", "<s>", "</s>"].map(str::to_owned).into();
    words.extend((0..256).map(|byte| format!("<0x{byte:02X}>")));
    for first in SYLLABLES {
        for second in SYLLABLES {
            words.extend(
                SYLLABLES[..5].iter().map(|third| format!("\u{2581}{first}{second}{third}")),
            );
        }
    }
    words
}

fn tokeniser(draft: &mut Draft, vocabulary: &[String]) {
    let kind = |at: usize| match at {
        0 => 2,
        1 | 2 => 3,
        3..SPECIAL => 6,
        _ => 1,
    };
    let kinds: Vec<i32> = (0..vocabulary.len()).map(kind).collect();
    let score = |at: usize| if at < SPECIAL { 0.0 } else { -((at - SPECIAL) as f32) };
    let scores: Vec<f32> = (0..vocabulary.len()).map(score).collect();
    draft
        .text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", vocabulary)
        .fractions("tokenizer.ggml.scores", &scores)
        .numbers("tokenizer.ggml.token_type", &kinds)
        .number("tokenizer.ggml.unknown_token_id", 0)
        .number("tokenizer.ggml.bos_token_id", 1)
        .number("tokenizer.ggml.eos_token_id", 2)
        .truth("tokenizer.ggml.add_bos_token", true)
        .text("tokenizer.chat_template", "{% for m in messages %}{{ m.content }} {% endfor %}");
}

fn weights(draft: &mut Draft, words: u64) {
    let mut noise = Noise(7);
    let (width, forward) = (u64::from(WIDTH), u64::from(FEED_FORWARD));
    let kv = u64::from(WIDTH / HEADS * KV_HEADS);
    draft.tensor(matrix(&mut noise, "token_embd.weight", width, words));
    draft.tensor(ones("output_norm.weight", width));
    let mut output = matrix(&mut noise, "output.weight", width, words);
    // Rows of nought: control tokens and bytes never win against words, so no answer ends by itself.
    output.data[..SPECIAL * WIDTH as usize * 4].fill(0);
    draft.tensor(output);
    for layer in 0..LAYERS {
        let named = |part: &str| format!("blk.{layer}.{part}.weight");
        draft.tensor(ones(&named("attn_norm"), width));
        draft.tensor(matrix(&mut noise, &named("attn_q"), width, width));
        draft.tensor(matrix(&mut noise, &named("attn_k"), width, kv));
        draft.tensor(matrix(&mut noise, &named("attn_v"), width, kv));
        draft.tensor(matrix(&mut noise, &named("attn_output"), width, width));
        draft.tensor(ones(&named("ffn_norm"), width));
        draft.tensor(matrix(&mut noise, &named("ffn_gate"), width, forward));
        draft.tensor(matrix(&mut noise, &named("ffn_up"), width, forward));
        draft.tensor(matrix(&mut noise, &named("ffn_down"), forward, width));
    }
}

fn ones(name: &str, count: u64) -> DraftTensor {
    let data = (0..count).flat_map(|_| 1.0_f32.to_le_bytes()).collect();
    tensor(name, vec![count], data)
}

#[expect(clippy::expect_used, reason = "the table of elements has plain numbers")]
fn tensor(name: &str, dimensions: Vec<u64>, data: Vec<u8>) -> DraftTensor {
    let element = Element::named("F32").expect("a type of ours");
    DraftTensor { name: name.to_owned(), dimensions, element, data }
}

/// A matrix whose products with vectors stay in the vectors' own range.
fn matrix(noise: &mut Noise, name: &str, columns: u64, rows: u64) -> DraftTensor {
    let reach = (3.0 / columns as f32).sqrt();
    let numbers = (0..columns * rows).map(|_| noise.next_unit() * reach);
    tensor(name, vec![columns, rows], numbers.flat_map(f32::to_le_bytes).collect())
}
