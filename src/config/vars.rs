//! YAML values as the values of variables.

use crate::fleet::{Value, Vars};
use crate::text::yaml::{self, Data, Node, Resolved};
use crate::text::{Report, Reports, Source};

/// The variables of a `vars:` map.
pub(super) fn vars(node: Option<&Node>, reports: &mut Reports) -> Vars {
    let Some(node) = node else { return Vars::new() };
    let Data::Map(entries) = &node.data else {
        node.refuse("variables by name", reports);
        return Vars::new();
    };
    let mut vars = Vars::new();
    for entry in entries {
        if !is_name(&entry.key) {
            let report = Report::error(format!("`{}` cannot name a variable", entry.key));
            reports.push(
                report.at(&entry.key_span).expected("letters, digits and `_`, no digit first"),
            );
        }
        vars.insert(entry.key.to_string(), value(&entry.value, reports));
    }
    vars
}

/// The value that a YAML text stands for. An empty text is an empty text, not nothing.
pub fn lone_value(source: &Source) -> Result<Value, Reports> {
    if source.text().trim().is_empty() {
        return Ok(Value::Text(String::new()));
    }
    let mut reports = Reports::new();
    let found = yaml::parse(source, &mut reports).map(|node| value(&node, &mut reports));
    reports.verdict(found).map(|(found, _)| found)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn value(node: &Node, reports: &mut Reports) -> Value {
    match &node.data {
        Data::Null | Data::Broken => Value::Null,
        Data::List(nodes) => Value::List(nodes.iter().map(|node| value(node, reports)).collect()),
        Data::Map(entries) => Value::Map(
            entries.iter().map(|e| (e.key.to_string(), value(&e.value, reports))).collect(),
        ),
        Data::Scalar(scalar) => match scalar.resolve() {
            Resolved::Null => Value::Null,
            Resolved::Bool(value) => Value::Bool(value),
            Resolved::Int(value) => Value::Int(value),
            Resolved::Float(value) => Value::Float(value),
            Resolved::Text(text) => Value::Text(text.to_owned()),
            Resolved::NoNumber => {
                let report =
                    Report::error(format!("`{}` is no number that can be held", scalar.text));
                reports.push(report.at(&node.span).help("put it in quotes if a text is meant"));
                Value::Null
            }
        },
    }
}
