//! Whether a `Host` or `Match` line is about a host. Runs no command a line may name.

use super::Local;
use crate::config::wildcard;
use crate::text::{Report, Reports, Span, Spanned};

/// What is known about a host while its settings are gathered.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) struct Asked<'a> {
    /// The name that was looked up.
    pub name: &'a str,
    /// The user that was given, which wins over any in the configuration.
    pub user: Option<&'a str>,
    /// Whether a way through other hosts was given.
    pub jump_given: bool,
}

/// What a line of conditions says about a host.
pub(super) enum Answer {
    Yes,
    No,
    /// It depends on what we do not look at.
    Unknown(&'static str),
}

/// Whether a list of patterns is about a name: one must fit, and none of those with `!`.
pub(super) fn host_line(patterns: &[Spanned<String>], name: &str) -> bool {
    list(patterns.iter().map(|pattern| pattern.value.as_str()), name)
}

/// Whether the name stands in the list without a wildcard.
pub(super) fn names(patterns: &[Spanned<String>], name: &str) -> bool {
    patterns.iter().any(|pattern| pattern.value == name)
}

fn list<'a>(patterns: impl Iterator<Item = &'a str>, name: &str) -> bool {
    let mut fits = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(not) if wildcard::matches(not, name) => return false,
            Some(_) => {}
            None => fits |= wildcard::matches(pattern, name),
        }
    }
    fits
}

/// Names a `Match` line may ask about.
pub(super) struct Known<'a> {
    pub asked: Asked<'a>,
    pub host: &'a str,
    pub user: &'a str,
    pub local: &'a Local,
}

/// What a `Match` line says. One criterion that fails decides, whatever the others would need.
pub(super) fn match_line(
    criteria: &[Spanned<String>],
    known: &Known<'_>,
    reports: &mut Reports,
) -> Answer {
    let mut answer = Answer::Yes;
    let mut words = criteria.iter();
    while let Some(word) = words.next() {
        let (not, name) = match word.value.strip_prefix('!') {
            Some(name) => (true, name.to_ascii_lowercase()),
            None => (false, word.value.to_ascii_lowercase()),
        };
        let subject = match name.as_str() {
            "all" => continue,
            "host" => known.host,
            "originalhost" => known.asked.name,
            "user" => known.user,
            "localuser" => &known.local.user,
            "canonical" | "final" => {
                answer = Answer::Unknown("`canonical` and `final` need a second pass");
                continue;
            }
            "exec" => {
                words.next();
                answer = Answer::Unknown("`exec` runs a command of its own");
                continue;
            }
            "localnetwork" | "tagged" | "command" | "sessiontype" | "version" => {
                words.next();
                answer =
                    Answer::Unknown("only all, host, originalhost, user and localuser are known");
                continue;
            }
            _ => return unknown(word, &name, reports),
        };
        let Some(patterns) = words.next() else { return missing(&word.span, reports) };
        let (patterns, subject) = match name.as_str() {
            // Unlike in a `Host` line, the name of a machine may be written either way here.
            "host" | "originalhost" => (patterns.value.to_lowercase(), subject.to_lowercase()),
            _ => (patterns.value.clone(), subject.to_owned()),
        };
        if list(patterns.split(','), &subject) == not {
            return Answer::No;
        }
    }
    answer
}

fn missing(span: &Span, reports: &mut Reports) -> Answer {
    let message = format!("`Match {}` without a pattern", span.text());
    reports.push(Report::error(message).at(span));
    Answer::No
}

fn unknown(word: &Spanned<String>, name: &str, reports: &mut Reports) -> Answer {
    let all = ["all", "host", "originalhost", "user", "localuser", "exec", "canonical", "final"];
    let report = Report::error(format!("unknown criterion `{}`", word.value)).at(&word.span);
    reports.push(report.nearest(name, all));
    Answer::No
}
