//! YAML to a playbook: its shape is checked and everything wrong with it reported at once. Renders nothing.

mod action;
pub mod keys;
mod links;
mod step;

use crate::text::yaml::{self, Data, Entry, Node};
use crate::text::{Fields, Report, Reports, Source, Spanned};

use super::model::{OnFail, Playbook, Preflight, SecretUse};
use super::vars::ROOTS;
use step::{handlers, list, owned, settings, steps};

/// Reads a playbook as far as it can be read, and all that is wrong with its shape.
pub fn parse(source: &Source) -> (Option<Playbook>, Reports) {
    let mut reports = Reports::new();
    let playbook = yaml::parse(source, &mut reports).and_then(|node| {
        let fields = Fields::of(&node, "a playbook", &mut reports)?;
        playbook(source, fields)
    });
    if let Some(playbook) = &playbook {
        links::check(playbook, &mut reports);
    }
    (playbook, reports)
}

fn playbook(source: &Source, mut fields: Fields<'_, '_>) -> Option<Playbook> {
    for key in ["playbook", "name", "purpose", "steps"] {
        fields.require(key);
    }
    let id = fields.parsed("playbook", identity);
    let name = fields.text("name").map(|name| name.value.to_owned());
    let purpose = fields.text("purpose").map(|purpose| purpose.value.to_owned());
    let hosts = owned(fields.text("hosts"));
    let words = [("undo", OnFail::Undo), ("stop", OnFail::Stop), ("continue", OnFail::Continue)];
    let on_fail = fields.choice("on_fail", &words).map(|word| word.value).unwrap_or_default();
    let playbook = Playbook {
        source: source.clone(),
        number: id.as_ref().map_or(0, |id| id.value.1),
        hosts: hosts.unwrap_or_else(everywhere),
        tags: fields.texts("tags").into_iter().map(|tag| tag.value.to_owned()).collect(),
        needs: flags(&mut fields, "needs"),
        provides: flags(&mut fields, "provides"),
        vars: variables(&mut fields),
        secrets: secrets(&mut fields),
        preflight: preflight(&mut fields),
        steps: steps(&mut fields, "steps"),
        handlers: handlers(&mut fields),
        on_fail,
        disruptive: owned(fields.text("disruptive")),
        settings: settings(&mut fields),
        id: id?.map(|(id, _)| id),
        name: name?,
        purpose: purpose?,
    };
    fields.finish();
    Some(playbook)
}

/// The pattern of a playbook that names no hosts, as text of its own: patterns are read where they are written.
fn everywhere() -> Spanned<String> {
    Spanned { value: "all".into(), span: Source::new("the default of `hosts`", "all").whole() }
}

fn identity(text: &str) -> Result<(String, u8), String> {
    let expected = || {
        "two digits, `_` and a name of `a-z`, `0-9` and `_`, such as `03_build_llama_cpp`"
            .to_owned()
    };
    let (digits, name) = text.split_once('_').ok_or_else(expected)?;
    if digits.len() != 2 || name.is_empty() || !is_plain(name) {
        return Err(expected());
    }
    let number = digits.parse().map_err(|_| expected())?;
    Ok((text.to_owned(), number))
}

/// Whether a text keeps to what names of playbooks and flags are made of.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn flags(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<Spanned<String>> {
    let flags = list(fields.texts(key));
    for flag in flags.iter().filter(|flag| !is_plain(&flag.value)) {
        let report = Report::error(format!("`{}` cannot name a flag", flag.value)).at(&flag.span);
        fields.reports().push(report.expected("a name of `a-z`, `0-9` and `_`, such as `venv_ok`"));
    }
    flags
}

fn variables(fields: &mut Fields<'_, '_>) -> Vec<Entry> {
    let entries = entries(fields, "vars");
    for entry in &entries {
        if ROOTS.contains(&&*entry.key) {
            let report = Report::error(format!("`{}` is a name of the language", entry.key));
            fields.reports().push(report.at(&entry.key_span).expected("another name"));
        } else if !is_variable(&entry.key) {
            let report = Report::error(format!("`{}` cannot name a variable", entry.key));
            fields.reports().push(report.at(&entry.key_span).expected("letters, digits and `_`"));
        }
    }
    entries
}

/// The secrets it uses: names, and for each what it is for.
fn secrets(fields: &mut Fields<'_, '_>) -> Vec<SecretUse> {
    let mut secrets = Vec::new();
    for Entry { key, key_span, value } in entries(fields, "secrets") {
        if !is_variable(&key) {
            let report = Report::error(format!("`{key}` cannot name a secret")).at(&key_span);
            fields.reports().push(report.expected("letters, digits and `_`"));
        }
        let name = Spanned { value: key.to_string(), span: key_span };
        secrets.extend(secret(name, &value, fields.reports()));
    }
    secrets
}

/// A secret as it is written: what it is for, alone or with whether the playbook can do without it.
fn secret(name: Spanned<String>, value: &Node, reports: &mut Reports) -> Option<SecretUse> {
    if let Some(purpose) = value.scalar() {
        return Some(SecretUse { name, purpose: purpose.text.to_string(), optional: false });
    }
    if !matches!(value.data, Data::Map(_)) {
        let report = Report::error(format!("`{}` cannot be {}", name.value, value.kind()));
        let expected = "a text that says what it is for, or `{purpose: TEXT, optional: true}`";
        reports.push(report.at(&value.span).expected(expected));
        return None;
    }
    let mut fields = Fields::of(value, "a secret", reports)?;
    fields.require("purpose");
    let purpose = fields.text("purpose").map(|purpose| purpose.value.to_owned());
    let optional = fields.flag("optional").is_some_and(|flag| flag.value);
    fields.finish();
    Some(SecretUse { name, purpose: purpose?, optional })
}

/// The entries of a map.
fn entries(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<Entry> {
    match fields.node(key) {
        Some(Node { data: Data::Map(entries), .. }) => entries.clone(),
        Some(node) => {
            let report = Report::error(format!("`{key}` cannot be {}", node.kind()));
            fields.reports().push(report.at(&node.span).expected("values by name"));
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Whether a text can name a variable in an expression.
fn is_variable(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

fn preflight(fields: &mut Fields<'_, '_>) -> Vec<Preflight> {
    let nodes = fields.list("preflight");
    let reports = fields.reports();
    nodes.iter().filter_map(|node| preflight_check(node, reports)).collect()
}

fn preflight_check(node: &Node, reports: &mut Reports) -> Option<Preflight> {
    let mut fields = Fields::of(node, "a preflight check", reports)?;
    fields.require("message");
    let message = owned(fields.text("message"));
    let check = owned(fields.text("check"));
    let that = owned(fields.text("that"));
    let name = fields.text("name").map(|name| name.value.to_owned());
    let fix = owned(fields.text("fix"));
    let when = owned(fields.text("when"));
    if check.is_some() == that.is_some() {
        let report = Report::error("a preflight check has either `check` or `that`");
        let span = fields.span().clone();
        fields.reports().push(report.at(&span));
    }
    fields.finish();
    let message = message?;
    let name = name.unwrap_or_else(|| message.value.clone());
    Some(Preflight { name, check, that, message, fix, when })
}
