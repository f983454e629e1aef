//! The signs a terminal can show. Some of ours take two cells on terminals set up for East Asia, and a
//! few fonts lack them: then there is ASCII.

/// Which signs there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Those of Fira Code.
    #[default]
    Fine,
    /// Those of 1963.
    Ascii,
}

impl Glyphs {
    /// A line from top to bottom.
    pub fn upright(self) -> &'static str {
        self.either("│", "|")
    }

    /// A line from left to right.
    pub fn level(self) -> &'static str {
        self.either("─", "-")
    }

    /// What marks the row that keys act on.
    pub fn cursor(self) -> &'static str {
        self.either("▌", ">")
    }

    /// What stands between two words of a line.
    pub fn dot(self) -> &'static str {
        self.either("·", "-")
    }

    /// What stands in place of a text's end.
    pub fn more(self) -> &'static str {
        self.either("…", "~")
    }

    /// The one or the other.
    pub fn either(self, fine: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Fine => fine,
            Self::Ascii => ascii,
        }
    }
}
