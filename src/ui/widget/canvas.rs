//! Cells and a look, and the lines that are written on them. Nothing is written outside.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::fit::{fit, width};
use crate::theme::{Mark, Role, State, Theme};

/// What screens draw on.
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// The look.
    pub theme: Theme,
}

/// Words set one after another on one line, cut where it ends.
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    x: u16,
    y: u16,
    end: u16,
}

impl Canvas<'_> {
    /// Begins to write on a line of an area, counted from its top.
    pub fn line(&mut self, area: Rect, row: u16) -> Pen<'_> {
        let shown = area.intersection(self.buffer.area);
        let y = area.y.saturating_add(row);
        let inside = row < area.height && y >= shown.top() && y < shown.bottom();
        let end = if inside { shown.right() } else { shown.x };
        Pen { buffer: self.buffer, theme: self.theme, x: shown.x, y, end }
    }

    /// Writes one text on a line of an area.
    pub fn text(&mut self, area: Rect, row: u16, (role, text): (Role, &str)) {
        self.line(area, row).say(role, text);
    }

    /// Gives an area a look; what is written there stays.
    pub fn wash(&mut self, area: Rect, role: Role) {
        self.buffer.set_style(area.intersection(self.buffer.area), self.theme.style(role));
    }

    /// Empties an area and gives it the look of its ground.
    pub fn clear(&mut self, area: Rect, ground: Role) {
        let style = self.theme.style(ground);
        let shown = area.intersection(self.buffer.area);
        for at in shown.positions() {
            if let Some(cell) = self.buffer.cell_mut(at) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }

    /// A line from top to bottom, in the first column of an area.
    pub fn upright(&mut self, area: Rect) {
        let (sign, style) = (self.theme.glyphs().upright(), self.theme.style(Role::Rule));
        let shown = Rect { width: area.width.min(1), ..area };
        self.repeat(shown, sign, style);
    }

    fn repeat(&mut self, area: Rect, sign: &str, style: Style) {
        for at in area.intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(at) {
                cell.set_symbol(sign).set_style(style);
            }
        }
    }
}

impl Pen<'_> {
    /// Writes a text.
    pub fn say(self, role: Role, text: &str) -> Self {
        let style = self.theme.style(role);
        self.styled(style, text)
    }

    /// Writes a text as a look says.
    pub fn styled(mut self, style: Style, text: &str) -> Self {
        let room = self.room();
        if room == 0 || text.is_empty() {
            return self;
        }
        let text = fit(text, usize::from(room), self.theme.glyphs());
        let (x, _) = self.buffer.set_stringn(self.x, self.y, text, usize::from(room), style);
        self.x = x;
        self
    }

    /// Writes a state: its sign and its word.
    pub fn state(self, state: State) -> Self {
        let Mark { glyph, word, role } = self.theme.mark(state);
        self.say(role, glyph).gap(1).say(role, word)
    }

    /// Leaves so many cells empty.
    pub fn gap(mut self, cells: u16) -> Self {
        self.x = self.x.saturating_add(cells).min(self.end.max(self.x));
        self
    }

    /// Goes to a column, counted from where the line began, unless that is behind already.
    pub fn tab(mut self, from: Rect, column: u16) -> Self {
        self.x = self.x.max(from.x.saturating_add(column)).min(self.end.max(self.x));
        self
    }

    /// Writes a text at the end of the line. Whether there was room for it.
    pub fn last(mut self, role: Role, text: &str) -> bool {
        let wide = u16::try_from(width(text)).unwrap_or(u16::MAX);
        if self.room() < wide {
            return false;
        }
        self.x = self.end.saturating_sub(wide);
        self.say(role, text);
        true
    }

    /// Cells that are left.
    pub fn room(&self) -> u16 {
        self.end.saturating_sub(self.x)
    }
}
