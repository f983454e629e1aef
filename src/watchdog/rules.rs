//! Rules: what is watched, from when it is wrong, from when it is well again, and what is done about it.
//! Built-in ones come with the program; those of a home override them by name, field by field.

mod draft;
mod finish;
mod threshold;

use std::collections::BTreeSet;

use crate::fleet::{HostName, Millis, Severity};
use crate::text::{Reports, Source, Span, Spanned, yaml};

use super::Measure;
use draft::Draft;

pub use threshold::Threshold;

/// The rules this program brings.
pub const BUILT_IN: &str = include_str!("rules/builtin.yaml");

/// All rules that hold.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The rules, the built-in ones first.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, and where it is written.
    pub name: Spanned<String>,
    /// What it watches.
    pub watch: Measure,
    /// Which hosts, as a pattern. `None`: all.
    pub hosts: Option<Span>,
    /// Those hosts, once the pattern has been read. `None`: all.
    pub on: Option<BTreeSet<HostName>>,
    /// Only these disks, cards, services… Empty: all.
    pub of: Vec<String>,
    /// From when it is wrong, and from when it is well.
    pub threshold: Threshold,
    /// How long it must be wrong before it is raised.
    pub hold: Millis,
    /// How long it must be well before it is cleared.
    pub clear_hold: Millis,
    /// How much it matters.
    pub severity: Severity,
    /// What helps; `{host}` and `{subject}` stand for what it is about.
    pub hint: Option<String>,
    /// The playbook that heals it.
    pub heal: Option<Healer>,
}

/// A playbook that heals.
#[derive(Clone, Debug)]
pub struct Healer {
    /// Its id, and where it is named.
    pub playbook: Spanned<String>,
    /// How long it is waited, once it has run, before the outcome is judged.
    pub settle: Millis,
}

impl Rules {
    /// The built-in rules, and those of these files over them. All errors of all of them come at once.
    pub fn read(files: &[Source]) -> Result<Self, Reports> {
        let (rules, reports) = Self::sound(files);
        if reports.has_errors() { Err(reports) } else { Ok(rules) }
    }

    /// Those of the rules in which nothing is wrong, and what is wrong with the others.
    pub fn sound(files: &[Source]) -> (Self, Reports) {
        let mut reports = Reports::new();
        let mut drafts: Vec<Draft> = Vec::new();
        let built_in = Source::new("built-in rules", BUILT_IN);
        for source in std::iter::once(&built_in).chain(files) {
            for draft in read(source, &mut reports) {
                match drafts.iter_mut().find(|known| known.name.value == draft.name.value) {
                    Some(known) => known.override_with(draft, &mut reports),
                    None => drafts.push(draft),
                }
            }
        }
        let wanted = drafts.into_iter().filter(|draft| draft.enabled != Some(false));
        let rules = wanted.filter_map(|draft| finish::finish(draft, &mut reports)).collect();
        (Self { rules }, reports)
    }

    /// Reads the patterns of hosts with `select`. All errors come at once.
    pub fn bind(
        &mut self,
        select: impl Fn(&Span) -> Result<Vec<HostName>, Reports>,
    ) -> Result<(), Reports> {
        let mut reports = Reports::new();
        for rule in &mut self.rules {
            let Some(pattern) = &rule.hosts else { continue };
            match select(pattern) {
                Ok(hosts) => rule.on = Some(hosts.into_iter().collect()),
                Err(errors) => reports.append(errors),
            }
        }
        if reports.has_errors() { Err(reports) } else { Ok(()) }
    }

    /// The rule of that name.
    pub fn named(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name.value == name)
    }
}

impl Rule {
    /// Whether it is for that host.
    pub fn is_for(&self, host: &HostName) -> bool {
        self.on.as_ref().is_none_or(|on| on.contains(host))
    }

    /// Whether it is about that.
    pub fn is_about(&self, subject: &str) -> bool {
        self.of.is_empty() || self.of.iter().any(|of| of == subject)
    }
}

/// The rules of one file, each name once.
fn read(source: &Source, reports: &mut Reports) -> Vec<Draft> {
    let Some(node) = yaml::parse(source, reports) else { return Vec::new() };
    let mut drafts: Vec<Draft> = Vec::new();
    for draft in draft::drafts(&node, reports) {
        match drafts.iter().find(|known| known.name.value == draft.name.value) {
            Some(known) => reports.push(draft.twice(known)),
            None => drafts.push(draft),
        }
    }
    drafts
}
