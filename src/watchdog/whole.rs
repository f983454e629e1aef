//! What only the whole fleet tells: whether our own link is down, whether our own clock is off. A watch over some hosts
//! clears nothing of that kind but what it has found wrong itself.

use std::collections::BTreeSet;

use crate::fleet::{AlertId, HostName, Millis, Outage};

use super::cause::Cause;
use super::host::HostState;
use super::link::{self, Seen};
use super::signal::{Detail, Signal};
use super::{Measure, Member, Rule, Rules, Watchdog};

/// A clock told longer ago is not known any more, in milliseconds.
const FRESH: i64 = 120_000;
/// Clocks so far apart agree, in seconds.
const AGREE: f64 = 2.0;

impl Watchdog {
    /// Our own link is suspected when most of the fleet went dark at once.
    pub(super) fn judge_link(&mut self) {
        let rules: Vec<Rule> = self.rules_of(Measure::Link);
        if rules.is_empty() {
            // Where nobody wants to hear of the link, hosts are told of one by one.
            return;
        }
        let remote = self.members.iter().filter(|member| member.watched && !member.local);
        let seen: Vec<Seen<'_>> = remote.filter_map(|member| self.seen(member)).collect();
        let suspects = link::suspects(&seen, &self.state.suspects);
        let named: Vec<&str> = suspects.iter().map(HostName::as_str).collect();
        let evidence =
            format!("dark together: {} of {}: {}", named.len(), seen.len(), named.join(", "));
        self.suspect(&suspects);
        let now = self.state.clock.now;
        let since = suspects.iter().filter_map(|host| self.state.hosts.get(host)?.dark_since).max();
        for rule in &rules {
            let long = since.is_some_and(|since| now.0 - since.0 >= self.hold(rule));
            let value = if suspects.is_empty() { Some(0.0) } else { long.then_some(1.0) };
            self.hear_own(Measure::Link, value, Detail::Told(String::new(), evidence.clone()));
        }
    }

    /// What of a host counts for the link. `None`: it is dark and was not known to be up before, so that it tells nothing.
    fn seen<'a>(&self, member: &'a Member) -> Option<Seen<'a>> {
        let state = self.state.hosts.get(&member.host)?;
        let outage = state.away.as_ref().and_then(|away| away.outage);
        let no_network = outage == Some(Outage::NoNetwork);
        let dark_since = state.dark_since.filter(|_| state.is_dark());
        let tells = dark_since.is_none_or(|since| {
            !self.was_away(&member.host, since) && (no_network || state.known_up)
        });
        tells.then_some(Seen { host: &member.host, dark_since, no_network })
    }

    /// Whether a host was told of as away before anything became of our link.
    fn was_away(&self, host: &HostName, since: Millis) -> bool {
        let Some(state) = self.state.hosts.get(host) else { return false };
        let long = self.state.clock.now.0 - since.0 > link::TOGETHER.0;
        let told = is_told_away(&self.rules, state);
        told && (long || !state.known_up) && !self.state.suspects.contains(host)
    }

    /// Those are suspected from here on. What is known of hosts that are not watched stays.
    fn suspect(&mut self, suspects: &[HostName]) {
        let now = self.state.clock.now;
        let watched = watched(&self.members);
        let (looked_at, others): (Vec<HostName>, Vec<HostName>) =
            std::mem::take(&mut self.state.suspects)
                .into_iter()
                .partition(|host| watched.contains(host));
        // Those that stay away when the link is back are away from now on.
        for host in looked_at.iter().filter(|host| !suspects.contains(host)) {
            if let Some(since) = self.state.hosts.get_mut(host).and_then(|h| h.dark_since.as_mut())
            {
                *since = now;
            }
        }
        self.state.suspects = suspects.iter().cloned().chain(others).collect();
    }

    /// Whether our own link is suspected, as far as the watched hosts tell.
    pub(super) fn suspects_link(&self) -> bool {
        let watched = watched(&self.members);
        self.state.suspects.iter().any(|host| watched.contains(host))
    }

    /// A clock that differs from ours while all others agree with it is not what is wrong.
    pub(super) fn judge_clocks(&mut self) {
        let now = self.state.clock.now.0;
        let told = |host: &HostState| host.skew.filter(|(at, _)| now - at.0 < FRESH);
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
            self.hear_own(Measure::OwnClock, Some(ours.abs()), detail);
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

    /// Judges what is about no host.
    fn hear_own(&mut self, measure: Measure, value: Option<f64>, detail: Detail<'_>) {
        if value.is_some_and(|value| value > 0.0) {
            self.found.insert(measure);
        }
        let whole = self.members.iter().all(|member| member.watched);
        if whole || self.found.contains(&measure) {
            self.hear(None, &Signal { measure, subject: "".into(), value, detail });
        }
    }

    /// Whether an alert is about what is watched now.
    pub fn looks_at(&self, id: &AlertId) -> bool {
        let whole = || self.members.iter().all(|member| member.watched);
        let found =
            || self.rules.named(&id.rule).is_some_and(|rule| self.found.contains(&rule.watch));
        match &id.host {
            Some(host) => watched(&self.members).contains(host),
            None => whole() || found(),
        }
    }

    /// Notes which hosts are known to be up, before anything is heard of them anew: only those can go dark.
    pub(super) fn expect(&mut self) {
        for host in self.state.hosts.values_mut() {
            let was_up = host.seen_up || host.boot_id.is_some();
            host.known_up = was_up && !is_told_away(&self.rules, host);
        }
    }
}

fn is_told_away(rules: &Rules, host: &HostState) -> bool {
    let mut reach = rules.rules.iter().filter(|rule| rule.watch == Measure::Reach);
    reach.any(|rule| host.causes.get(&rule.name.value, "").is_some_and(Cause::is_firing))
}

fn watched(members: &[Member]) -> BTreeSet<&HostName> {
    members.iter().filter(|member| member.watched).map(|member| &member.host).collect()
}
