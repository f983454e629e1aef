//! A node of a YAML document and its place. Decodes nothing.

use super::Resolved;
use crate::text::{Report, Reports, Span};
use std::sync::Arc;

/// A value in a YAML document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands; for an alias, where the alias stands.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing was written, or `null`, or `~`.
    Null,
    /// A single value.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// Values by name, in the order written, names unique.
    Map(Vec<Entry>),
    /// Something already reported: whoever decodes it takes it for absent and says nothing more.
    Broken,
}

/// A single value as it was written, escapes and folding done.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Its text.
    pub text: Arc<str>,
    /// Whether it stood in quotes or in a block, and so is a text whatever it looks like.
    pub quoted: bool,
}

/// A name and its value in a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name.
    pub key: Arc<str>,
    /// Where the name stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// What it is, as said in "expected …, found …".
    pub fn kind(&self) -> &'static str {
        match &self.data {
            Data::Null => "nothing",
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
            Data::Broken => "something malformed",
            Data::Scalar(scalar) => match scalar.resolve() {
                Resolved::Bool(_) => "true or false",
                Resolved::Int(_) | Resolved::Float(_) | Resolved::NoNumber => "a number",
                Resolved::Null | Resolved::Text(_) => "a text",
            },
        }
    }

    /// Reports that it is not what was wanted, unless it was already reported.
    pub fn refuse(&self, wanted: &str, reports: &mut Reports) {
        if !self.is_broken() {
            let report = Report::error(format!("expected {wanted}, found {}", self.kind()));
            reports.push(report.at(&self.span));
        }
    }

    /// The single value, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.data {
            Data::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The value of that name, if it is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of that name, if it is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.data {
            Data::Map(entries) => entries.iter().find(|entry| &*entry.key == key),
            _ => None,
        }
    }

    /// Whether nothing was written.
    pub fn is_null(&self) -> bool {
        self.data == Data::Null
    }

    /// Whether it was already reported.
    pub fn is_broken(&self) -> bool {
        self.data == Data::Broken
    }
}
