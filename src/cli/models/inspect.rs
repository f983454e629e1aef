//! `shelter models inspect`: what a model file says of itself. Reads its header only.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;

use crate::bench::gguf::{GgufError, Header};
use crate::bench::{Demand, Shape};
use crate::cli::args::Inspect;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::files::unreadable;
use crate::cli::paint::{Paint, Tone};
use crate::fleet::Bytes;
use crate::llm::parameters;
use crate::text::{Report, inert_line};

use super::setting;

/// Says what is in the file.
pub fn run(inspect: &Inspect) -> Result<Exit, Trouble> {
    let refused = |error: GgufError| {
        let report = Report::error(format!("`{}` is no usable model", inspect.file.display()));
        Trouble::from(report.caused_by(&error))
    };
    let unread = |error: std::io::Error| Trouble::from(unreadable(&inspect.file, &error));
    let file = File::open(&inspect.file).map_err(unread)?;
    let about = file.metadata().map_err(unread)?;
    if !about.is_file() {
        return Err(unread(std::io::Error::other("it is not a file")));
    }
    let header = Header::read(&file).map_err(refused)?;
    header.check_length(about.len()).map_err(refused)?;
    let card = Inspected { size: about.len(), shape: Shape::of(&header), header, inspect };
    let mut out = std::io::stdout().lock();
    out.write_all(if inspect.json { card.json() } else { card.text() }.as_bytes())?;
    Ok(Exit::Well)
}

struct Inspected<'a> {
    size: u64,
    header: Header,
    shape: Result<Shape, crate::bench::ShapeError>,
    inspect: &'a Inspect,
}

impl Inspected<'_> {
    fn said(&self, key: &str) -> Option<String> {
        self.header.values.get(key)?.text().map(inert_line)
    }

    fn parameters(&self) -> u64 {
        let count = |dimensions: &[u64]| dimensions.iter().product::<u64>();
        self.header.tensors.iter().map(|t| count(&t.dimensions)).fold(0, u64::saturating_add)
    }

    /// The bytes of each type of elements, the largest share first.
    fn elements(&self) -> Vec<(&'static str, u64)> {
        let mut shares = BTreeMap::new();
        for tensor in &self.header.tensors {
            let share: &mut u64 = shares.entry(tensor.element.name()).or_default();
            *share = share.saturating_add(tensor.size);
        }
        let mut shares: Vec<_> = shares.into_iter().collect();
        shares.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        shares
    }

    fn json(&self) -> String {
        let setting = setting(self.inspect.running);
        let shape = self.shape.as_ref().ok();
        let value = serde_json::json!({
            "file": self.inspect.file,
            "size": self.size,
            "version": self.header.version,
            "architecture": self.said("general.architecture"),
            "name": self.said("general.name"),
            "parameters": self.parameters(),
            "tensors": self.header.tensors.len(),
            "weights": self.header.weights(),
            "elements": self.elements().into_iter().collect::<BTreeMap<_, _>>(),
            "layers": shape.map(|s| s.layers.len()),
            "trained_context": shape.and_then(|s| s.context),
            "vocabulary": shape.map(|s| s.vocabulary),
            "context": setting.context,
            "cache_type": setting.cache,
            "on_card": shape.map(|s| Demand::on_card(s, &setting)),
            "in_memory": shape.map(|s| Demand::in_memory(s, &setting)),
            "unknown": self.shape.as_ref().err().map(ToString::to_string),
        });
        format!("{value}\n")
    }

    fn text(&self) -> String {
        let paint = Paint::of_stdout();
        let rows = self.rows();
        let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
        let line = |(label, value): (&str, String)| {
            format!("{}  {value}\n", paint.tone(Tone::Muted, &format!("{label:width$}")))
        };
        rows.into_iter().map(line).collect()
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let said = |key| self.said(key).unwrap_or_else(|| "n/a".to_owned());
        let share = |(name, bytes): &(&str, u64)| format!("{name} {}", Bytes(*bytes));
        let elements: Vec<String> = self.elements().iter().map(share).collect();
        let mut rows = vec![
            ("name", said("general.name")),
            ("architecture", said("general.architecture")),
            ("file", format!("{}, GGUF version {}", Bytes(self.size), self.header.version)),
            ("parameters", parameters(self.parameters())),
            ("weights", elements.join(", ")),
        ];
        match &self.shape {
            Ok(shape) => rows.extend(self.memory(shape)),
            Err(error) => rows.push(("memory", format!("n/a: {error}"))),
        }
        rows
    }

    fn memory(&self, shape: &Shape) -> Vec<(&'static str, String)> {
        let setting = setting(self.inspect.running);
        let context = shape.context.map_or_else(|| "n/a".to_owned(), |n| n.to_string());
        let parts = |demand: Demand| {
            let [weights, cache, compute] =
                [demand.weights, demand.cache, demand.compute].map(Bytes);
            let total = Bytes(demand.total());
            format!("{total}: weights {weights}, keys and values {cache}, computing {compute}")
        };
        vec![
            ("layers", shape.layers.len().to_string()),
            ("vocabulary", shape.vocabulary.to_string()),
            ("trained for", format!("{context} tokens of context")),
            ("asked for", format!("{} tokens of context", setting.context)),
            ("on a card", parts(Demand::on_card(shape, &setting))),
            ("in RAM", parts(Demand::in_memory(shape, &setting))),
        ]
    }
}
