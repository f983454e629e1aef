//! Who looks after a run whose end was not recorded. Plain data; does nothing.

/// Who looks after a run that has not ended, or whose end nobody has recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Care {
    /// Whoever tells the events: this console.
    #[default]
    Ours,
    /// Another process of this home.
    Theirs,
    /// Nobody: it was left to itself, and can be gone on with.
    Left,
    /// Nobody: its console has died, and it can be gone on with.
    Interrupted,
    /// Nobody, and there is nothing to go on with.
    Unseen,
}

impl Care {
    /// Whether it can be gone on with.
    pub fn can_be_resumed(self) -> bool {
        matches!(self, Self::Left | Self::Interrupted)
    }

    /// How a run stands that has not ended, in logs and on screens alike.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ours => "running",
            Self::Theirs => "followed elsewhere",
            Self::Left => "left to itself",
            Self::Interrupted => "interrupted",
            Self::Unseen => "not ended",
        }
    }
}
