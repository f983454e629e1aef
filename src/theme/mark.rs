//! How a state is told: always by a sign and a word, never by colour alone.

use super::{Glyphs, Role};

/// The state of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers, or is as it should be.
    Ok,
    /// It was made as it should be.
    Changed,
    /// It is being done.
    Running,
    /// It is being reached.
    Connecting,
    /// It was seen, but longer ago than it should be.
    Stale,
    /// It was left out on purpose.
    Skipped,
    /// It was never done.
    Never,
    /// Nobody can tell.
    Unknown,
    /// Worth a look.
    Warning,
    /// It went wrong.
    Failed,
    /// It was not let begin.
    Refused,
    /// It cannot be reached.
    Unreachable,
    /// Somebody ended it.
    Cancelled,
    /// What it had changed was taken back.
    RolledBack,
}

/// A sign, a word, and the role of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// One cell.
    pub glyph: &'static str,
    /// The word for it.
    pub word: &'static str,
    /// What it means.
    pub role: Role,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 14] = [
        Self::Ok,
        Self::Changed,
        Self::Running,
        Self::Connecting,
        Self::Stale,
        Self::Skipped,
        Self::Never,
        Self::Unknown,
        Self::Warning,
        Self::Failed,
        Self::Refused,
        Self::Unreachable,
        Self::Cancelled,
        Self::RolledBack,
    ];

    /// The worst of several; nobody can tell of none.
    pub fn worst(states: impl Iterator<Item = Self>) -> Self {
        states.max_by_key(|state| state.weight()).unwrap_or(Self::Unknown)
    }

    /// How much it asks for attention.
    pub fn weight(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Changed => 1,
            Self::Skipped | Self::Never => 2,
            Self::Running | Self::Connecting => 3,
            Self::Cancelled | Self::RolledBack | Self::Stale | Self::Warning => 4,
            Self::Unknown => 5,
            Self::Failed | Self::Refused | Self::Unreachable => 6,
        }
    }

    pub(super) fn mark(self, glyphs: Glyphs) -> Mark {
        let (fine, ascii, word, role) = match self {
            Self::Ok => ("●", "o", "ok", Role::Good),
            Self::Changed => ("◆", "+", "changed", Role::Good),
            Self::Running => ("◐", "*", "running", Role::Value),
            Self::Connecting => ("◌", ".", "connecting", Role::Label),
            Self::Stale => ("◌", "~", "stale", Role::Warn),
            Self::Skipped => ("–", "-", "skipped", Role::Aside),
            Self::Never => ("·", ".", "never", Role::Faint),
            Self::Unknown => ("?", "?", "unknown", Role::Warn),
            Self::Warning => ("▲", "!", "warning", Role::Warn),
            Self::Failed => ("✕", "x", "failed", Role::Bad),
            Self::Refused => ("✕", "x", "refused", Role::Bad),
            Self::Unreachable => ("✕", "x", "unreachable", Role::Bad),
            Self::Cancelled => ("■", "#", "cancelled", Role::Warn),
            Self::RolledBack => ("↶", "<", "rolled back", Role::Warn),
        };
        Mark { glyph: glyphs.either(fine, ascii), word, role }
    }
}
