//! The keys, from the one table: those of the screen that is open first, then all others, in parts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::lay;
use crate::theme::{Role, Theme};
use crate::ui::action::Action;
use crate::ui::fit::{line, right, row};
use crate::ui::keymap::{Binding, Keymap, Part, TABLE};
use crate::ui::scene::Scene;

/// Keys for one thing that are shown.
const SHOWN: usize = 2;
/// The cells that keys take, and the space behind them.
const KEYS: usize = 17;
/// From so many columns on the parts stand side by side.
const WIDE: u16 = 120;
/// The parts that stand below each other, where two columns of them have room.
const SIDES: [&[Part]; 2] = [&[Part::Move], &[Part::Runs, Part::View, Part::Console]];

/// The help, scrolled so far.
#[derive(Default)]
pub struct Help {
    first: usize,
}

/// The keys there are, and what matters most of what they do on the screen below.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    /// All of them.
    pub keymap: &'a Keymap,
    /// What matters most.
    pub here: &'a [Action],
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
    pub fn draw(&self, keys: Keys<'_>, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let sides: &[&[Part]] = if area.width >= WIDE { &SIDES } else { &[&Part::ALL] };
        let mut columns: Vec<Vec<HelpLine>> =
            sides.iter().map(|parts| keys.lines(scene, parts)).collect();
        if let Some(first) = columns.first_mut() {
            first.splice(..0, keys.lines_here());
        }
        let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
        let wanted = u16::try_from(longest).unwrap_or(u16::MAX);
        let inner =
            lay(buf, area, theme, (if columns.len() > 1 { 124 } else { 64 }, wanted), "KEYS");
        let count = u16::try_from(columns.len()).unwrap_or(1);
        let width = inner.width / count;
        for (column, lines) in (0..count).zip(&columns) {
            let place =
                Rect { x: inner.x + column * width, width: width.saturating_sub(1), ..inner };
            self.draw_column(lines, theme, place, buf);
        }
    }

    fn draw_column(&self, lines: &[HelpLine], theme: Theme, area: Rect, buf: &mut Buffer) {
        let room = usize::from(area.height);
        let first = self.first.min(lines.len().saturating_sub(room));
        let hidden = lines.len().saturating_sub(first + room);
        // The last row is wanted for how many there are below.
        let shown = if hidden > 0 { room.saturating_sub(1) } else { room };
        for (at, one) in (0..).zip(lines.iter().skip(first).take(shown)) {
            draw_line(one, theme, row(area, at), buf);
        }
        if hidden > 0 {
            let foot = row(area, area.height.saturating_sub(1));
            let text = format!("{} more below", hidden + room - shown);
            right(buf, foot, &text, theme.style(Role::Label));
        }
    }
}

fn draw_line(one: &HelpLine, theme: Theme, area: Rect, buf: &mut Buffer) {
    match one {
        HelpLine::Title(title) => line(buf, area, theme, &[(title, Role::Heading)]),
        HelpLine::Entry(keys, says) => {
            let keys = format!("{keys:<KEYS$}");
            line(buf, area, theme, &[(&keys, Role::Key), (says, Role::Label)])
        }
        HelpLine::Gap => area.x,
    };
}

impl Keys<'_> {
    /// What matters most on the screen below.
    fn lines_here(&self) -> Vec<HelpLine> {
        let here = TABLE.iter().filter(|entry| self.here.contains(&entry.action));
        let entries: Vec<HelpLine> = here.map(|entry| self.line(entry)).collect();
        match entries.is_empty() {
            true => entries,
            false => std::iter::once(HelpLine::Title("on this screen"))
                .chain(entries)
                .chain([HelpLine::Gap])
                .collect(),
        }
    }

    /// The parts, each with what else it may do; one of which nothing is left is left out.
    fn lines(&self, scene: &Scene<'_>, parts: &[Part]) -> Vec<HelpLine> {
        let mut lines = Vec::new();
        for part in parts {
            let offered = TABLE.iter().filter(|entry| {
                entry.part == *part
                    && scene.offers(entry.action)
                    && !self.here.contains(&entry.action)
            });
            let entries: Vec<HelpLine> = offered.map(|entry| self.line(entry)).collect();
            if entries.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(HelpLine::Gap);
            }
            lines.push(HelpLine::Title(part.title()));
            lines.extend(entries);
        }
        lines
    }

    fn line(&self, entry: &Binding) -> HelpLine {
        let keys = self.keymap.keys(entry.action);
        HelpLine::Entry(keys.get(..SHOWN).unwrap_or(&keys).join(" "), entry.says)
    }
}
