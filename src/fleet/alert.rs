//! An alert: one thing that is wrong with one host, in words that the watchdog, the records and the faces share.

use std::fmt;

use super::{AlertId, RunId, Timestamp};

/// How much an alert matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Notice,
    /// Look at it today.
    Warning,
    /// Look at it now.
    Critical,
}

/// Something that is wrong now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Alert {
    /// What it is about.
    pub id: AlertId,
    /// How much it matters.
    pub severity: Severity,
    /// Since when, this time.
    pub since: Timestamp,
    /// What is wrong, in one line.
    pub text: String,
    /// How it is known: the values and the threshold.
    pub evidence: String,
    /// The command that helps, or what to look at.
    pub hint: Option<String>,
    /// How often it was raised without being quiet for long in between.
    pub times: u32,
    /// Whether it comes and goes so often that it is told of no more until it stands still.
    pub flapping: bool,
    /// The alert it follows from, which is the one to look at.
    pub behind: Option<AlertId>,
    /// Somebody looks after it: nothing is told and nothing healed until then.
    pub acknowledged: Option<Hush>,
    /// Somebody wants to hear nothing of it until then.
    pub silenced: Option<Hush>,
    /// What healing it is at, in words.
    pub healing: Option<String>,
}

/// A wish to be told nothing, which ends by itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Hush {
    /// Who wishes it.
    pub by: String,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub why: Option<String>,
}

/// What there is to tell about an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// It is wrong.
    Raised,
    /// It comes and goes; no more is told until it stands still.
    Flapping,
    /// It came and went, and now it stays wrong.
    Stays,
    /// It is well again.
    Cleared,
    /// Nobody asks about it any more: its rule or its host is gone.
    Withdrawn,
}

/// How healing goes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealStage {
    /// A playbook runs.
    Began,
    /// It ran, and what was wrong is well.
    Healed,
    /// It ran, or could not, and what was wrong is still so.
    Failed(String),
    /// Nothing was tried, or nobody can tell what came of it.
    Unclear(String),
}

impl fmt::Display for HealStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Began => f.write_str("began"),
            Self::Healed => f.write_str("healed"),
            Self::Failed(why) => write!(f, "failed: {why}"),
            Self::Unclear(why) => write!(f, "unclear: {why}"),
        }
    }
}

/// Healing has halted: nothing is healed until a person says `shelter watch resume`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Halt {
    /// Since when.
    pub since: Timestamp,
    /// What could not be healed.
    pub alert: AlertId,
    /// What was tried.
    pub why: String,
    /// The last run that tried.
    pub run: Option<RunId>,
}

/// What the watchdog of a home stands at, for every face.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Watching {
    /// When its last round ended.
    pub at: Timestamp,
    /// Who watches: `rc@console (pid 4711)`.
    pub watcher: String,
    /// How many hosts are watched.
    pub hosts: usize,
    /// What is wrong now, the gravest first.
    pub alerts: Vec<Alert>,
    /// Whether healing has halted, and why.
    pub halt: Option<Halt>,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl Notice {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Flapping => "flapping",
            Self::Stays => "stays",
            Self::Cleared => "cleared",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether what it tells of is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Cleared | Self::Withdrawn)
    }
}

impl Alert {
    /// Whether a person is to be told of it now.
    pub fn is_loud(&self) -> bool {
        self.behind.is_none() && self.acknowledged.is_none() && self.silenced.is_none()
    }
}
