//! The fold of all events: what is known of the fleet now.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    Alert, AlertId, Care, Engine, Event, Facts, Failure, Halt, HostEvent, HostName, HostOutcome,
    Millis, Recap, RunHead, RunId, Sample, Stamped, StepEnd, StepHead, Timestamp,
};

/// Runs that are over are forgotten beyond so many.
const MOST_RUNS: usize = 200;

/// What is known of the fleet now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fleet {
    /// The hosts that were heard of.
    pub hosts: BTreeMap<HostName, HostState>,
    /// The runs that were heard of, by name.
    pub runs: BTreeMap<RunId, RunState>,
    /// What is wrong, as the watchdog has told.
    pub alerts: BTreeMap<AlertId, Alert>,
    /// Whether the watchdog has stopped healing, and why.
    pub halt: Option<Halt>,
    /// The sequence number of the last event folded in.
    pub seq: u64,
}

/// What is known of one run now.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// What it is.
    pub head: RunHead,
    /// When it began.
    pub began: Timestamp,
    /// When it ended, if it has.
    pub ended: Option<Timestamp>,
    /// Who looks after it, where it has not ended.
    pub care: Care,
    /// Its hosts.
    pub hosts: BTreeMap<HostName, HostRun>,
}

/// What is known of one host's part in a run now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostRun {
    /// Its steps and, behind them, its handlers.
    pub steps: Vec<StepHead>,
    /// Whether root carries it out.
    pub as_root: bool,
    /// The step under way.
    pub current: Option<StepHead>,
    /// The steps that have ended.
    pub done: Vec<StepEnd>,
    /// Handlers that were notified and have not run.
    pub owed: Vec<String>,
    /// How it ended, if it has.
    pub outcome: Option<(HostOutcome, Recap)>,
}

/// What is known of one host now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostState {
    /// Whether it can be reached.
    pub reach: Reachability,
    /// Its facts, when last gathered.
    pub facts: Option<(Timestamp, Box<Facts>)>,
    /// What it was doing, when last looked at. No event tells this: it is worth nothing a minute later.
    pub look: Option<Look>,
}

/// What a host was doing at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// When it told so.
    pub at: Timestamp,
    /// What its sensors told.
    pub sample: Arc<Sample>,
    /// What its engines told. `None` before all were asked.
    pub engines: Option<Arc<Vec<Engine>>>,
}

/// Whether a host can be reached.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reachability {
    /// Nobody has tried.
    #[default]
    Unknown,
    /// A connection is being made.
    Connecting,
    /// It answers.
    Up(Millis),
    /// It does not.
    Down(Failure),
}

impl Fleet {
    /// Takes one event in.
    pub fn fold(&mut self, stamped: &Stamped) {
        self.seq = stamped.seq;
        match &stamped.event {
            Event::Connecting { host } => self.host(host).reach = Reachability::Connecting,
            Event::Reached { host, took } => self.host(host).reach = Reachability::Up(*took),
            Event::Gathered { host, facts } => {
                self.host(host).facts = Some((stamped.at, facts.clone()));
            }
            Event::Unreachable { host, failure } => {
                self.host(host).reach = Reachability::Down(failure.clone());
            }
            // A run that is resumed begins a second time; what is known of it stays.
            Event::RunBegan(head) => {
                let new = || RunState::new(head, stamped.at);
                let run = self.runs.entry(head.run.clone()).or_insert_with(new);
                (run.ended, run.care) = (None, Care::Ours);
                self.forget();
            }
            Event::OnHost { run, host, what } => {
                if let Some(run) = self.runs.get_mut(run) {
                    run.hosts.entry(host.clone()).or_default().fold(what);
                }
            }
            Event::RunLeft { run } => {
                if let Some(run) = self.runs.get_mut(run) {
                    run.care = Care::Left;
                }
            }
            Event::RunEnded { run } => {
                if let Some(run) = self.runs.get_mut(run) {
                    run.ended = Some(stamped.at);
                }
            }
            Event::Alerted { notice, alert } if notice.is_over() => {
                self.alerts.remove(&alert.id);
            }
            Event::Alerted { alert, .. } => {
                self.alerts.insert(alert.id.clone(), (**alert).clone());
            }
            Event::Halted(halt) => self.halt = Some(halt.clone()),
            Event::Resumed { .. } => self.halt = None,
            Event::Healing { .. } | Event::Remarked { .. } => {}
        }
    }

    /// A console that stays open for weeks does not remember every run: the records do.
    fn forget(&mut self) {
        while self.runs.len() > MOST_RUNS {
            let over = self.runs.values().filter(|run| run.ended.is_some());
            let Some(oldest) = over.min_by_key(|run| run.began) else { return };
            let oldest = oldest.head.run.clone();
            self.runs.remove(&oldest);
        }
    }

    /// Takes in what the records know of a run that this console has let go: another process may have gone on with it.
    pub fn learn(&mut self, run: RunState) {
        if let Some(known) = self.runs.get_mut(&run.head.run)
            && known.ended.is_none()
            && known.care != Care::Ours
        {
            *known = run;
        }
    }

    /// Takes in what a host was seen doing, and whether it could be reached for that.
    pub fn saw(&mut self, host: &HostName, reach: Reachability, look: Option<Look>) {
        let known = self.host(host);
        (known.reach, known.look) = (reach, look);
    }

    fn host(&mut self, host: &HostName) -> &mut HostState {
        self.hosts.entry(host.clone()).or_default()
    }
}

impl RunState {
    fn new(head: &RunHead, began: Timestamp) -> Self {
        let hosts = head.hosts.iter().map(|h| (h.clone(), HostRun::default())).collect();
        Self { head: head.clone(), began, ended: None, care: Care::Ours, hosts }
    }
}

impl HostRun {
    fn fold(&mut self, what: &HostEvent) {
        match what {
            HostEvent::Began { steps, as_root } => {
                self.steps.clone_from(steps);
                self.as_root = *as_root;
            }
            HostEvent::StepBegan { step } => self.current = Some(step.clone()),
            HostEvent::StepEnded(end) => {
                self.current = None;
                if end.verdict.is_settled() {
                    self.owed.retain(|handler| *handler != end.step.name);
                }
                self.done.push((**end).clone());
            }
            HostEvent::Owed { handler } if self.owed.contains(handler) => {}
            HostEvent::Owed { handler } => self.owed.push(handler.clone()),
            HostEvent::Waived { handler } => self.owed.retain(|owed| owed != handler),
            HostEvent::Ended { outcome, recap } => {
                self.current = None;
                self.outcome = Some((outcome.clone(), *recap));
            }
            HostEvent::Detached { .. }
            | HostEvent::Note { .. }
            | HostEvent::Undone { .. }
            | HostEvent::LostTouch { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Purpose;

    #[test]
    fn of_many_runs_the_oldest_that_is_over_is_forgotten() {
        let mut fleet = Fleet::default();
        let mut seq = 0;
        let mut tell = |fleet: &mut Fleet, event| {
            seq += 1;
            fleet.fold(&Stamped { seq, at: Timestamp(seq.cast_signed()), event });
        };
        for number in 0..=u32::try_from(MOST_RUNS).unwrap() + 1 {
            let head = RunHead {
                run: RunId::new(number),
                playbook: "00_check_structure".into(),
                hosts: Vec::new(),
                purpose: Purpose::Apply,
                provides: Vec::new(),
                actor: "rc@console".into(),
            };
            let run = head.run.clone();
            tell(&mut fleet, Event::RunBegan(head));
            // The first one goes on.
            if number > 0 {
                tell(&mut fleet, Event::RunEnded { run });
            }
        }
        assert_eq!(fleet.runs.len(), MOST_RUNS);
        assert!(fleet.runs.contains_key(&RunId::new(0)));
        assert!(!fleet.runs.contains_key(&RunId::new(1)));
    }

    #[test]
    fn the_records_are_believed_of_a_run_that_was_let_go_and_of_no_other() {
        let host = HostName::new("phantom").unwrap();
        let head = RunHead {
            run: RunId::new(7),
            playbook: "00_check_structure".into(),
            hosts: vec![host],
            purpose: Purpose::Apply,
            provides: Vec::new(),
            actor: "rc@console".into(),
        };
        let run = head.run.clone();
        let mut fleet = Fleet::default();
        let tell = |fleet: &mut Fleet, event| {
            fleet.fold(&Stamped { seq: 1, at: Timestamp(1), event });
        };
        let over =
            |fleet: &Fleet| RunState { ended: Some(Timestamp(9)), ..fleet.runs[&run].clone() };
        tell(&mut fleet, Event::RunBegan(head));
        fleet.learn(over(&fleet));
        assert_eq!(fleet.runs[&run].ended, None, "it is ours");
        tell(&mut fleet, Event::RunLeft { run: run.clone() });
        assert_eq!(fleet.runs[&run].care, Care::Left);
        fleet.learn(over(&fleet));
        assert_eq!(fleet.runs[&run].ended, Some(Timestamp(9)));
    }
}
