//! The stream: what happened lately, one line each, the newest last. Forgets the oldest.

use std::collections::VecDeque;

use crate::fleet::{
    Care, Event, HealStage, HostEvent, HostName, HostOutcome, LastState, Stamped, Timestamp,
    Verdict,
};
use crate::records::{Entry, Level, Noted};
use crate::theme::State;

/// Lines that are kept.
const KEPT: usize = 500;

/// What happened lately.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    lines: VecDeque<Happening>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// Where, if it was on one host.
    pub host: Option<HostName>,
    /// How it is marked.
    pub state: State,
    /// What, in a line.
    pub text: String,
}

impl Stream {
    /// Takes an event in, if it is worth a line.
    pub fn take(&mut self, stamped: &Stamped) {
        if let Some((host, state, text)) = told(&stamped.event) {
            self.push(Happening { at: stamped.at, host, state, text });
        }
    }

    /// Takes in what the history tells.
    pub fn recall(&mut self, noted: &Noted) {
        let Entry { level, host, text, .. } = &noted.entry;
        let (host, text) = (host.clone(), text.clone());
        self.push(Happening { at: noted.at, host, state: of_level(*level), text });
    }

    /// Adds a line.
    pub fn push(&mut self, told: Happening) {
        self.lines.push_back(told);
        if self.lines.len() > KEPT {
            self.lines.pop_front();
        }
    }

    /// The lines, the newest last.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &Happening> + ExactSizeIterator {
        self.lines.iter()
    }
}

type Line = (Option<HostName>, State, String);

fn told(event: &Event) -> Option<Line> {
    Some(match event {
        Event::Connecting { .. } => return None,
        Event::Reached { host, took } => {
            (Some(host.clone()), State::Ok, format!("reached in {} ms", took.0))
        }
        Event::Gathered { host, .. } => {
            (Some(host.clone()), State::Ok, "facts gathered".to_owned())
        }
        Event::Unreachable { host, failure } => {
            (Some(host.clone()), State::Unreachable, failure.text.clone())
        }
        Event::RunBegan(head) => {
            let text = format!("{} begins ({})", head.playbook, head.purpose);
            (None, State::Running, text)
        }
        Event::OnHost { host, what, .. } => on_host(host, what)?,
        Event::RunLeft { run } => (None, State::Skipped, format!("run {run} is left to itself")),
        Event::RunEnded { run } => (None, State::Ok, format!("run {run} is over")),
        Event::Alerted { .. } | Event::Healing { .. } => watched(event)?,
        Event::Halted(halt) => {
            let text = format!("healing halted: {}: {}", halt.alert, halt.why);
            (halt.alert.host.clone(), State::Failed, text)
        }
        Event::Resumed { by } => (None, State::Warning, format!("{by} lets healing go on")),
        Event::Remarked { text } => (None, State::Warning, text.clone()),
    })
}

/// What the watchdog tells of an alert.
fn watched(event: &Event) -> Option<Line> {
    match event {
        Event::Alerted { notice, alert } => {
            let state = if notice.is_over() { State::Ok } else { State::Warning };
            let text = format!("{} {}: {}", alert.id, notice.word(), alert.text);
            Some((alert.id.host.clone(), state, text))
        }
        Event::Healing { alert, playbook, stage, .. } => {
            let (state, word) = match stage {
                HealStage::Began => (State::Running, "heals"),
                HealStage::Healed => (State::Changed, "healed"),
                HealStage::Failed(_) => (State::Failed, "did not heal"),
                HealStage::Unclear(_) => (State::Unknown, "came to nothing for"),
            };
            Some((alert.host.clone(), state, format!("{playbook} {word} {alert}")))
        }
        _ => None,
    }
}

fn on_host(host: &HostName, what: &HostEvent) -> Option<Line> {
    let (state, text) = match what {
        HostEvent::Began { .. } | HostEvent::StepBegan { .. } => return None,
        HostEvent::Detached { by } => (State::Running, format!("goes on by {by}")),
        HostEvent::StepEnded(end) => (of_verdict(end.verdict), end.step.name.clone()),
        HostEvent::Note { text } => (State::Warning, text.clone()),
        HostEvent::Owed { handler } => (State::Warning, format!("owes {handler}")),
        HostEvent::Waived { handler } => (State::RolledBack, format!("no longer owes {handler}")),
        HostEvent::Undone { step, .. } => (State::RolledBack, step.name.clone()),
        HostEvent::LostTouch { failure } => {
            (State::Unreachable, format!("lost touch: {}", failure.text))
        }
        HostEvent::Ended { outcome, recap } => {
            let (state, word) = of_outcome(outcome);
            let changed = match recap.changed {
                0 => "nothing changed".to_owned(),
                n => format!("{n} changed"),
            };
            (state, format!("{word}, {changed}"))
        }
    };
    Some((Some(host.clone()), state, text))
}

/// How what a step came to is marked.
pub fn of_verdict(verdict: Verdict) -> State {
    match verdict {
        Verdict::Ok => State::Ok,
        Verdict::Changed => State::Changed,
        Verdict::Skipped => State::Skipped,
        Verdict::Failed => State::Failed,
        Verdict::Ignored => State::Warning,
        Verdict::Unknown => State::Unknown,
    }
}

/// How a line of the history is marked.
pub fn of_level(level: Level) -> State {
    match level {
        Level::Info => State::Ok,
        Level::Warn => State::Warning,
        Level::Error => State::Failed,
    }
}

/// How a run is marked that has not ended.
pub fn of_care(care: Care) -> State {
    match care {
        Care::Ours | Care::Theirs => State::Running,
        Care::Left => State::Skipped,
        Care::Interrupted => State::Warning,
        Care::Unseen => State::Unknown,
    }
}

/// How the end of a run on a host is marked, and the word for it.
pub fn of_outcome(outcome: &HostOutcome) -> (State, &'static str) {
    match outcome {
        HostOutcome::Well => (State::Ok, "well"),
        HostOutcome::Failed => (State::Failed, "failed"),
        HostOutcome::RolledBack => (State::RolledBack, "rolled back"),
        HostOutcome::Cancelled => (State::Cancelled, "cancelled"),
        HostOutcome::Unreachable(_) => (State::Unreachable, "unreachable"),
        HostOutcome::Refused(_) => (State::Refused, "refused"),
        HostOutcome::LeftOut(_) => (State::Skipped, "left out"),
        HostOutcome::Lost => (State::Unknown, "lost"),
    }
}

/// How what a status file says is marked.
pub fn of_last(state: LastState) -> State {
    match state {
        LastState::Well => State::Ok,
        LastState::Failed => State::Failed,
        LastState::Refused => State::Refused,
        LastState::Unreachable => State::Unreachable,
        LastState::Cancelled => State::Cancelled,
        LastState::RolledBack | LastState::Undone => State::RolledBack,
        LastState::Lost => State::Unknown,
    }
}
