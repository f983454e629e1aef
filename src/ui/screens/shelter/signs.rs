//! The columns of signs beside the playbooks: one for each host, with its name above it, however little room there is.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::{Role, Theme};
use crate::ui::fit::put;
use crate::ui::scene::Scene;

/// More hosts than this are told together, by the worst of them.
pub(super) const EACH: usize = 4;
/// Cells of a name that are worth their room.
const NAME: usize = 10;

/// The cells of a column that has room for a sign, and how many of them stay empty on its left.
const NARROW: (u16, u16) = (2, 1);

/// The cells of a playbook's row beside its title: cursor, number, gaps.
const TITLE: u16 = 6;

/// The columns of signs, as wide as there is room for.
pub(super) struct Signs {
    heads: Vec<String>,
    /// The cells of a column, and how many of them stay empty on its left.
    cell: (u16, u16),
}

impl Signs {
    /// Those of a fleet, beside playbooks that have so many cells.
    pub(super) fn of(scene: &Scene<'_>, width: u16) -> Self {
        let names: Vec<&str> = scene.hosts.iter().map(|host| host.name.as_str()).collect();
        if names.len() > EACH {
            // One sign for all: nothing to tell apart.
            return Self { heads: vec![String::new()], cell: NARROW };
        }
        let longest = names.iter().map(|name| name.len()).max().unwrap_or(0).min(NAME);
        let cell = u16::try_from(longest + 2).unwrap_or(u16::MAX);
        let wide =
            Self { heads: names.iter().map(|name| (*name).to_owned()).collect(), cell: (cell, 2) };
        // Names of hosts can be told by a letter; those of playbooks cannot.
        let titles = scene.shelf.iter().map(|card| card.title().len()).max().unwrap_or(0);
        let beside = wide.width() + u16::try_from(titles).unwrap_or(u16::MAX).min(width) + TITLE;
        if wide.width() <= width / 2 && beside <= width {
            wide
        } else {
            Self { heads: letters(&names), cell: NARROW }
        }
    }

    /// All their cells.
    pub(super) fn width(&self) -> u16 {
        u16::try_from(self.heads.len()).unwrap_or(u16::MAX).saturating_mul(self.cell.0)
    }

    /// Where the signs stand in a row.
    pub(super) fn columns(&self, area: Rect) -> impl Iterator<Item = u16> {
        let (cell, left) = self.cell;
        let x = area.right().saturating_sub(self.width()) + left;
        (0..).take(self.heads.len()).map(move |at: u16| x.saturating_add(at.saturating_mul(cell)))
    }

    /// Draws what stands above them.
    pub(super) fn draw_heads(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        for (x, head) in self.columns(area).zip(&self.heads) {
            put(buf, (x, area.y), self.cell.0 - self.cell.1, head, theme.style(Role::Label));
        }
    }
}

/// A letter for each host, or its place in the inventory where two begin alike.
fn letters(names: &[&str]) -> Vec<String> {
    let first: BTreeSet<char> = names.iter().filter_map(|name| name.chars().next()).collect();
    if first.len() == names.len() {
        return names.iter().map(|name| name.chars().take(1).collect()).collect();
    }
    (1..=names.len()).map(|place| place.to_string()).collect()
}
