//! How a playbook stands on a host, in the closed set of words that status files and faces share.

use std::fmt;

use super::HostOutcome;

/// How a playbook last went on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastState {
    /// As wished.
    Well,
    /// A step failed.
    Failed,
    /// A step failed, and what the run had changed was taken back.
    RolledBack,
    /// Somebody ended it.
    Cancelled,
    /// The host could not be reached.
    Unreachable,
    /// The host answered, but the run could not begin or go on there.
    Refused,
    /// Nobody can tell.
    Lost,
    /// It was taken back.
    Undone,
}

impl LastState {
    /// What the end of a run makes of it. `None` where nothing was tried.
    pub fn after(outcome: &HostOutcome) -> Option<Self> {
        Some(match outcome {
            HostOutcome::Well => Self::Well,
            HostOutcome::Failed => Self::Failed,
            HostOutcome::RolledBack => Self::RolledBack,
            HostOutcome::Cancelled => Self::Cancelled,
            HostOutcome::Unreachable(_) => Self::Unreachable,
            HostOutcome::Refused(_) => Self::Refused,
            HostOutcome::Lost => Self::Lost,
            HostOutcome::LeftOut(_) => return None,
        })
    }

    /// Whether something may have been done there.
    pub fn has_acted(self) -> bool {
        !matches!(self, Self::Unreachable | Self::Refused)
    }

    /// The word for it in status files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Failed => "failed",
            Self::RolledBack => "rolled_back",
            Self::Cancelled => "cancelled",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Lost => "lost",
            Self::Undone => "undone",
        }
    }
}

impl fmt::Display for LastState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
