//! Maps decoded field by field: what is wrong is collected, unknown fields find their nearest name.

use super::yaml::{Data, Node, Resolved};
use super::{Report, Reports, Span};
use std::fmt::Display;
use std::ops::RangeInclusive;

/// A value and the place it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Another value from the same place.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: to(self.value), span: self.span }
    }
}

/// The fields of one map. Each is taken by name; `finish` then complains of those nobody took.
///
/// A field that is absent or empty is `None`, and so is one that is wrong, which is then reported.
///
/// ```
/// use shelter::text::{Fields, Reports, Source, yaml};
/// let mut reports = Reports::new();
/// let node = yaml::parse(&Source::new("x", "adress: a\nport: 22"), &mut reports).unwrap();
/// let mut fields = Fields::of(&node, "a host", &mut reports).unwrap();
/// assert_eq!(fields.text("address"), None);
/// assert_eq!(fields.int("port", 1..=65535).unwrap().value, 22);
/// fields.finish();
/// assert!(reports.to_string().contains("did you mean `address`?"));
/// ```
pub struct Fields<'n, 'r> {
    node: &'n Node,
    what: &'static str,
    reports: &'r mut Reports,
    known: Vec<&'static str>,
}

impl<'n, 'r> Fields<'n, 'r> {
    /// The fields of `node`, which is called `what` in reports, such as "a host".
    pub fn of(node: &'n Node, what: &'static str, reports: &'r mut Reports) -> Option<Self> {
        if !matches!(node.data, Data::Map(_)) {
            node.refuse(&format!("the fields of {what}"), reports);
            return None;
        }
        Some(Self { node, what, reports, known: Vec::new() })
    }

    /// Where what is found goes.
    pub fn reports(&mut self) -> &mut Reports {
        self.reports
    }

    /// The place of the whole map.
    pub fn span(&self) -> &'n Span {
        &self.node.span
    }

    /// Any value.
    pub fn node(&mut self, name: &'static str) -> Option<&'n Node> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        let node = self.node.get(name)?;
        (!node.is_null() && !node.is_broken()).then_some(node)
    }

    /// Whether the field is written, be it empty.
    pub fn has(&self, name: &str) -> bool {
        self.node.get(name).is_some()
    }

    /// Complains if the field is absent or empty.
    pub fn require(&mut self, name: &'static str) -> &mut Self {
        let entry = self.node.entry(name);
        if entry.is_none_or(|entry| entry.value.is_null()) {
            let report = Report::error(format!("{} has no `{name}`", self.what));
            self.reports.push(report.at(entry.map_or(&self.node.span, |entry| &entry.key_span)));
        }
        self
    }

    /// A text; a number or a truth value counts as the text that was written.
    pub fn text(&mut self, name: &'static str) -> Option<Spanned<&'n str>> {
        let node = self.node(name)?;
        text_of(node, self.reports)
    }

    /// A text that `parse` understands; its error says what was expected.
    pub fn parsed<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Spanned<T>> {
        let text = self.text(name)?;
        parsed(name, text, parse, self.reports)
    }

    /// A text, or a list of texts.
    pub fn texts(&mut self, name: &'static str) -> Vec<Spanned<&'n str>> {
        let Some(node) = self.node(name) else { return Vec::new() };
        let nodes = match &node.data {
            Data::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        nodes.iter().filter_map(|node| text_of(node, self.reports)).collect()
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<Spanned<bool>> {
        let node = self.node(name)?;
        if let Some(Resolved::Bool(value)) = node.scalar().map(|scalar| scalar.resolve()) {
            return Some(Spanned { value, span: node.span.clone() });
        }
        node.refuse("`true` or `false`", self.reports);
        None
    }

    /// A whole number in a range.
    pub fn int(&mut self, name: &'static str, range: RangeInclusive<i64>) -> Option<Spanned<i64>> {
        let node = self.node(name)?;
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        match node.scalar().map(|scalar| scalar.resolve()) {
            Some(Resolved::Int(value)) if range.contains(&value) => {
                return Some(Spanned { value, span: node.span.clone() });
            }
            Some(Resolved::Int(_) | Resolved::NoNumber) => {
                let report = Report::error(format!("`{name}` is out of range"));
                self.reports.push(report.at(&node.span).expected(wanted));
            }
            Some(Resolved::Text(text)) if text.parse::<i64>().is_ok() => {
                let report = Report::error(format!("expected {wanted}, found a text"));
                let help = "write it without quotes and without a leading zero";
                self.reports.push(report.at(&node.span).help(help));
            }
            _ => node.refuse(&wanted, self.reports),
        }
        None
    }

    /// One of some words.
    pub fn choice<T: Clone>(
        &mut self,
        name: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<Spanned<T>> {
        let text = self.text(name)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(text.map(|_| value.clone()));
        }
        let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let report = Report::error(format!("unknown `{name}`: `{}`", text.value))
            .at(&text.span)
            .expected(one_of(&all))
            .nearest(text.value, words.iter().map(|(word, _)| *word));
        self.reports.push(report);
        None
    }

    /// A list of anything.
    pub fn list(&mut self, name: &'static str) -> &'n [Node] {
        match self.node(name) {
            Some(Node { data: Data::List(nodes), .. }) => nodes,
            Some(node) => {
                node.refuse("a list", self.reports);
                &[]
            }
            None => &[],
        }
    }

    /// Ends the decoding: every field that nobody asked for is an error.
    pub fn finish(self) {
        let Data::Map(entries) = &self.node.data else { return };
        let names: Vec<String> = self.known.iter().map(|name| format!("`{name}`")).collect();
        for entry in entries.iter().filter(|entry| !self.known.contains(&&*entry.key)) {
            let report = Report::error(format!("unknown field `{}`", entry.key))
                .at(&entry.key_span)
                .nearest(&entry.key, self.known.iter().copied());
            let near = report.help.is_some();
            self.reports.push(if near { report } else { report.expected(one_of(&names)) });
        }
    }
}

fn text_of<'n>(node: &'n Node, reports: &mut Reports) -> Option<Spanned<&'n str>> {
    if let Some(scalar) = node.scalar() {
        return Some(Spanned { value: &*scalar.text, span: node.span.clone() });
    }
    node.refuse("a text", reports);
    None
}

fn parsed<T, E: Display>(
    name: &str,
    text: Spanned<&str>,
    parse: impl FnOnce(&str) -> Result<T, E>,
    reports: &mut Reports,
) -> Option<Spanned<T>> {
    match parse(text.value) {
        Ok(value) => Some(Spanned { value, span: text.span }),
        Err(error) => {
            let report = Report::error(format!("`{name}` cannot be `{}`", text.value));
            reports.push(report.at(&text.span).expected(error.to_string()));
            None
        }
    }
}

fn one_of(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
