//! A `models.yaml` field by field, with everything wrong in it said at once.

use super::Model;
use super::grammar::{address, digest, last_segment, plain};
use super::numbers::{Numbers, extent};
use crate::bench::Shape;
use crate::fleet::Bytes;
use crate::text::yaml::{Data, Entry, Node};
use crate::text::{Fields, Report, Reports};

/// The fields that a model may say are unconfirmed.
const FIELDS: [&str; 7] = ["url", "sha256", "size", "quantisation", "licence", "context", "shape"];
/// More than anybody would list.
const MODELS_MOST: usize = 1000;

/// The models of a whole file.
pub(super) fn models(node: &Node, reports: &mut Reports) -> Vec<Model> {
    let Some(mut fields) = Fields::of(node, "a catalogue", reports) else { return Vec::new() };
    fields.require("models");
    let entries = match fields.node("models") {
        Some(Node { data: Data::Map(entries), .. }) => entries.as_slice(),
        Some(node) => {
            node.refuse("models by name", fields.reports());
            &[]
        }
        None => &[],
    };
    if let Some(first) = entries.get(MODELS_MOST) {
        let report = Report::error(format!("more than {MODELS_MOST} models"));
        fields.reports().push(report.at(&first.key_span));
    }
    let entries = entries.iter().take(MODELS_MOST);
    let models = entries.filter_map(|entry| model(entry, fields.reports())).collect();
    fields.finish();
    models
}

fn model(entry: &Entry, reports: &mut Reports) -> Option<Model> {
    let name = plain(&entry.key).map_err(|expected| {
        let report = Report::error(format!("`{}` cannot name a model", entry.key));
        reports.push(report.at(&entry.key_span).expected(expected));
    });
    let mut fields = Fields::of(&entry.value, "a model", reports)?;
    for needed in ["url", "size", "quantisation", "shape", "sha256"] {
        fields.require(needed);
    }
    let title = fields.text("title").map(|title| title.value.to_owned());
    let url = fields.parsed("url", address);
    let file = fields.parsed("file", plain).map(|file| file.value);
    let sha256 = fields.parsed("sha256", digest);
    let size = fields.int("size", 1..=1 << 50);
    let quantisation = fields.parsed("quantisation", plain);
    let licence = fields.text("licence").map(|licence| licence.value.to_owned());
    let context = extent(&mut fields, "context");
    let raw = fields.node("shape").and_then(|node| Numbers::of(node, fields.reports()));
    let unverified = unverified(&mut fields);
    fields.finish();
    let (size, quantisation) = (size?.map(|size| size.unsigned_abs()), quantisation?.value);
    let shape = raw?.spread(&size, &quantisation, reports)?;
    let shape = Shape { context, ..shape };
    let (name, url) = (name.ok()?, url?.value);
    Some(Model {
        title: title.unwrap_or_else(|| name.clone()),
        file: file.unwrap_or_else(|| last_segment(&url).to_owned()),
        sha256: sha256?.value,
        size: Bytes(shape.weights()),
        quantisation,
        licence: licence.unwrap_or_else(|| "unknown".to_owned()),
        shape,
        unverified,
        name,
        url,
    })
}

fn unverified(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let mut names = Vec::new();
    for text in fields.texts("unverified") {
        if FIELDS.contains(&text.value) {
            names.push(text.value.to_owned());
        } else {
            let report = Report::error(format!("there is no field `{}`", text.value));
            fields.reports().push(report.at(&text.span).nearest(text.value, FIELDS));
        }
    }
    names
}
