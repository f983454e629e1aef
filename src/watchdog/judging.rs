//! The end of a round: which hosts are away, what time has done, and all of it put in words.

use crate::fleet::{AlertId, HostName, Millis};

use super::host::HostState;
use super::memory::id;
use super::signal::{Detail, Signal};
use super::{Measure, Rule, Span, Told, Watchdog};

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
        match (&state.away, state.dark_since) {
            (Some(away), Some(since)) => {
                let dark = Millis(self.state.clock.now.0 - since.0);
                // What it looks like is known once the link was tried anew.
                let patience = if away.outage.is_some() { hold } else { 2 * hold };
                let mut evidence = format!("nothing heard for {dark}");
                if !away.text.is_empty() {
                    evidence = format!("{evidence}; {}", away.text);
                }
                ((dark.0 >= patience).then_some(1.0), Detail::Told(away.words(), evidence))
            }
            _ if state.is_up() => {
                let back = match state.rebooted {
                    Some(true) => "it has booted since, so it was off",
                    Some(false) => "it has not booted since, so it was cut off or stood still",
                    None => "it answers again",
                };
                let away = state.gone.map_or(0, |gone| self.state.clock.wall().0 - gone.0);
                let evidence = format!("{back}; {} after it went away", Millis(away.max(0)));
                (Some(0.0), Detail::Told(String::new(), evidence))
            }
            _ => nothing,
        }
    }

    /// What only time does: flapping ends, what is well is told.
    fn tick(&mut self) {
        let now = self.state.clock.now;
        let once = self.span == Span::Once;
        let members = &self.members;
        let seen = |host: Option<&HostName>| {
            members
                .iter()
                .any(|member| member.watched && host.is_none_or(|one| member.host == *one))
        };
        let hosts = self.state.hosts.iter_mut().map(|(name, state)| (Some(name), state));
        for (host, state) in std::iter::once((None, &mut self.state.own)).chain(hosts) {
            // What is not looked at is left as it is by one round.
            if once && !seen(host) {
                continue;
            }
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
        let of = |host: Option<&HostName>, state: &HostState| -> Vec<AlertId> {
            state.causes.iter().map(|(rule, subject, _)| id(rule, host, subject)).collect()
        };
        let hosts = self.state.hosts.iter().flat_map(|(name, state)| of(Some(name), state));
        of(None, &self.state.own).into_iter().chain(hosts).collect()
    }

    pub(super) fn rules_of(&self, measure: Measure) -> Vec<Rule> {
        self.rules.rules.iter().filter(|rule| rule.watch == measure).cloned().collect()
    }

    /// How long it must be wrong, in milliseconds.
    pub(super) fn hold(&self, rule: &Rule) -> i64 {
        if self.span == Span::Once { 0 } else { rule.hold.0 }
    }
}
