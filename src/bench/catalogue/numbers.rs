//! The shape of a model from the numbers of a catalogue, where there is no file to read it from.

use crate::bench::gguf::Element;
use crate::bench::{Layer, Shape};
use crate::text::yaml::Node;
use crate::text::{Fields, Report, Reports, Spanned};

/// The largest number that any extent of a model has.
const EXTENT_MOST: i64 = 1 << 24;

/// The numbers a shape is made from, where there is no file to read it from.
pub(super) struct Numbers {
    layers: u64,
    embedding: u64,
    kv_heads: u64,
    head_size: u64,
    feed_forward: u64,
    vocabulary: u64,
    input: Element,
    output: Option<Element>,
    window: Option<(u64, u64)>,
}

impl Numbers {
    pub fn of(node: &Node, reports: &mut Reports) -> Option<Self> {
        let mut fields = Fields::of(node, "a shape", reports)?;
        let layers = fields.require("layers").int("layers", 1..=4096);
        let [embedding, kv_heads, head_size, feed_forward, vocabulary] =
            ["embedding", "kv_heads", "head_size", "feed_forward", "vocabulary"].map(|name| {
                fields.require(name);
                extent(&mut fields, name)
            });
        let input = fields.require("input").parsed("input", element);
        let output = fields.require("output").parsed("output", element_or_tied);
        let window = extent(&mut fields, "window");
        let every = extent(&mut fields, "window_every").unwrap_or(1);
        fields.finish();
        Some(Self {
            layers: layers?.value.unsigned_abs(),
            embedding: embedding?,
            kv_heads: kv_heads?,
            head_size: head_size?,
            feed_forward: feed_forward?,
            vocabulary: vocabulary?,
            input: input?.value,
            output: output?.value,
            window: window.map(|window| (window, every)),
        })
    }

    /// The file's bytes, less those of the tables of tokens, spread over the layers.
    pub fn spread(
        &self,
        size: &Spanned<u64>,
        quantisation: &str,
        reports: &mut Reports,
    ) -> Option<Shape> {
        let table = self.vocabulary * self.embedding;
        let input = self.input.size_of(table);
        let output = self.output.map_or(Some(0), |element| element.size_of(table));
        let inside = input.zip(output).and_then(|(i, o)| size.value.checked_sub(i + o));
        let Some((input, own, inside)) = input.zip(output).zip(inside).map(|((i, o), s)| (i, o, s))
        else {
            let report = Report::error("`size` and `shape` contradict each other");
            reports.push(report.at(&size.span).cause("the tables of tokens alone are larger"));
            return None;
        };
        let tied = self.output.is_none();
        let weights = self.weights(inside, quantisation);
        let layers = (0..).zip(weights).map(|(at, weights)| self.layer(at, weights)).collect();
        Some(Shape {
            layers,
            embedding: self.embedding,
            feed_forward: self.feed_forward,
            vocabulary: self.vocabulary,
            context: None,
            input,
            output: if tied { input } else { own },
            tied,
        })
    }

    /// What each layer weighs: as much as any other, but for the tensors that a mixture keeps finer in some.
    fn weights(&self, inside: u64, quantisation: &str) -> Vec<u64> {
        let fine = |at: &u64| quantisation == "Q4_K_M" && self.fine(*at);
        let count = (0..self.layers).filter(fine).count() as u64;
        let more = self.finer().filter(|more| count * more < inside).unwrap_or(0);
        let even = inside - count * more;
        let weight = |at: u64| {
            let share = even / self.layers + u64::from(at < even % self.layers);
            share + if fine(&at) { more } else { 0 }
        };
        (0..self.layers).map(weight).collect()
    }

    /// Whether `Q4_K_M` keeps the layer's way down in six bits: the first and last eighth, and every third between.
    fn fine(&self, at: u64) -> bool {
        let eighth = self.layers / 8;
        at < eighth || at >= 7 * self.layers / 8 || (at - eighth) % 3 == 2
    }

    /// What that costs a layer.
    fn finer(&self) -> Option<u64> {
        let down = self.feed_forward * self.embedding;
        let size = |name| Element::named(name)?.size_of(down);
        size("Q6_K")?.checked_sub(size("Q4_K")?)
    }

    fn layer(&self, at: u64, weights: u64) -> Layer {
        let width = self.kv_heads * self.head_size;
        // As llama.cpp has it, the last layer of every so many looks all the way back.
        let narrow =
            |(window, every): (u64, u64)| (every <= 1 || at % every < every - 1).then_some(window);
        let window = self.window.and_then(narrow);
        Layer { weights, keys: width, values: width, window }
    }
}

/// A number that is at least one.
pub(super) fn extent(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<u64> {
    fields.int(name, 1..=EXTENT_MOST).map(|number| number.value.unsigned_abs())
}

fn element(text: &str) -> Result<Element, String> {
    Element::named(text).ok_or_else(|| "a type of elements such as `q4_k`".to_owned())
}

fn element_or_tied(text: &str) -> Result<Option<Element>, String> {
    match text {
        "tied" => Ok(None),
        text => element(text).map(Some).map_err(|expected| format!("`tied`, or {expected}")),
    }
}
