//! Healing one cause: what was tried, when the next try is due, and how it went. Runs nothing.

mod budget;

use crate::fleet::{AlertId, HostName, Millis, RunId};

pub(super) use budget::{Budget, Spent};

/// The first wait after a try; it doubles up to the longest.
const FIRST_WAIT: Millis = Millis(10_000);
const LONGEST_WAIT: Millis = Millis(300_000);
/// Well for so long, and what was tried before is forgotten.
const WELL: Millis = Millis(600_000);

/// A wish to run a playbook that heals.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HealOrder {
    /// What it is to heal.
    pub alert: AlertId,
    /// On which host.
    pub host: HostName,
    /// The playbook.
    pub playbook: String,
}

/// How the run of a healer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealEnd {
    /// As wished.
    Well,
    /// A step failed.
    Failed(String),
    /// Nothing was tried, or nobody can tell.
    Unclear(String),
}

/// What was tried on one cause.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Track {
    pub phase: Stage,
    /// Tries since it was last well for a while.
    pub tries: u32,
    /// … of which ran, whatever came of it.
    pub ran: u32,
    pub run: Option<RunId>,
    /// Why nothing is tried now.
    pub held: Option<String>,
    well_since: Option<Millis>,
}

/// Where healing stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Stage {
    #[default]
    Idle,
    Running,
    /// It ran; the outcome is judged then.
    Settling {
        until: Millis,
        bad: Option<String>,
    },
    Waiting {
        until: Millis,
    },
}

impl Track {
    /// A try begins.
    pub fn begin(&mut self) {
        self.phase = Stage::Running;
        self.tries = self.tries.saturating_add(1);
        (self.run, self.held, self.well_since) = (None, None, None);
    }

    /// The next try comes after a wait.
    pub fn wait(&mut self, now: Millis) {
        let doubled = FIRST_WAIT.0 << self.tries.saturating_sub(1).min(10);
        self.phase = Stage::Waiting { until: Millis(now.0 + doubled.min(LONGEST_WAIT.0)) };
    }

    /// What it is about is well, or is not.
    pub fn watch(&mut self, now: Millis, well: bool) {
        if !well {
            self.well_since = None;
            return;
        }
        self.held = None;
        if matches!(self.phase, Stage::Waiting { .. }) {
            self.phase = Stage::Idle;
        }
        let since = *self.well_since.get_or_insert(now);
        if self.phase == Stage::Idle && now.0 - since.0 >= WELL.0 {
            *self = Self::default();
        }
    }

    /// Whether a try is due as far as this cause goes.
    pub fn is_due(&self, now: Millis) -> bool {
        match self.phase {
            Stage::Idle => true,
            Stage::Waiting { until } => now >= until,
            Stage::Running | Stage::Settling { .. } => false,
        }
    }

    /// Whether its host is being worked on.
    pub fn is_busy(&self) -> bool {
        matches!(self.phase, Stage::Running | Stage::Settling { .. })
    }

    /// Whether nothing of it is worth keeping.
    pub fn is_idle(&self) -> bool {
        self.phase == Stage::Idle && self.tries == 0
    }

    /// Where it stands, in words.
    pub fn words(&self, now: Millis, playbook: &str) -> Option<String> {
        if let Some(held) = &self.held {
            return Some(format!("held: {held}"));
        }
        let run = self.run.as_ref().map(|run| format!(" (run {run})")).unwrap_or_default();
        match &self.phase {
            Stage::Idle => None,
            Stage::Running => Some(format!("{playbook} runs{run}")),
            Stage::Settling { .. } => Some(format!("{playbook} ran{run}; it settles")),
            Stage::Waiting { until } => {
                let left = Millis((until.0 - now.0).max(0));
                Some(format!("{} tries; the next in {left}", self.tries))
            }
        }
    }
}
