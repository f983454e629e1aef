//! The settings of one host: the lines that are about it, the first value of each keyword winning.

use super::apply;
use super::matching::{self, Answer, Asked, Known};
use super::{Item, Local, SshConfig};
use crate::text::{Report, Reports, Span, Spanned};
use std::collections::BTreeSet;

/// What an ssh configuration says about one host, nothing expanded yet.
#[derive(Clone, Debug, Default)]
pub(in crate::config) struct Lookup {
    pub host_name: Option<Spanned<String>>,
    pub user: Option<Spanned<String>>,
    pub port: Option<Spanned<String>>,
    pub identity_files: Vec<Spanned<String>>,
    pub identities_only: bool,
    pub jump: Option<Spanned<String>>,
    pub known_hosts: Vec<Spanned<String>>,
    pub host_key_alias: Option<String>,
    /// Whether a `Host` line names it without a wildcard.
    pub named: bool,
}

/// A lookup that is going on.
pub(super) struct Gathering<'a> {
    pub asked: Asked<'a>,
    pub found: Lookup,
    pub seen: BTreeSet<String>,
    pub ignored: Vec<String>,
    pub reports: &'a mut Reports,
}

impl SshConfig {
    /// What the configuration says about a host. What we cannot do is reported.
    pub(in crate::config) fn lookup(&self, asked: Asked<'_>, reports: &mut Reports) -> Lookup {
        let mut gathering = Gathering {
            asked,
            found: Lookup::default(),
            seen: BTreeSet::new(),
            ignored: Vec::new(),
            reports,
        };
        gathering.walk(&self.items, &self.local, true);
        gathering.found
    }
}

impl Gathering<'_> {
    /// An included file begins under the condition of the line that includes it, and ends with it.
    fn walk(&mut self, items: &[Item], local: &Local, outer: bool) {
        let mut active = outer;
        let mut doubt: Option<Doubt<'_>> = None;
        for item in items {
            match item {
                Item::Host(patterns) => {
                    doubt = None;
                    active = outer && matching::host_line(patterns, self.asked.name);
                    self.found.named |= active && matching::names(patterns, self.asked.name);
                }
                Item::Match(criteria, span) if outer => {
                    (active, doubt) = match self.answer(criteria, local) {
                        Answer::Yes => (true, None),
                        Answer::No => (false, None),
                        Answer::Unknown(why) => (false, Some(Doubt { why, span })),
                    };
                }
                Item::Match(..) => {}
                Item::Include(items) => self.walk(items, local, active),
                Item::Set(setting) if active => apply::setting(self, setting),
                Item::Set(setting) => {
                    if let Some(doubt) = doubt.take_if(|_| apply::matters(self, setting)) {
                        self.doubted(&doubt, &setting.keyword_span);
                    }
                }
            }
        }
    }

    fn doubted(&mut self, doubt: &Doubt<'_>, setting: &Span) {
        if !self.reports.about(doubt.span) {
            self.reports.push(doubt.report(setting, self.asked.name));
        }
    }

    fn answer(&mut self, criteria: &[Spanned<String>], local: &Local) -> Answer {
        let given = self.asked.user.map(str::to_owned);
        let user = given.or_else(|| self.found.user.as_ref().map(|user| user.value.clone()));
        let host = self.found.host_name.as_ref().map(|host| host.value.clone());
        let known = Known {
            asked: self.asked,
            host: host.as_deref().unwrap_or(self.asked.name),
            user: user.as_deref().unwrap_or(&local.user),
            local,
        };
        matching::match_line(criteria, &known, self.reports)
    }
}

/// A `Match` line of which nobody can tell here whether it is about the host.
struct Doubt<'a> {
    why: &'static str,
    span: &'a Span,
}

impl Doubt<'_> {
    fn report(&self, setting: &Span, host: &str) -> Report {
        Report::error(format!("cannot tell whether this `Match` is about `{host}`"))
            .at(self.span)
            .also(setting, "this would be set")
            .cause(self.why)
            .help("put these lines under a `Host`, or say in shelter.yaml `via: {shell: ssh NAME sh}`")
    }
}
