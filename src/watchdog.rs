//! The watchdog: from what is heard of hosts to what a person is told and what a playbook heals. Pure: time comes as
//! ticks, and what is to be done goes out as words. Reads no clock, touches no host, writes nothing.

mod cause;
mod damper;
mod engines;
mod forecast;
mod heal;
mod healing;
mod hearing;
mod host;
mod hush;
mod judging;
mod link;
mod measure;
mod replay;
mod rules;
mod signal;
mod time;
mod whole;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::fleet::{
    Alert, AlertId, Halt, HealStage, HostName, Millis, Notice, RunId, Sample, Severity, Timestamp,
    Vitals, Wish,
};

pub use engines::{Engines, Speed};
pub use heal::{HealEnd, HealOrder};
pub use host::Contact;
pub use measure::{Measure, Unit};
pub use replay::{Replay, ReplayError};
pub use rules::{BUILT_IN, Healer, Rule, Rules, Threshold};
pub use signal::{Detail, Signal};
pub use time::{Odd, Tick};

use heal::Budget;
use host::HostState;
use hush::Hushes;
use time::Clockwork;

/// After this machine slept or did not run, nothing is judged for so long: links have to be made anew.
const BLIND: Millis = Millis(30_000);

/// More than this does not wait for a hook: whoever could not be reached for so long reads the history.
const MOST_CALLS: usize = 1000;

/// A host of the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub host: HostName,
    /// Whether it is watched now. Of one that is not, all that is known is kept as it is.
    pub watched: bool,
    /// Whether it is this machine, which no link leads to.
    pub local: bool,
    /// The ports on which engines shall answer there, whether or not one was ever seen.
    pub engines: Vec<u16>,
}

/// How long is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// One round: what is wrong is wrong at once.
    Once,
    /// For as long as it runs.
    ForEver,
}

/// Something the watchdog hears.
pub enum Input<'a> {
    /// Time has passed. Every round begins with one.
    Tick(Tick),
    /// Whether anything is heard of a host.
    Contact(&'a HostName, Contact),
    /// What a host is doing.
    Sample(&'a HostName, &'a Sample),
    /// What else a host tells.
    Vitals(&'a HostName, &'a Vitals),
    /// What is heard of a host's engines.
    Engines(&'a HostName, Engines<'a>),
    /// How fast a model of a host is.
    Speed(&'a HostName, Speed),
    /// One value, from wherever.
    Signal(&'a HostName, Signal<'a>),
    /// What people wish, all of it, every round.
    Wishes(&'a [(u64, Wish)]),
    /// A healer runs under this name.
    Healing(&'a AlertId, RunId),
    /// A healer has ended.
    HealEnded(&'a AlertId, HealEnd),
}

/// Something the watchdog has to say.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Told {
    /// About an alert.
    Alert {
        /// What.
        notice: Notice,
        /// The alert as it is now.
        alert: Box<Alert>,
        /// Whether a person is to be disturbed with it, or it is for the record.
        loud: bool,
    },
    /// A playbook is to be run.
    Heal(HealOrder),
    /// How a heal went.
    Healed {
        /// What it was to heal.
        alert: AlertId,
        /// The run, if one began.
        run: Option<RunId>,
        /// The playbook.
        playbook: String,
        /// How it went.
        stage: HealStage,
    },
    /// Healing has halted.
    Halted(Halt),
    /// Healing goes on.
    Resumed {
        /// By whose wish.
        by: String,
    },
    /// Something about the watchdog itself.
    Remark(String),
    /// A wish that is fulfilled or over.
    Spent(u64),
}

/// What must not be forgotten over a restart.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Memory {
    clock: Clockwork,
    blind_until: Millis,
    hosts: BTreeMap<HostName, HostState>,
    /// What is about no host.
    own: HostState,
    suspects: Vec<HostName>,
    budget: Budget,
    halt: Option<Halt>,
    hushes: Hushes,
    /// What was said and not yet delivered: it is said again after a restart, rather than never.
    outbox: Vec<Told>,
    /// What is recorded and was not yet handed to the hook.
    calls: Vec<Told>,
}

/// The watchdog.
pub struct Watchdog {
    rules: Rules,
    members: Vec<Member>,
    span: Span,
    state: Memory,
    /// What changed about which cause in this round, still to be put in words.
    said: Vec<(AlertId, damper::Word)>,
    told: Vec<Told>,
    changed: bool,
    /// Whether it has just begun, so that only what it remembers tells how long nobody watched.
    begun: bool,
    /// What is about no host and was found wrong in this watch.
    found: BTreeSet<Measure>,
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
    fn causes(&self) -> impl Iterator<Item = (AlertId, &cause::Cause)> {
        let hosts = self.state.hosts.iter().map(|(name, state)| (Some(name), state));
        let places = std::iter::once((None, &self.state.own)).chain(hosts);
        places.flat_map(|(host, state)| {
            let standing = state.causes.iter().filter(|(_, _, cause)| cause.is_standing());
            standing.map(move |(rule, subject, cause)| (id(rule, host, subject), cause))
        })
    }

    /// An alert as it is now.
    fn alert(&self, id: &AlertId) -> Alert {
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
    fn behind(&self, of: &AlertId) -> Option<AlertId> {
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
        self.state.cause(&away).is_some_and(cause::Cause::is_firing).then_some(away)
    }
}

impl Memory {
    /// What is known of a host, or of this machine.
    fn place(&self, host: Option<&HostName>) -> Option<&HostState> {
        match host {
            Some(host) => self.hosts.get(host),
            None => Some(&self.own),
        }
    }

    fn place_mut(&mut self, host: Option<&HostName>) -> Option<&mut HostState> {
        match host {
            Some(host) => self.hosts.get_mut(host),
            None => Some(&mut self.own),
        }
    }

    fn cause(&self, id: &AlertId) -> Option<&cause::Cause> {
        let subject = id.subject.as_deref().unwrap_or_default();
        self.place(id.host.as_ref())?.causes.get(&id.rule, subject)
    }

    fn cause_mut(&mut self, id: &AlertId) -> Option<&mut cause::Cause> {
        let subject = id.subject.as_deref().unwrap_or_default();
        self.place_mut(id.host.as_ref())?.causes.get_mut(&id.rule, subject)
    }
}

/// The one name of a cause.
fn id(rule: &str, host: Option<&HostName>, subject: &str) -> AlertId {
    let subject = (!subject.is_empty()).then(|| subject.to_owned());
    AlertId { rule: rule.to_owned(), host: host.cloned(), subject }
}
