//! Model files that are a header and a hole: real shapes, no weights, a few hundred KiB on disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use shelter::bench::gguf::{Draft, DraftTensor, Element};

/// The numbers of an architecture.
#[derive(Clone, Copy, Debug)]
pub struct Hollow {
    pub name: &'static str,
    pub architecture: &'static str,
    pub layers: u32,
    pub embedding: u32,
    pub heads: u32,
    pub kv_heads: u32,
    pub head_size: u32,
    pub feed_forward: u32,
    pub vocabulary: u32,
    pub context: u32,
    pub tied: bool,
    pub window: Option<u32>,
}

const LLAMA: Hollow = Hollow {
    name: "",
    architecture: "llama",
    layers: 32,
    embedding: 4096,
    heads: 32,
    kv_heads: 8,
    head_size: 128,
    feed_forward: 14336,
    vocabulary: 32768,
    context: 32768,
    tied: false,
    window: None,
};

/// The shapes of the built-in catalogue, by its names.
pub const SHAPES: [Hollow; 9] = [
    Hollow { name: "mistral-7b-instruct", ..LLAMA },
    Hollow {
        name: "phi-3-mini",
        architecture: "phi3",
        embedding: 3072,
        kv_heads: 32,
        head_size: 96,
        feed_forward: 8192,
        vocabulary: 32064,
        context: 4096,
        ..LLAMA
    },
    Hollow {
        name: "llama-3.2-3b-instruct",
        layers: 28,
        embedding: 3072,
        heads: 24,
        feed_forward: 8192,
        vocabulary: 128_256,
        context: 131_072,
        tied: true,
        ..LLAMA
    },
    Hollow {
        name: "qwen2.5-3b-instruct",
        architecture: "qwen2",
        layers: 36,
        embedding: 2048,
        heads: 16,
        kv_heads: 2,
        feed_forward: 11008,
        vocabulary: 151_936,
        ..LLAMA
    },
    Hollow {
        name: "gemma-2-2b-it",
        architecture: "gemma2",
        layers: 26,
        embedding: 2304,
        heads: 8,
        kv_heads: 4,
        head_size: 256,
        feed_forward: 9216,
        vocabulary: 256_000,
        context: 8192,
        tied: true,
        window: Some(4096),
    },
    Hollow {
        name: "qwen2.5-1.5b-instruct",
        architecture: "qwen2",
        layers: 28,
        embedding: 1536,
        heads: 12,
        kv_heads: 2,
        feed_forward: 8960,
        vocabulary: 151_936,
        ..LLAMA
    },
    Hollow {
        name: "llama-3.2-1b-instruct",
        layers: 16,
        embedding: 2048,
        head_size: 64,
        feed_forward: 8192,
        vocabulary: 128_256,
        context: 131_072,
        tied: true,
        ..LLAMA
    },
    Hollow { name: "llama-3.1-8b-instruct", vocabulary: 128_256, context: 131_072, ..LLAMA },
    Hollow {
        name: "qwen2.5-32b-instruct",
        architecture: "qwen2",
        layers: 64,
        embedding: 5120,
        heads: 40,
        feed_forward: 27648,
        vocabulary: 152_064,
        ..LLAMA
    },
];

impl Hollow {
    /// Writes the header, and leaves a hole for the rest.
    pub fn write(&self, path: &Path) {
        let draft = self.draft();
        let mut file = File::create(path).unwrap();
        file.write_all(&draft.header()).unwrap();
        file.set_len(draft.length()).unwrap();
    }

    /// The header alone.
    pub fn header(&self) -> Vec<u8> {
        self.draft().header()
    }

    /// How long the file is, hole included.
    pub fn length(&self) -> u64 {
        self.draft().length()
    }

    fn draft(&self) -> Draft {
        let mut draft = Draft::default();
        self.describe(&mut draft);
        self.vocabulary(&mut draft);
        let (width, words) = (self.embedding, self.vocabulary);
        let table = if self.tied { "Q6_K" } else { "Q4_K" };
        add(&mut draft, "token_embd.weight", &[width, words], table);
        add(&mut draft, "output_norm.weight", &[width], "F32");
        if !self.tied {
            add(&mut draft, "output.weight", &[width, words], "Q6_K");
        }
        for layer in 0..self.layers {
            self.layer(&mut draft, layer);
        }
        draft
    }

    fn describe(&self, draft: &mut Draft) {
        // Not its own name: llama.cpp expects certain words of whoever is called Phi-3.
        draft.text("general.architecture", self.architecture).text("general.name", "hollow");
        let numbers = [
            ("block_count", self.layers),
            ("context_length", self.context),
            ("embedding_length", self.embedding),
            ("feed_forward_length", self.feed_forward),
            ("attention.head_count", self.heads),
            ("attention.head_count_kv", self.kv_heads),
            ("attention.key_length", self.head_size),
            ("attention.value_length", self.head_size),
            ("rope.dimension_count", self.head_size),
        ];
        for (name, number) in numbers {
            draft.number(&format!("{}.{name}", self.architecture), number);
        }
        if let Some(window) = self.window {
            draft.number(&format!("{}.attention.sliding_window", self.architecture), window);
        }
        draft.fraction(&format!("{}.attention.layer_norm_rms_epsilon", self.architecture), 1e-5);
    }

    fn vocabulary(&self, draft: &mut Draft) {
        let mut words: Vec<String> = ["<unk>", "<s>", "</s>"].map(str::to_owned).into();
        words.extend((0..256).map(|byte| format!("<0x{byte:02X}>")));
        words.extend((words.len()..self.vocabulary as usize).map(|n| format!("w{n}")));
        let kinds: Vec<i32> = (0..words.len())
            .map(|at| match at {
                0 => 2,
                1 | 2 => 3,
                3..259 => 6,
                _ => 1,
            })
            .collect();
        draft
            .text("tokenizer.ggml.model", "llama")
            .texts("tokenizer.ggml.tokens", &words)
            .fractions("tokenizer.ggml.scores", &vec![0.0; words.len()])
            .numbers("tokenizer.ggml.token_type", &kinds)
            .number("tokenizer.ggml.bos_token_id", 1)
            .number("tokenizer.ggml.eos_token_id", 2);
    }

    fn layer(&self, draft: &mut Draft, layer: u32) {
        let (width, forward) = (self.embedding, self.feed_forward);
        let (queries, keys) = (self.heads * self.head_size, self.kv_heads * self.head_size);
        let fine = if self.fine(layer) { "Q6_K" } else { "Q4_K" };
        let mut put = |part: &str, extents: &[u32], element: &str| {
            add(draft, &format!("blk.{layer}.{part}"), extents, element);
        };
        put("attn_norm.weight", &[width], "F32");
        put("ffn_norm.weight", &[width], "F32");
        if self.architecture == "phi3" {
            put("attn_qkv.weight", &[width, queries + 2 * keys], "Q5_K");
            put("ffn_up.weight", &[width, 2 * forward], "Q4_K");
        } else {
            put("attn_q.weight", &[width, queries], "Q4_K");
            put("attn_k.weight", &[width, keys], "Q4_K");
            put("attn_v.weight", &[width, keys], fine);
            put("ffn_gate.weight", &[width, forward], "Q4_K");
            put("ffn_up.weight", &[width, forward], "Q4_K");
        }
        put("attn_output.weight", &[queries, width], "Q4_K");
        put("ffn_down.weight", &[forward, width], fine);
        match self.architecture {
            "qwen2" => {
                put("attn_q.bias", &[queries], "F32");
                put("attn_k.bias", &[keys], "F32");
                put("attn_v.bias", &[keys], "F32");
            }
            "gemma2" => {
                put("post_attention_norm.weight", &[width], "F32");
                put("post_ffw_norm.weight", &[width], "F32");
            }
            _ => {}
        }
    }

    /// Whether the mixture known as `Q4_K_M` keeps the layer's more delicate tensors in six bits.
    fn fine(&self, layer: u32) -> bool {
        let eighth = self.layers / 8;
        layer < eighth || layer >= 7 * self.layers / 8 || (layer - eighth) % 3 == 2
    }
}

fn add(draft: &mut Draft, name: &str, extents: &[u32], element: &str) {
    let dimensions = extents.iter().copied().map(u64::from).collect();
    let element = Element::named(element).unwrap();
    draft.tensor(DraftTensor { name: name.to_owned(), dimensions, element, data: Vec::new() });
}
