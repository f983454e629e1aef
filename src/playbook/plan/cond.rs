//! Conditions on what earlier steps did, decided on the host. Everything else was decided before the plan was made.

use super::StepIndex;

/// A condition that the host decides, on the outcome of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cond {
    /// Holds always, or never.
    Const(bool),
    /// All of them.
    All(Vec<Cond>),
    /// At least one of them.
    Any(Vec<Cond>),
    /// Not so.
    Not(Box<Cond>),
    /// The step changed something.
    Changed(Subject),
    /// The step failed (and the run went on).
    Failed(Subject),
    /// The step was skipped.
    Skipped(Subject),
    /// The step's command ended with this exit status.
    Exit(Subject, u8),
    /// The step's stdout, without the newlines at its end, is this text.
    StdoutIs(Subject, String),
    /// The step's stdout holds this text.
    StdoutHas(Subject, String),
    /// The step's stderr holds this text.
    StderrHas(Subject, String),
}

/// Whose outcome a condition is about. Output is looked at in its first 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The step the condition stands on: for `until`, `changed_when` and `failed_when`.
    This,
    /// An earlier step, which must have `register` set: for `when`.
    Step(StepIndex),
}

impl Cond {
    /// The earlier steps it looks at.
    pub fn subjects(&self) -> Vec<StepIndex> {
        match self {
            Self::Const(_) => Vec::new(),
            Self::All(list) | Self::Any(list) => list.iter().flat_map(Self::subjects).collect(),
            Self::Not(inner) => inner.subjects(),
            Self::Changed(s)
            | Self::Failed(s)
            | Self::Skipped(s)
            | Self::Exit(s, _)
            | Self::StdoutIs(s, _)
            | Self::StdoutHas(s, _)
            | Self::StderrHas(s, _) => match s {
                Subject::This => Vec::new(),
                Subject::Step(index) => vec![*index],
            },
        }
    }
}
