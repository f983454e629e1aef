//! What the mouse did and where, in the words of the console. Does nothing about it.

use ratatui::layout::{Position, Rect};

use super::action::Action;

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Where.
    pub at: Position,
    /// What.
    pub kind: Kind,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was clicked.
    Click,
    /// Its wheel was turned up or down.
    Wheel(Action),
}

impl Touch {
    /// What it did, if that was inside of an area.
    pub fn inside(self, area: Rect) -> Option<Kind> {
        area.contains(self.at).then_some(self.kind)
    }

    /// The row of an area that it did something to, counted from its top.
    pub fn row(self, area: Rect) -> Option<usize> {
        area.contains(self.at).then(|| usize::from(self.at.y - area.y))
    }
}
