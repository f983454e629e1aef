//! The shape of a model: what of it takes memory. From a file's header, or from numbers of a catalogue.

use crate::bench::gguf::{Header, Tensor, Value};

/// No model has more, and each costs memory here.
const LAYERS_MOST: u64 = 4096;

/// What of a model takes memory. Weights are in bytes, extents in elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The repeating layers.
    pub layers: Vec<Layer>,
    /// The width of what flows between layers.
    pub embedding: u64,
    /// The widest point inside a layer.
    pub feed_forward: u64,
    /// How many tokens there are.
    pub vocabulary: u64,
    /// The longest context it was trained for.
    pub context: Option<u64>,
    /// The table from tokens to vectors, which stays in RAM.
    pub input: u64,
    /// Everything behind the last layer. Where the file has no table of its own for it, the input's
    /// table is used a second time.
    pub output: u64,
    /// Whether that is so.
    pub tied: bool,
}

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its weights.
    pub weights: u64,
    /// Elements of a token's keys.
    pub keys: u64,
    /// Elements of a token's values.
    pub values: u64,
    /// How many tokens back it looks, if not all the way.
    pub window: Option<u64>,
}

/// Why the memory of a model cannot be told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// The header does not say what it must.
    #[error("the header has no usable `{0}`")]
    Missing(String),
    /// A kind of model whose memory follows other rules.
    #[error("how much memory {0} needs is not known here")]
    Otherwise(&'static str),
}

impl Shape {
    /// The shape of the model in a file.
    pub fn of(header: &Header) -> Result<Self, ShapeError> {
        let read = Reader { header };
        read.supported()?;
        let count = read.required("block_count")?;
        if !(1..=LAYERS_MOST).contains(&count) {
            return Err(read.missing("block_count"));
        }
        let mut layers = (0..count).map(|at| read.layer(at)).collect::<Result<Vec<_>, _>>()?;
        let (mut input, mut output, mut tied) = (0, 0_u64, true);
        for tensor in &header.tensors {
            tied &= tensor.name != "output.weight";
            match layer_of(tensor) {
                Some(at) => {
                    let last = layers.len() - 1;
                    let layer = &mut layers[usize::try_from(at).unwrap_or(last).min(last)];
                    layer.weights = layer.weights.saturating_add(tensor.size);
                }
                None if tensor.name == "token_embd.weight" => input = tensor.size,
                None => output = output.saturating_add(tensor.size),
            }
        }
        Ok(Self {
            embedding: read.required("embedding_length")?,
            feed_forward: read.widest("feed_forward_length").unwrap_or(0),
            vocabulary: read.vocabulary().ok_or_else(|| read.missing("vocab_size"))?,
            context: read.number("context_length"),
            output: if tied { output.saturating_add(input) } else { output },
            layers,
            input,
            tied,
        })
    }

    /// The bytes of all layers' weights. A header that lies may name any sizes, so nothing here may overflow.
    pub(super) fn layered(&self) -> u64 {
        self.layers.iter().map(|layer| layer.weights).fold(0, u64::saturating_add)
    }

    /// The bytes of all weights, each counted once.
    pub fn weights(&self) -> u64 {
        let twice = if self.tied { self.input } else { 0 };
        self.layered().saturating_add(self.input).saturating_add(self.output - twice)
    }
}

/// The number of the layer that a tensor `blk.N.…` belongs to.
fn layer_of(tensor: &Tensor) -> Option<u64> {
    tensor.name.strip_prefix("blk.")?.split('.').next()?.parse().ok()
}

struct Reader<'h> {
    header: &'h Header,
}

impl Reader<'_> {
    fn supported(&self) -> Result<(), ShapeError> {
        let has = |name: &str| self.header.own(name).is_some();
        if has("ssm.state_size") || has("wkv.head_size") {
            return Err(ShapeError::Otherwise("a recurrent model"));
        }
        if has("attention.kv_lora_rank") {
            return Err(ShapeError::Otherwise("a model with latent attention"));
        }
        Ok(())
    }

    fn missing(&self, name: &str) -> ShapeError {
        let architecture = self.header.architecture().unwrap_or("general.architecture");
        ShapeError::Missing(format!("{architecture}.{name}"))
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.header.own(name)?.whole()
    }

    fn required(&self, name: &str) -> Result<u64, ShapeError> {
        self.number(name).filter(|&n| n > 0 && n < 1 << 32).ok_or_else(|| self.missing(name))
    }

    /// A number that may be given for each layer.
    fn of_layer(&self, name: &str, at: u64) -> Option<u64> {
        match self.header.own(name)? {
            Value::List { numbers, .. } => {
                let number = numbers.get(usize::try_from(at).ok()?)?;
                u64::try_from(*number).ok()
            }
            value => value.whole(),
        }
        .filter(|&n| n < 1 << 32)
    }

    fn widest(&self, name: &str) -> Option<u64> {
        let widest = match self.header.own(name)? {
            Value::List { numbers, .. } => u64::try_from(*numbers.iter().max()?).ok(),
            value => value.whole(),
        };
        widest.filter(|&n| n < 1 << 32)
    }

    fn vocabulary(&self) -> Option<u64> {
        let tokens = match self.header.values.get("tokenizer.ggml.tokens") {
            Some(Value::List { len, .. }) => Some(*len),
            _ => None,
        };
        let table = || {
            let table = self.header.tensors.iter().find(|t| t.name == "token_embd.weight")?;
            table.dimensions.get(1).copied()
        };
        tokens.or_else(|| self.number("vocab_size")).or_else(table).filter(|&n| n < 1 << 32)
    }

    fn layer(&self, at: u64) -> Result<Layer, ShapeError> {
        let heads = self.of_layer("attention.head_count", at);
        let heads = heads.ok_or_else(|| self.missing("attention.head_count"))?;
        let kv_heads = self.of_layer("attention.head_count_kv", at).unwrap_or(heads);
        let even = || Some(self.number("embedding_length")? / heads.max(1));
        let length = |name: &str| self.number(name).or_else(even).filter(|&n| n < 1 << 32);
        let keys =
            length("attention.key_length").ok_or_else(|| self.missing("embedding_length"))?;
        let values = length("attention.value_length").unwrap_or(keys);
        let window = self.window(at);
        Ok(Layer { weights: 0, keys: kv_heads * keys, values: kv_heads * values, window })
    }

    /// How far back the layer looks, in the architectures whose window llama.cpp heeds.
    fn window(&self, at: u64) -> Option<u64> {
        let every = match self.header.architecture()? {
            "gemma2" | "gpt-oss" => 2,
            "gemma3" => 6,
            "cohere2" => 4,
            _ => return None,
        };
        let window = self.number("attention.sliding_window").filter(|&n| n > 0 && n < 1 << 32);
        window.filter(|_| at % every < every - 1)
    }
}
