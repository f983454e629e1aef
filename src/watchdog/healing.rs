//! When a playbook heals, when it may not, and when healing halts. Runs nothing.

use crate::fleet::{AlertId, Halt, HealStage, Millis};

use super::heal::{HealEnd, HealOrder, Spent, Stage};
use super::hearing::BLIND;
use super::{Measure, Span, Told, Watchdog};

impl Watchdog {
    /// Judges the heals that have settled, and begins those that are due.
    pub(super) fn judge_heals(&mut self) {
        for id in self.all_ids() {
            let settle = self.rules.named(&id.rule).and_then(|rule| rule.heal.as_ref());
            if settle.is_none() {
                continue;
            }
            self.judge_settled(&id);
            self.begin_if_due(&id);
        }
    }

    /// A healer has ended: its outcome is judged once what it did has settled.
    pub(super) fn heal_ended(&mut self, id: &AlertId, end: HealEnd) {
        let now = self.state.clock.now;
        let settle = self.rules.named(&id.rule).and_then(|rule| rule.heal.as_ref());
        let until = Millis(now.0 + settle.map_or(0, |heal| heal.settle.0));
        let once = self.span == Span::Once;
        let Some(cause) = self.state.cause_mut(id) else { return };
        self.changed = true;
        let bad = match end {
            HealEnd::Unclear(why) => {
                cause.track.wait(now);
                return self.healed(id, HealStage::Unclear(why));
            }
            HealEnd::Failed(why) => Some(why),
            HealEnd::Well => None,
        };
        cause.track.ran = cause.track.ran.saturating_add(1);
        if once {
            // Nobody looks again: what the playbook itself has verified is what is known.
            cause.track.wait(now);
            return self.healed(id, bad.map_or(HealStage::Healed, HealStage::Failed));
        }
        cause.track.phase = Stage::Settling { until, bad };
        if let Some(place) = self.state.place_mut(id.host.as_ref()) {
            place.settle_until = until;
            place.forget();
        }
    }

    /// After a restart nobody knows how a heal ended that was under way.
    pub(super) fn settle_again(&mut self) {
        for id in self.all_ids() {
            let until = Millis(self.state.clock.now.0 + BLIND.0);
            if let Some(cause) = self.state.cause_mut(&id)
                && cause.track.phase == Stage::Running
            {
                cause.track.phase = Stage::Settling { until, bad: None };
            }
        }
    }

    /// A person lets healing go on, and answers for what was tried before.
    pub(super) fn resume(&mut self, by: String) {
        let Some(halt) = self.state.halt.take() else { return };
        self.state.budget.forgive(&halt.alert);
        if let Some(cause) = self.state.cause_mut(&halt.alert) {
            cause.track = super::heal::Track::default();
        }
        self.changed = true;
        self.told.push(Told::Resumed { by });
    }

    pub(super) fn set_halt(&mut self, halt: Halt) {
        if self.state.halt.is_none() {
            self.state.halt = Some(halt.clone());
            self.told.push(Told::Halted(halt));
            self.changed = true;
        }
    }

    fn judge_settled(&mut self, id: &AlertId) {
        let now = self.state.clock.now;
        let away = id.host.as_ref().and_then(|host| self.state.hosts.get(host));
        let away = away.is_some_and(|host| !host.is_up());
        let Some(cause) = self.state.cause_mut(id) else { return };
        let Stage::Settling { until, bad } = cause.track.phase.clone() else { return };
        if now < until {
            return;
        }
        let stage = if !cause.is_firing() {
            cause.track.phase = Stage::Idle;
            HealStage::Healed
        } else if away || !cause.is_fresh(now) {
            cause.track.wait(now);
            HealStage::Unclear("nothing was heard of it since".to_owned())
        } else {
            cause.track.wait(now);
            HealStage::Failed(bad.unwrap_or_else(|| "it ran well, and still it is so".to_owned()))
        };
        self.healed(id, stage);
    }

    fn healed(&mut self, id: &AlertId, stage: HealStage) {
        let heal = self.rules.named(&id.rule).and_then(|rule| rule.heal.as_ref());
        let playbook = heal.map_or_else(String::new, |heal| heal.playbook.value.clone());
        let run = self.state.cause(id).and_then(|cause| cause.track.run.clone());
        self.told.push(Told::Healed { alert: id.clone(), run, playbook, stage });
    }

    fn begin_if_due(&mut self, id: &AlertId) {
        let now = self.state.clock.now;
        let Some(host) = id.host.clone() else { return };
        let Some(heal) = self.rules.named(&id.rule).and_then(|rule| rule.heal.clone()) else {
            return;
        };
        let due = |cause: &super::cause::Cause| cause.is_firing() && cause.track.is_due(now);
        if !self.state.cause(id).is_some_and(due) {
            return;
        }
        if let Some(why) = self.obstacle(id) {
            return self.hold_back(id, why);
        }
        match self.state.budget.take(now, &host, id) {
            Ok(()) => {
                if let Some(cause) = self.state.cause_mut(id) {
                    cause.track.begin();
                }
                let playbook = heal.playbook.value;
                self.changed = true;
                self.told.push(Told::Heal(HealOrder { alert: id.clone(), host, playbook }));
            }
            Err(Spent::Cause) if self.has_run(id) => self.give_up(id),
            Err(spent) => self.hold_back(id, spent.words().to_owned()),
        }
    }

    /// Why nothing is healed now, if something stands in the way.
    fn obstacle(&self, id: &AlertId) -> Option<String> {
        let host = self.state.hosts.get(id.host.as_ref()?)?;
        let cause = self.state.cause(id)?;
        let (now, hushes) = (self.state.clock.now, &self.state.hushes);
        let why = if self.state.halt.is_some() {
            "healing has halted; `shelter watch resume` lets it go on"
        } else if self.is_blind() {
            "nothing is judged for a while"
        } else if self.suspects_link() {
            "our own link is suspected"
        } else if !host.is_up() {
            "the host is away"
        } else if !cause.is_fresh(now) {
            "its state is not known"
        } else if cause.beyond {
            "there is nothing there that could be started"
        } else if host.tool_hung {
            let measure = Measure::GpuTool;
            return measure
                .not_healed()
                .map(|why| format!("a card's telemetry hangs there: {why}"));
        } else if hushes.acknowledged(id).is_some() || hushes.silenced(id).is_some() {
            "somebody looks after it"
        } else if host.causes.iter().any(|(_, _, other)| other.track.is_busy()) {
            "another heal is at work there"
        } else {
            return None;
        };
        Some(why.to_owned())
    }

    fn hold_back(&mut self, id: &AlertId, why: String) {
        if let Some(cause) = self.state.cause_mut(id)
            && cause.track.held.as_ref() != Some(&why)
        {
            cause.track.held = Some(why);
            self.changed = true;
        }
    }

    fn has_run(&self, id: &AlertId) -> bool {
        self.state.cause(id).is_some_and(|cause| cause.track.ran > 0)
    }

    /// Healing does not help, so it ends: a machine that does the same again and again is worse than one that is down.
    fn give_up(&mut self, id: &AlertId) {
        let Some(cause) = self.state.cause(id) else { return };
        let why = format!("{}, and still: {}", Spent::Cause.words(), cause.text);
        let (since, run) = (self.state.clock.wall(), cause.track.run.clone());
        self.set_halt(Halt { since, alert: id.clone(), why, run });
    }
}
