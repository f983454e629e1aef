//! A run: one execution of a playbook, in words that the engine, the records and the faces share.

use std::fmt;

use super::{Failure, HostName, Millis};

/// The name of a run, unique in its home: capital letters and digits that cannot be mistaken for each other.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct RunId(String);

/// What is known of a run before any host has answered.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RunHead {
    /// The run.
    pub run: RunId,
    /// The playbook's id, as `03_build_llama_cpp`.
    pub playbook: String,
    /// Its hosts.
    pub hosts: Vec<HostName>,
    /// What it is allowed to do.
    pub purpose: Purpose,
    /// The flags it leaves where it goes well.
    pub provides: Vec<String>,
    /// Who asked for it, as `rc@console`.
    pub actor: String,
}

/// What a run is allowed to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Make it so.
    Apply,
    /// Make some of its steps so: what it provides is not proven by that.
    Part,
    /// Look, and change nothing.
    Check,
    /// Take another run back.
    Undo(RunId),
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was so already.
    Ok,
    /// It is so now; under `--check`: it would be made so.
    Changed,
    /// It was not asked for here.
    Skipped,
    /// It could not be made so.
    Failed,
    /// Failed, and the playbook says never mind.
    Ignored,
    /// It cannot be told, because it hangs on a step that was not taken.
    Unknown,
}

/// Which step of a playbook, in words for people.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StepHead {
    /// Its place in the playbook, from 1; handlers follow the steps.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Where it is written, as `03_build_llama_cpp.yaml:41:5`.
    pub place: String,
    /// What it changes, as `/etc/motd` or `unit ssh`, where all steps of a run are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touches: Vec<String>,
}

/// How a step ended on one host.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StepEnd {
    /// Which step.
    #[serde(flatten)]
    pub step: StepHead,
    /// What it came to.
    pub verdict: Verdict,
    /// Why, where that is not plain.
    pub why: Option<String>,
    /// The exit status of the command that decided, where it is not 0.
    pub exit: Option<i32>,
    /// How long it took.
    pub took: Millis,
    /// What it printed, both streams as they came, made harmless; of long output the beginning and the end.
    pub output: String,
    /// What it changes in files, as a unified diff.
    pub diff: String,
}

/// What happens on one host in the course of a run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum HostEvent {
    /// The program has begun.
    Began {
        /// Its steps and, behind them, its handlers.
        steps: Vec<StepHead>,
        /// Whether root carries it out, so that its files there are root's.
        as_root: bool,
    },
    /// The program goes on by itself from here, whatever becomes of the connection.
    Detached {
        /// How, as `a transient system unit`.
        by: String,
    },
    /// A step has begun to do something.
    StepBegan {
        /// Which step.
        step: StepHead,
    },
    /// A step has ended.
    StepEnded(Box<StepEnd>),
    /// Something worth knowing.
    Note {
        /// What, in one line.
        text: String,
    },
    /// A handler that was notified and has not run: it runs with the next run of the playbook.
    Owed {
        /// The handler's name.
        handler: String,
    },
    /// A handler is owed no more: what asked for it was taken back.
    Waived {
        /// The handler's name.
        handler: String,
    },
    /// A step was taken back, or was not.
    Undone {
        /// Which step.
        step: StepHead,
        /// What became of it.
        result: UndoResult,
        /// What was said about it; of a conflict, how what is there differs from what the run left.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        said: String,
    },
    /// The connection broke; the program goes on, and we try to reach it again.
    LostTouch {
        /// Why.
        failure: Failure,
    },
    /// The run is over on this host.
    Ended {
        /// How.
        outcome: HostOutcome,
        /// Its steps, counted.
        recap: Recap,
    },
}

/// What became of taking a step back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoResult {
    /// The state before is back.
    Restored,
    /// There is nothing to restore from, by its nature.
    NotPossible,
    /// Somebody changed it since, so it was left alone.
    Conflict,
    /// Somebody changed it since, and it was to be left so.
    Left,
    /// It was tried and did not work.
    Failed,
}

/// How a run ended on one host.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostOutcome {
    /// As wished.
    Well,
    /// A step failed.
    Failed,
    /// A step failed, and what the run had changed was taken back.
    RolledBack,
    /// Somebody ended it.
    Cancelled,
    /// The host could not be reached, or refused.
    Unreachable(Failure),
    /// The host answers, but the run could not begin or go on there.
    Refused(Failure),
    /// Nothing was tried there: something that has to come first has not.
    LeftOut(Failure),
    /// Nobody can tell: the connection broke and the program is not to be found.
    Lost,
}

/// Steps, counted by what they came to, in the words of Ansible's recap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recap {
    /// Well, changed or not.
    pub ok: u32,
    /// Changed.
    pub changed: u32,
    /// 1 where the host could not be reached.
    pub unreachable: u32,
    /// Failed.
    pub failed: u32,
    /// Skipped.
    pub skipped: u32,
    /// Taken back after a failure.
    pub rescued: u32,
    /// Failed, and never mind.
    pub ignored: u32,
    /// Not to be told.
    pub unknown: u32,
}

/// The letters of a run's name: none that looks like another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl RunId {
    /// A name made of 30 random bits.
    pub fn new(random: u32) -> Self {
        let letter = |place: u32| char::from(LETTERS[(random >> (5 * place) & 31) as usize]);
        Self((0..6).map(letter).collect())
    }

    /// The name in a text, if it is one; small letters will do.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.to_ascii_uppercase();
        let fits = name.len() == 6 && name.bytes().all(|b| LETTERS.contains(&b));
        fits.then_some(Self(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apply => f.write_str("apply"),
            Self::Part => f.write_str("part"),
            Self::Check => f.write_str("check"),
            Self::Undo(run) => write!(f, "undo {run}"),
        }
    }
}

impl fmt::Display for Recap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ok, changed, unreachable, failed, skipped, rescued, ignored, unknown } = self;
        write!(f, "ok={ok} changed={changed} unreachable={unreachable} failed={failed} ")?;
        write!(f, "skipped={skipped} rescued={rescued} ignored={ignored}")?;
        if *unknown > 0 { write!(f, " unknown={unknown}") } else { Ok(()) }
    }
}

impl Recap {
    /// Takes one more step in.
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Ok => self.ok += 1,
            Verdict::Changed => {
                self.ok += 1;
                self.changed += 1;
            }
            Verdict::Skipped => self.skipped += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Ignored => {
                self.ok += 1;
                self.ignored += 1;
            }
            Verdict::Unknown => self.unknown += 1,
        }
    }
}

impl UndoResult {
    /// The word for it in logs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::NotPossible => "not possible",
            Self::Conflict => "conflict",
            Self::Left => "left",
            Self::Failed => "failed",
        }
    }
}

impl Verdict {
    /// The word for it in logs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Changed => "changed",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Ignored => "ignored",
            Self::Unknown => "unknown",
        }
    }

    /// Whether nothing is left to be done about it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Ok | Self::Changed | Self::Skipped)
    }
}

impl HostOutcome {
    /// Whether something may have been done on the host.
    pub fn has_acted(&self) -> bool {
        !matches!(self, Self::Unreachable(_) | Self::Refused(_) | Self::LeftOut(_))
    }

    /// The word for it in status files and logs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Failed => "failed",
            Self::RolledBack => "rolled_back",
            Self::Cancelled => "cancelled",
            Self::Unreachable(_) => "unreachable",
            Self::Refused(_) => "refused",
            Self::LeftOut(_) => "left_out",
            Self::Lost => "lost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_run_can_be_read_back_and_nothing_else_can() {
        let run = RunId::new(0x3abc_def1);
        assert_eq!(RunId::parse(&run.to_string().to_lowercase()), Some(run));
        for odd in ["", "R7K2", "R7K2M!", "R7K2MIL", "../../"] {
            assert_eq!(RunId::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_recap_counts_a_changed_step_as_well_too() {
        let mut recap = Recap::default();
        for verdict in [Verdict::Ok, Verdict::Changed, Verdict::Ignored, Verdict::Skipped] {
            recap.count(verdict);
        }
        assert_eq!((recap.ok, recap.changed, recap.skipped, recap.ignored), (3, 1, 1, 1));
    }
}
