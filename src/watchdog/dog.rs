//! The watchdog itself: its rules, its hosts, what it remembers, and what stands now. What it hears and judges is beside.

use std::collections::BTreeSet;

use crate::fleet::{Alert, AlertId, Halt, Severity, Timestamp};

use super::cause::Cause;
use super::damper::Word;
use super::input::{Member, Span};
use super::measure::Measure;
use super::memory::{Memory, id};
use super::rules::Rules;
use super::told::Told;
use super::words;

/// More than this does not wait for a hook: whoever could not be reached for so long reads the history.
const MOST_CALLS: usize = 1000;

/// The watchdog.
pub struct Watchdog {
    pub(super) rules: Rules,
    pub(super) members: Vec<Member>,
    pub(super) span: Span,
    pub(super) state: Memory,
    /// What changed about which cause in this round, still to be put in words.
    pub(super) said: Vec<(AlertId, Word)>,
    pub(super) told: Vec<Told>,
    pub(super) changed: bool,
    /// Whether it has just begun, so that only what it remembers tells how long nobody watched.
    pub(super) begun: bool,
    /// What is about no host and was found wrong in this watch.
    pub(super) found: BTreeSet<Measure>,
}

impl Watchdog {
    /// A watchdog with these rules over these hosts, which remembers what the last one did.
    pub fn new(rules: Rules, members: Vec<Member>, span: Span, memory: Memory) -> Self {
        let (said, told) = (Vec::new(), Vec::new());
        let (state, changed, begun, found) = (memory, false, true, BTreeSet::new());
        let mut new = Self { rules, members, span, state, said, told, changed, begun, found };
        new.withdraw();
        new.settle_again();
        for member in &new.members {
            let host = new.state.hosts.entry(member.host.clone()).or_default();
            host.seen_up |= member.local;
        }
        new.expect();
        new
    }

    /// From here on it only looks.
    pub fn only_look(&mut self) {
        self.rules.rules.iter_mut().for_each(|rule| rule.heal = None);
    }

    /// What was said before a restart and perhaps not delivered.
    pub fn undelivered(&self) -> &[Told] {
        &self.state.outbox
    }

    /// All that was said so far is where it belongs.
    pub fn delivered(&mut self) {
        self.changed |= !self.state.outbox.is_empty();
        self.state.outbox.clear();
    }

    /// All that was said so far is recorded; what is loud of it is still to be handed to the hook.
    pub fn recorded(&mut self) {
        self.changed |= !self.state.outbox.is_empty();
        let said = std::mem::take(&mut self.state.outbox);
        self.state.calls.extend(said.into_iter().filter(Told::is_loud));
        let over = self.state.calls.len().saturating_sub(MOST_CALLS);
        self.state.calls.drain(..over);
    }

    /// What is still to be handed to the hook, the oldest first.
    pub fn calls(&self) -> &[Told] {
        &self.state.calls
    }

    /// The hook has had the oldest of it.
    pub fn called(&mut self) {
        if !self.state.calls.is_empty() {
            self.state.calls.remove(0);
            self.changed = true;
        }
    }

    /// What must not be forgotten, if there is something new in it.
    pub fn to_remember(&mut self) -> Option<&Memory> {
        std::mem::take(&mut self.changed).then_some(&self.state)
    }

    /// What must not be forgotten.
    pub fn memory(&self) -> &Memory {
        &self.state
    }

    /// Healing halts until a person says otherwise: nobody knows what was tried before.
    pub fn halt(&mut self, since: Timestamp, why: &str) {
        let alert = AlertId { rule: "watchdog".to_owned(), host: None, subject: None };
        self.set_halt(Halt { since, alert, why: why.to_owned(), run: None });
    }

    /// Whether healing has halted, and why.
    pub fn halted(&self) -> Option<&Halt> {
        self.state.halt.as_ref()
    }

    /// What is wrong now, the gravest first.
    pub fn standing(&self) -> Vec<Alert> {
        let mut alerts: Vec<Alert> = self.causes().map(|(id, _)| self.alert(&id)).collect();
        alerts.sort_by(|a, b| (b.severity, &a.id).cmp(&(a.severity, &b.id)));
        alerts
    }

    /// The alerts that stand, with their causes.
    pub(super) fn causes(&self) -> impl Iterator<Item = (AlertId, &Cause)> {
        let hosts = self.state.hosts.iter().map(|(name, state)| (Some(name), state));
        let places = std::iter::once((None, &self.state.own)).chain(hosts);
        places.flat_map(|(host, state)| {
            let standing = state.causes.iter().filter(|(_, _, cause)| cause.is_standing());
            standing.map(move |(rule, subject, cause)| (id(rule, host, subject), cause))
        })
    }

    /// An alert as it is now.
    pub(super) fn alert(&self, id: &AlertId) -> Alert {
        let rule = self.rules.named(&id.rule);
        let cause = self.state.cause(id).cloned().unwrap_or_default();
        let playbook = rule.and_then(|rule| rule.heal.as_ref());
        let healing =
            playbook.and_then(|heal| cause.track.words(self.state.clock.now, &heal.playbook.value));
        Alert {
            severity: rule.map_or(Severity::Notice, |rule| rule.severity),
            since: cause.since,
            hint: rule.and_then(|rule| words::hint(rule, id)),
            times: cause.damper.raises,
            flapping: cause.damper.flapping,
            behind: self.behind(id),
            acknowledged: self.state.hushes.acknowledged(id),
            silenced: self.state.hushes.silenced(id),
            healing,
            text: cause.text,
            evidence: cause.evidence,
            id: id.clone(),
        }
    }

    /// The alert it follows from.
    pub(super) fn behind(&self, of: &AlertId) -> Option<AlertId> {
        let host = of.host.as_ref()?;
        let measure = |measure| self.rules.rules.iter().find(move |rule| rule.watch == measure);
        let is_reach = self.rules.named(&of.rule).is_some_and(|rule| rule.watch == Measure::Reach);
        if self.state.suspects.contains(host)
            && let Some(rule) = measure(Measure::Link)
        {
            return Some(id(&rule.name.value, None, ""));
        }
        let rule = measure(Measure::Reach).filter(|_| !is_reach)?;
        let away = id(&rule.name.value, Some(host), "");
        self.state.cause(&away).is_some_and(Cause::is_firing).then_some(away)
    }
}
