//! Whether a dotted name means anything where it stands, and what is said if not. Knows no values.

use crate::text::{Report, Span};

use super::super::super::vars::template;
use super::super::super::vars::{ROOTS, locate};
use super::super::context;
use super::Checker;

impl Checker<'_> {
    /// Whether a dotted name means anything here.
    pub(super) fn name(&mut self, name: &str, text: &str, span: &Span) {
        if template::is_excused(name, text) {
            return;
        }
        let (root, rest) = name.split_once('.').unwrap_or((name, ""));
        let at = locate(span, text, template::place_of(name, text));
        let report = match root {
            "facts" => self.fact(rest).map(|report| report.at(&at)),
            "host" => member("host", rest, context::HOST.map(|(name, _)| name))
                .map(|report| report.at(&at)),
            "fleet" => member("fleet", rest, ["hosts"]).map(|report| report.at(&at)),
            "item" if self.item => None,
            "item" => Some(Report::error("`item` is only known in a step with a `loop`").at(&at)),
            "secret" => Some(misplaced(&at)),
            "this" => Some(outcome(root).at(&at)),
            _ if self.outcomes.contains(&root) => Some(outcome(root).at(&at)),
            _ if self.names.contains(root) => None,
            _ => {
                let known = self.names.iter().copied().chain(ROOTS);
                let report = Report::error(format!("`{root}` is not defined")).at(&at);
                Some(report.nearest(root, known))
            }
        };
        if let Some(report) = report {
            self.reports.push(report);
        }
    }

    /// What is wrong with a name under `facts`.
    fn fact(&self, path: &str) -> Option<Report> {
        let mut tree = &self.facts;
        let mut so_far = "facts".to_owned();
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let map = tree.as_object().filter(|map| !map.is_empty())?;
            let Some(inner) = map.get(part) else {
                return member(&so_far, part, map.keys().map(String::as_str));
            };
            so_far = format!("{so_far}.{part}");
            tree = inner;
        }
        None
    }
}

/// What is wrong with `name` under `of`, if it is none of `names`.
fn member<'n>(
    of: &str,
    name: &str,
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> Option<Report> {
    let name = name.split('.').next().unwrap_or_default();
    if name.is_empty() || names.clone().into_iter().any(|known| known == name) {
        return None;
    }
    let report = Report::error(format!("`{of}` has no `{name}`")).nearest(name, names.clone());
    let all: Vec<&str> = names.into_iter().collect();
    let near = report.help.is_some();
    Some(if near { report } else { report.expected(format!("one of {}", all.join(", "))) })
}

pub(super) fn misplaced(at: &Span) -> Report {
    Report::error("a secret cannot be used here").at(at).help(
        "what a `file`, `template` or `unit` holds and the `stdin` of a `run` may hold one; a script asks by `secret NAME`",
    )
}

/// What is wrong with the name of a secret, if the playbook has none of it.
pub(super) fn unknown_secret(name: &str, known: &[&str]) -> Option<Report> {
    if known.contains(&name) {
        return None;
    }
    let report = Report::error(format!("the playbook has no secret `{name}`"));
    let report = report.nearest(name, known.iter().copied());
    let near = report.help.is_some();
    Some(if near { report } else { report.help("name it under `secrets:`, with what it is for") })
}

fn outcome(name: &str) -> Report {
    Report::error(format!("`{name}` is the outcome of a step, which only the host knows")).help(
        "conditions may ask for it, and a script prints what a step has printed by `output NAME`",
    )
}
