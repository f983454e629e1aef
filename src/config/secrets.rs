//! `secrets:` of a `shelter.yaml`: where each comes from. Reads none of them.

use std::collections::BTreeMap;

use crate::config::words;
use crate::fleet::SecretFrom;
use crate::text::yaml::{Data, Node};
use crate::text::{Fields, Report, Reports, Spanned};

const EXPECTED: &str = "`{env: NAME}`, `{file: PATH}`, `{command: WORDS}` or `ask`";

/// The secrets by name.
pub(super) fn secrets(
    node: Option<&Node>,
    reports: &mut Reports,
) -> BTreeMap<String, Spanned<SecretFrom>> {
    let Some(node) = node else { return BTreeMap::new() };
    let Data::Map(entries) = &node.data else {
        node.refuse("secrets by name", reports);
        return BTreeMap::new();
    };
    let found = entries.iter().filter_map(|entry| {
        let (value, span) = (source(&entry.key, &entry.value, reports)?, entry.value.span.clone());
        Some((entry.key.to_string(), Spanned { value, span }))
    });
    found.collect()
}

fn source(name: &str, node: &Node, reports: &mut Reports) -> Option<SecretFrom> {
    if let Some(scalar) = node.scalar() {
        if &*scalar.text == "ask" {
            return Some(SecretFrom::Ask);
        }
        let report = Report::error(format!("`{name}` says its secret, not where it comes from"));
        let report = report.at(&node.span).expected(EXPECTED);
        reports.push(report.help("take it out of the file, and give it by another way"));
        return None;
    }
    let mut fields = Fields::of(node, "a secret", reports)?;
    let env = fields.parsed("env", variable).map(|name| SecretFrom::Env(name.value));
    let file = fields.parsed("file", path).map(|path| SecretFrom::File(path.value.into()));
    let command = fields.parsed("command", command);
    let command = command.map(|words| SecretFrom::Command(words.value));
    let mut given: Vec<SecretFrom> = [env, file, command].into_iter().flatten().collect();
    let ways = ["env", "file", "command"].iter().filter(|way| fields.has(way)).count();
    fields.finish();
    if ways != 1 {
        let report = Report::error(format!("`{name}` does not come from one place")).at(&node.span);
        reports.push(report.expected(EXPECTED));
    }
    given.pop()
}

fn variable(text: &str) -> Result<String, String> {
    if !text.is_empty() && !text.contains(['=', '\0']) {
        return Ok(text.to_owned());
    }
    Err("the name of an environment variable".to_owned())
}

fn path(text: &str) -> Result<String, String> {
    if text.starts_with('/') || text.starts_with("~/") {
        return Ok(text.to_owned());
    }
    Err("a path that begins with `/` or `~/`".to_owned())
}

fn command(text: &str) -> Result<Vec<String>, String> {
    let words = words::split(text)?;
    if words.is_empty() { Err("a command that prints the secret".to_owned()) } else { Ok(words) }
}
