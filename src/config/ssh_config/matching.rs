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

/// What one word of a `Match` line asks about.
enum Criterion<'a> {
    /// Always true.
    Always,
    /// Whether a name has one of some forms.
    Name(&'a str),
    /// The same, however the name is written: unlike a `Host` line, these do not mind case.
    AnyCase(&'a str),
    /// What we do not look at, why, and whether a word of its own follows.
    Beyond(&'static str, bool),
}

impl<'a> Criterion<'a> {
    fn of(name: &str, known: &Known<'a>) -> Option<Self> {
        Some(match name {
            "all" => Self::Always,
            "host" => Self::AnyCase(known.host),
            "originalhost" => Self::AnyCase(known.asked.name),
            "user" => Self::Name(known.user),
            "localuser" => Self::Name(&known.local.user),
            "canonical" | "final" => {
                Self::Beyond("`canonical` and `final` need a second pass", false)
            }
            "exec" => Self::Beyond("`exec` runs a command of its own", true),
            "localnetwork" | "tagged" | "command" | "sessiontype" | "version" => {
                Self::Beyond("only all, host, originalhost, user and localuser are known", true)
            }
            _ => return None,
        })
    }

    fn holds(&self, patterns: &str) -> bool {
        match self {
            Self::Name(name) => list(patterns.split(','), name),
            Self::AnyCase(name) => list(patterns.to_lowercase().split(','), &name.to_lowercase()),
            Self::Always | Self::Beyond(..) => true,
        }
    }
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
        let bare = word.value.strip_prefix('!').unwrap_or(&word.value);
        let criterion = match Criterion::of(&bare.to_ascii_lowercase(), known) {
            Some(Criterion::Always) => continue,
            Some(Criterion::Beyond(why, argument)) => {
                answer = Answer::Unknown(why);
                words.by_ref().take(usize::from(argument)).for_each(drop);
                continue;
            }
            Some(criterion) => criterion,
            None => return unknown(word, bare, reports),
        };
        let Some(patterns) = words.next() else { return missing(&word.span, reports) };
        if criterion.holds(&patterns.value) == word.value.starts_with('!') {
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
