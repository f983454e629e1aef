//! YAML values as the values of variables.

use crate::fleet::{Value, Vars};
use crate::text::yaml::{self, Data, Entry, Node, Resolved};
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
        let value = value(&entry.value, reports);
        match &*entry.key {
            "engine_ports" | "engines" => ports(entry, &value, reports),
            "services" => services(entry, &value, reports),
            _ => {}
        }
        vars.insert(entry.key.to_string(), value);
    }
    vars
}

/// What the program itself reads of a host must be as it reads it: else it would be passed over.
fn ports(entry: &Entry, value: &Value, reports: &mut Reports) {
    let is_port = |value: &Value| matches!(value, Value::Int(1..=65_535));
    if all(value, is_port) || *value == Value::Null {
        return;
    }
    let report = Report::error(format!("`{}` cannot be that", entry.key)).at(&entry.value.span);
    let report = report.expected("a port or a list of ports, such as `[11434, 8080]`");
    let quoted = |value: &Value| matches!(value, Value::Text(text) if text.parse::<u16>().is_ok());
    reports.push(if all(value, |one| is_port(one) || quoted(one)) {
        report.help("in quotes it is a text: leave them out")
    } else {
        report
    });
}

/// A playbook may use a variable of so common a name for something else.
fn services(entry: &Entry, value: &Value, reports: &mut Reports) {
    let is_name = |value: &Value| matches!(value, Value::Text(text) if !text.is_empty());
    if !all(value, is_name) && *value != Value::Null {
        let report = Report::warning("the watchdog cannot read `services`, and asks for none");
        let report = report.at(&entry.value.span);
        reports.push(report.expected("a service or a list of services, such as `[llama-server]`"));
    }
}

/// Whether it, or each of a list, is so.
fn all(value: &Value, is_so: impl Fn(&Value) -> bool) -> bool {
    match value {
        Value::List(list) => list.iter().all(is_so),
        one => is_so(one),
    }
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
