//! The end of a round: what only the whole fleet tells, what time has done, and all of it put in words.

use crate::fleet::{AlertId, HostName, Outage};

use super::link::{self, Seen};
use super::measure::span;
use super::signal::{Detail, Signal};
use super::{Measure, Rule, Span, Told, Watchdog, id};

/// A clock told longer ago is not known any more, in milliseconds.
const FRESH: i64 = 120_000;
/// Clocks so far apart agree, in seconds.
const AGREE: f64 = 2.0;

impl Watchdog {
    /// Ends the round: tells what there is to tell, in the order in which it is to be dealt with.
    pub fn judge(&mut self) -> Vec<Told> {
        if !self.is_blind() {
            self.judge_link();
            self.judge_reach();
            self.judge_clocks();
        }
        self.tick();
        let said = std::mem::take(&mut self.said);
        for (id, (notice, loud)) in said {
            let alert = Box::new(self.alert(&id));
            let loud = loud && alert.is_loud();
            self.told.push(Told::Alert { notice, alert, loud });
        }
        self.judge_heals();
        self.release();
        self.prune();
        let told = std::mem::take(&mut self.told);
        self.changed |= !told.is_empty();
        self.state.outbox.extend(told.iter().filter(|told| told.is_for_people()).cloned());
        told
    }

    /// Our own link is suspected when most of the fleet went dark at once.
    fn judge_link(&mut self) {
        let rules: Vec<Rule> = self.rules_of(Measure::Link);
        if rules.is_empty() {
            // Where nobody wants to hear of the link, hosts are told of one by one.
            return;
        }
        let remote = || self.members.iter().filter(|member| member.watched && !member.local);
        let seen: Vec<Seen<'_>> = remote()
            .filter_map(|member| {
                let state = self.state.hosts.get(&member.host)?;
                let no_network =
                    state.away.as_ref().is_some_and(|away| away.outage == Some(Outage::NoNetwork));
                let dark_since = state.dark_since.filter(|_| state.is_dark());
                Some(Seen { host: &member.host, dark_since, no_network })
            })
            .collect();
        let suspects = link::suspects(&seen, &self.state.suspects);
        let now = self.state.clock.now;
        // Those that stay away when the link is back are away from now on.
        for host in self.state.suspects.iter().filter(|host| !suspects.contains(host)) {
            if let Some(since) = self.state.hosts.get_mut(host).and_then(|h| h.dark_since.as_mut())
            {
                *since = now;
            }
        }
        let since = suspects.iter().filter_map(|host| self.state.hosts.get(host)?.dark_since).max();
        let named: Vec<&str> = suspects.iter().map(HostName::as_str).collect();
        let evidence =
            format!("dark together: {} of {}: {}", named.len(), seen.len(), named.join(", "));
        self.state.suspects.clone_from(&suspects);
        for rule in &rules {
            let long = since.is_some_and(|since| now.0 - since.0 >= self.hold(rule));
            let value = if suspects.is_empty() { Some(0.0) } else { long.then_some(1.0) };
            let text = String::new();
            let detail = Detail::Told(text, evidence.clone());
            self.hear(None, &Signal { measure: Measure::Link, subject: "".into(), value, detail });
        }
    }

    fn judge_reach(&mut self) {
        let watched = self.members.iter().filter(|member| member.watched);
        let hosts: Vec<HostName> = watched.map(|member| member.host.clone()).collect();
        let rules = self.rules_of(Measure::Reach);
        let hold = rules.iter().map(|rule| self.hold(rule)).min().unwrap_or_default();
        for host in hosts {
            let (value, detail) = self.reach_of(&host, hold);
            let signal = Signal { measure: Measure::Reach, subject: "".into(), value, detail };
            self.hear(Some(&host), &signal);
        }
    }

    /// Whether a host is away: `None` while that cannot be told.
    fn reach_of(&self, host: &HostName, hold: i64) -> (Option<f64>, Detail<'static>) {
        let nothing = (None, Detail::None);
        let Some(state) = self.state.hosts.get(host) else { return nothing };
        if self.state.suspects.contains(host) {
            return nothing;
        }
        let ago = |millis: i64| span(millis as f64 / 1000.0);
        match (&state.away, state.dark_since) {
            (Some(away), Some(since)) => {
                let dark = self.state.clock.now.0 - since.0;
                // What it looks like is known once the link was tried anew.
                let patience = if away.outage.is_some() { hold } else { 2 * hold };
                let mut evidence = format!("nothing heard for {}", ago(dark));
                if !away.text.is_empty() {
                    evidence = format!("{evidence}; {}", away.text);
                }
                ((dark >= patience).then_some(1.0), Detail::Told(away.words(), evidence))
            }
            _ if state.is_up() => {
                let back = match state.rebooted {
                    Some(true) => "it has booted since, so it was off",
                    Some(false) => "it has not booted since, so it was cut off or stood still",
                    None => "it answers again",
                };
                let away = state.gone.map_or(0, |gone| self.state.clock.wall().0 - gone.0);
                let evidence = format!("{back}; {} after it went away", ago(away.max(0)));
                (Some(0.0), Detail::Told(String::new(), evidence))
            }
            _ => nothing,
        }
    }

    /// A clock that differs from ours while all others agree with it is not what is wrong.
    fn judge_clocks(&mut self) {
        let now = self.state.clock.now.0;
        let told = |host: &super::HostState| host.skew.filter(|(at, _)| now - at.0 < FRESH);
        let mut skews: Vec<f64> =
            self.state.hosts.values().filter_map(|host| Some(told(host)?.1)).collect();
        skews.sort_by(f64::total_cmp);
        let middle = skews.get(skews.len() / 2).copied().unwrap_or_default();
        let agreed = skews.iter().filter(|skew| (*skew - middle).abs() <= AGREE).count();
        let common = if agreed >= 2 && agreed * 2 > skews.len() { middle } else { 0.0 };
        let ours = if common.abs() > AGREE { common } else { 0.0 };
        if skews.len() >= 2 {
            let evidence = format!("{agreed} of {} hosts agree on it", skews.len());
            let detail = Detail::Told(String::new(), evidence);
            let (measure, value) = (Measure::OwnClock, Some(ours.abs()));
            self.hear(None, &Signal { measure, subject: "".into(), value, detail });
        }
        let hosts = self.state.hosts.iter();
        let each: Vec<(HostName, f64)> =
            hosts.filter_map(|(name, host)| Some((name.clone(), told(host)?.1 - ours))).collect();
        for (host, skew) in each {
            let (measure, value) = (Measure::Clock, Some(skew.abs()));
            let signal = Signal { measure, subject: "".into(), value, detail: Detail::None };
            self.hear(Some(&host), &signal);
        }
    }

    /// What only time does: flapping ends, what is well is told.
    fn tick(&mut self) {
        let now = self.state.clock.now;
        let once = self.span == Span::Once;
        let hosts = self.state.hosts.iter_mut().map(|(name, state)| (Some(name), state));
        for (host, state) in std::iter::once((None, &mut self.state.own)).chain(hosts) {
            for (rule, subject, cause) in state.causes.iter_mut() {
                let wrong = cause.is_firing();
                cause.track.watch(now, !wrong);
                let word = match once && !wrong && cause.damper.shown {
                    true => cause.damper.well_at_once(),
                    false => cause.damper.tick(now, wrong),
                };
                self.said.extend(word.map(|word| (id(rule, host, subject), word)));
            }
        }
    }

    /// What was acknowledged and is well again is over.
    fn release(&mut self) {
        let standing: Vec<AlertId> = self.causes().map(|(id, _)| id).collect();
        let over = self.state.hushes.release(&standing);
        self.told.extend(over.into_iter().map(Told::Spent));
    }

    /// Nothing is kept of what is well and long past.
    fn prune(&mut self) {
        let places = self.state.hosts.values_mut().chain(std::iter::once(&mut self.state.own));
        places.for_each(|place| place.causes.retain(|_, _, cause| !cause.is_idle()));
    }

    /// At the beginning: what no rule and no host stands behind any more is withdrawn.
    pub(super) fn withdraw(&mut self) {
        let ids: Vec<AlertId> = self.all_ids();
        for id in ids {
            let watched = |host: &HostName| self.members.iter().any(|m| m.host == *host);
            let meant = self.rules.named(&id.rule).is_some_and(|rule| {
                id.host.as_ref().is_none_or(|host| watched(host) && rule.is_for(host))
            });
            if meant {
                continue;
            }
            self.withdraw_one(&id);
        }
        let members = &self.members;
        self.state.hosts.retain(|host, _| members.iter().any(|m| m.host == *host));
        self.changed |= !self.told.is_empty();
    }

    pub(super) fn all_ids(&self) -> Vec<AlertId> {
        let of = |host: Option<&HostName>, state: &super::HostState| -> Vec<AlertId> {
            state.causes.iter().map(|(rule, subject, _)| id(rule, host, subject)).collect()
        };
        let hosts = self.state.hosts.iter().flat_map(|(name, state)| of(Some(name), state));
        of(None, &self.state.own).into_iter().chain(hosts).collect()
    }

    fn rules_of(&self, measure: Measure) -> Vec<Rule> {
        self.rules.rules.iter().filter(|rule| rule.watch == measure).cloned().collect()
    }

    /// How long it must be wrong, in milliseconds.
    fn hold(&self, rule: &Rule) -> i64 {
        if self.span == Span::Once { 0 } else { rule.hold.0 }
    }
}

impl Told {
    /// Whether it must not be lost.
    fn is_for_people(&self) -> bool {
        !matches!(self, Self::Heal(_) | Self::Spent(_))
    }

    /// Whether a person is to be disturbed with it.
    pub(super) fn is_loud(&self) -> bool {
        matches!(self, Self::Alert { loud: true, .. } | Self::Halted(_) | Self::Resumed { .. })
    }
}
