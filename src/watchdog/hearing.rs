//! What the watchdog hears, taken in. Values are judged by their rules as they come; what needs the whole fleet waits
//! for the end of the round.

use crate::fleet::{AlertId, HostName, Millis, Notice, NvidiaTool, Sample, Vitals};

use super::cause::{Change, Holds};
use super::host::HostState;
use super::memory::id;
use super::rules::Rule;
use super::signal::{self, Detail, Signal};
use super::{Input, Measure, Memory, Odd, Span, Told, Watchdog, words};

/// After this machine slept or did not run, nothing is judged for so long: links have to be made anew.
pub(super) const BLIND: Millis = Millis(30_000);

/// An answer that took longer than this says little about a clock.
const DOUBT: f64 = 2.0;

impl Watchdog {
    /// Takes one thing in.
    pub fn step(&mut self, input: Input<'_>) {
        match input {
            Input::Tick(tick) => {
                for odd in self.state.clock.tick(tick) {
                    self.odd(odd);
                }
                self.begun = false;
            }
            Input::Contact(host, contact) => {
                let (now, wall) = (self.state.clock.now, self.state.clock.wall());
                if !self.is_blind()
                    && let Some(state) = self.state.hosts.get_mut(host)
                {
                    state.contact(contact, now, wall);
                }
            }
            Input::Sample(host, sample) => self.sample(host, sample),
            Input::Vitals(host, vitals) => self.vitals(host, vitals),
            Input::Engines(host, engines) if !self.is_blind() => self.engines(host, &engines),
            Input::Engines(..) => {}
            Input::Speed(host, speed) => self.speed(host, &speed),
            Input::Signal(host, signal) => self.hear(Some(host), &signal),
            Input::Wishes(wishes) => self.wishes(wishes),
            Input::Healing(alert, run) => {
                if let Some(cause) = self.state.cause_mut(alert) {
                    cause.track.run = Some(run);
                    self.changed = true;
                }
            }
            Input::HealEnded(alert, end) => self.heal_ended(alert, end),
        }
    }

    /// Whether nothing is judged now.
    pub(super) fn is_blind(&self) -> bool {
        self.span == Span::ForEver && self.state.clock.now < self.state.blind_until
    }

    /// Time passed oddly. What was measured across it is not believed, and nothing is raised or healed by it.
    fn odd(&mut self, odd: Odd) {
        if self.span == Span::Once {
            return;
        }
        let what = match odd {
            Odd::Stepped(by) => {
                self.state.hosts.values_mut().for_each(|host| host.skew = None);
                let way = if by.0 < 0 { "back" } else { "ahead" };
                self.told
                    .push(Told::Remark(format!("the clock of this machine was set {way} by {by}")));
                return;
            }
            Odd::Slept(by) => format!("this machine slept for {by}"),
            Odd::Stalled(by) if self.begun => {
                format!("the watchdog begins again, {by} at most after it ended")
            }
            Odd::Stalled(by) => format!("the watchdog did not run for {by}"),
        };
        self.told.push(Told::Remark(format!("{what}; nothing is judged for {BLIND}")));
        self.state.blind_until = Millis(self.state.clock.now.0 + BLIND.0);
        self.expect();
        self.state.suspects.clear();
        self.state.hosts.values_mut().for_each(HostState::begin_anew);
    }

    fn sample(&mut self, host: &HostName, sample: &Sample) {
        let now = self.state.clock.now;
        if let Some(state) = self.state.hosts.get_mut(host) {
            match &sample.nvidia {
                NvidiaTool::Hung | NvidiaTool::Lost(_) => state.tool_hung = true,
                NvidiaTool::Waiting => {}
                _ => state.tool_hung = false,
            }
        }
        if self.is_blind() {
            return;
        }
        let mut signals = Vec::with_capacity(8);
        signal::of_sample(sample, |signal| signals.push(signal));
        for disk in &sample.disks {
            let free = &disk.value.free;
            let known = free.value.filter(|_| free.is_fresh()).zip(free.age);
            let state = self.state.hosts.get_mut(host);
            let left = known.zip(state).and_then(|((free, age), state)| {
                state.disk(&disk.name, Millis(now.0 - age.0), free)
            });
            let (measure, subject) = (Measure::DiskFullIn, disk.name.as_str().into());
            let detail =
                free.value.zip(disk.value.size.value).map_or(Detail::None, |(free, all)| {
                    Detail::Taken(crate::fleet::Bytes(all.0.saturating_sub(free.0)), all)
                });
            signals.push(Signal { measure, subject, value: left, detail });
        }
        for signal in &signals {
            self.hear(Some(host), signal);
        }
    }

    fn vitals(&mut self, host: &HostName, vitals: &Vitals) {
        let now = self.state.clock.now;
        let Some(state) = self.state.hosts.get_mut(host) else { return };
        if let Some(boot_id) = &vitals.boot_id {
            state.boot(boot_id);
        }
        let skew = vitals.skew.filter(|skew| skew.doubt.0 as f64 / 1000.0 <= DOUBT);
        state.skew = skew.map(|skew| (now, skew.by.0 as f64 / 1000.0));
        // The list of failed units is whole: one that is not in it any more has not failed.
        let mut signals = Vec::new();
        if let Some(failed) = &vitals.failed {
            for (rule, subject, _) in state.causes.iter() {
                let of_units =
                    self.rules.named(rule).is_some_and(|rule| rule.watch == Measure::Unit);
                if of_units && !failed.iter().any(|unit| unit == subject) {
                    let (measure, subject) = (Measure::Unit, subject.to_owned().into());
                    signals.push(Signal {
                        measure,
                        subject,
                        value: Some(0.0),
                        detail: Detail::None,
                    });
                }
            }
        }
        signal::of_vitals(vitals, |signal| signals.push(signal));
        for signal in &signals {
            self.hear(Some(host), signal);
        }
    }

    /// Judges one value by the rules that are about it.
    pub(super) fn hear(&mut self, host: Option<&HostName>, signal: &Signal<'_>) {
        if self.is_blind() {
            return;
        }
        for rule in self.rules.rules.iter().filter(|rule| rule.watch == signal.measure) {
            let meant = host.is_none_or(|host| rule.is_for(host));
            if !meant || !rule.is_about(&signal.subject) {
                continue;
            }
            let holds = match (self.span, rule.watch) {
                (Span::Once, _) => Holds { wrong: Millis(0), well: Millis(0) },
                // How long a host or a link is away is counted from the moment it went.
                (_, Measure::Reach | Measure::Link) => {
                    Holds { wrong: Millis(0), well: rule.clear_hold }
                }
                _ => Holds { wrong: rule.hold, well: rule.clear_hold },
            };
            if let Some(word) = hear(&mut self.state, rule, host, signal, holds) {
                self.said
                    .extend(word.map(|word| (id(&rule.name.value, host, &signal.subject), word)));
                self.changed = true;
            }
        }
    }

    fn wishes(&mut self, wishes: &[(u64, crate::fleet::Wish)]) {
        let (now, wall) = (self.state.clock.now, self.state.clock.wall());
        let looked = self.state.hushes.look(wishes, now, wall);
        self.changed |= !looked.spent.is_empty();
        self.told.extend(looked.spent.into_iter().map(Told::Spent));
        // Nobody was told of what came while nobody wanted to hear of it.
        let stays = self.causes().filter(|(id, cause)| {
            cause.is_firing() && looked.ended.iter().any(|about| about.means(id))
        });
        let stays: Vec<AlertId> = stays.map(|(id, _)| id).collect();
        self.said.extend(stays.into_iter().map(|id| (id, (Notice::Stays, true))));
        if let Some(by) = looked.resumed {
            self.resume(by);
        }
    }
}

/// Judges one value by one rule. The outer `Some`: something changed.
fn hear(
    state: &mut Memory,
    rule: &Rule,
    host: Option<&HostName>,
    signal: &Signal<'_>,
    holds: Holds,
) -> Option<Option<super::damper::Word>> {
    let (now, wall) = (state.clock.now, state.clock.wall());
    let place = state.place_mut(host)?;
    let (name, subject) = (rule.name.value.as_str(), signal.subject.as_ref());
    let Some(value) = signal.value else {
        place.causes.get_mut(name, subject)?.unknown();
        return None;
    };
    let wrong = rule.threshold.is_wrong(value);
    let full_in = if wrong { place.full_in(subject) } else { None };
    let settling = now < place.settle_until;
    let cause = match wrong && !settling {
        true => place.causes.entry(name, subject)?,
        false => place.causes.get_mut(name, subject)?,
    };
    if wrong && settling && !cause.is_firing() {
        return None;
    }
    let change = cause.hear(now, value, &rule.threshold, holds);
    if wrong {
        cause.text = words::text(rule, subject, value, &signal.detail);
        cause.beyond = matches!(signal.detail, Detail::Beyond(_));
    }
    if wrong || change.is_some() {
        cause.evidence = words::evidence(rule, value, &signal.detail, full_in);
    }
    match change? {
        Change::Raised => {
            cause.since = wall;
            Some(cause.damper.raised(now))
        }
        Change::Cleared => {
            cause.damper.cleared(now);
            Some(None)
        }
    }
}
