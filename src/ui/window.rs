//! How far back plots look.

use crate::fleet::Millis;

/// A span of time that plots show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// Five minutes.
    Short,
    /// A quarter of an hour: as far as every look is kept.
    #[default]
    Quarter,
    /// Three hours, in means of five minutes as all beyond.
    Hours,
    /// A day.
    Day,
    /// Three days: as far as anything is kept.
    Days,
}

impl Window {
    const ALL: [Self; 5] = [Self::Short, Self::Quarter, Self::Hours, Self::Day, Self::Days];

    /// How long it is.
    pub fn span(self) -> Millis {
        let minutes = match self {
            Self::Short => 5,
            Self::Quarter => 15,
            Self::Hours => 180,
            Self::Day => 1440,
            Self::Days => 4320,
        };
        Millis(minutes * 60_000)
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "5 min",
            Self::Quarter => "15 min",
            Self::Hours => "3 h",
            Self::Day => "24 h",
            Self::Days => "3 d",
        }
    }

    /// The next shorter one, or the shortest.
    pub fn shorter(self) -> Self {
        Self::ALL.into_iter().rev().find(|other| other.span() < self.span()).unwrap_or(self)
    }

    /// The next longer one, or the longest.
    pub fn longer(self) -> Self {
        Self::ALL.into_iter().find(|other| other.span() > self.span()).unwrap_or(self)
    }
}
