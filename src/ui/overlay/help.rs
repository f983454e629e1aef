//! The keys, from the one table: what each does, in parts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::lay;
use crate::theme::{Role, Theme};
use crate::ui::action::Action;
use crate::ui::fit::{line, row};
use crate::ui::keymap::{Keymap, Part, TABLE};

/// Keys for one thing that are shown.
const SHOWN: usize = 2;

/// The help, scrolled so far.
#[derive(Default)]
pub struct Help {
    first: usize,
}

/// A line of the help.
enum HelpLine {
    Title(&'static str),
    Entry(String, &'static str),
    Gap,
}

impl Help {
    /// Takes an action that scrolls.
    pub fn press(&mut self, action: Option<Action>) {
        let by = match action {
            Some(Action::Down) => 1,
            Some(Action::PageDown) => 10,
            Some(Action::Up) => -1,
            Some(Action::PageUp) => -10,
            _ => 0,
        };
        self.first = self.first.saturating_add_signed(by).min(TABLE.len());
    }

    /// Draws it in two columns where there is room for them.
    pub fn draw(&self, keymap: &Keymap, theme: Theme, area: Rect, buf: &mut Buffer) {
        let lines = lines(keymap);
        let two = area.width >= 112;
        let half = lines.len().div_ceil(if two { 2 } else { 1 });
        let wanted = u16::try_from(half).unwrap_or(u16::MAX);
        let inner = lay(buf, area, theme, (if two { 120 } else { 62 }, wanted), "KEYS");
        let columns = if two { 2 } else { 1 };
        let width = inner.width / columns;
        for column in 0..columns {
            let x = inner.x + column * width;
            let of_column = lines.chunks(half.max(1)).nth(usize::from(column)).unwrap_or_default();
            let first = self.first.min(of_column.len().saturating_sub(usize::from(inner.height)));
            for (at, one) in
                of_column.iter().skip(first).take(usize::from(inner.height)).enumerate()
            {
                let at = u16::try_from(at).unwrap_or(u16::MAX);
                let area = row(Rect { x, width: width.saturating_sub(2), ..inner }, at);
                match one {
                    HelpLine::Title(title) => line(buf, area, theme, &[(title, Role::Label)]),
                    HelpLine::Entry(keys, says) => {
                        let keys = format!("{keys:<16}");
                        line(buf, area, theme, &[(&keys, Role::Key), (says, Role::Text)])
                    }
                    HelpLine::Gap => area.x,
                };
            }
        }
    }
}

fn lines(keymap: &Keymap) -> Vec<HelpLine> {
    let mut lines = Vec::new();
    for part in Part::ALL {
        if !lines.is_empty() {
            lines.push(HelpLine::Gap);
        }
        lines.push(HelpLine::Title(part.title()));
        for entry in TABLE.iter().filter(|entry| entry.part == part) {
            let keys = keymap.keys(entry.action);
            let keys = keys.get(..SHOWN).unwrap_or(&keys).join(" ");
            lines.push(HelpLine::Entry(keys, entry.says));
        }
    }
    lines
}
