//! Two pictures, the one that is shown and the next one, and the bytes that make the one into the other.

use std::io;

use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What a terminal shows, as far as we know.
pub struct Canvas {
    shown: Buffer,
    next: Buffer,
    /// Whether nobody knows what is shown.
    unknown: bool,
}

/// Begins and ends a picture that is to be shown as one, where the terminal knows how.
const TOGETHER: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");
/// Everything away, in the terminal's own colours.
const CLEAR: &[u8] = b"\x1b[0m\x1b[2J";

impl Canvas {
    /// Of that size, showing nobody knows what.
    pub fn new(columns: u16, rows: u16) -> Self {
        let area = Rect::new(0, 0, columns, rows);
        Self { shown: Buffer::empty(area), next: Buffer::empty(area), unknown: true }
    }

    /// Its size.
    pub fn area(&self) -> Rect {
        self.shown.area
    }

    /// Has another size now.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        if self.shown.area != Rect::new(0, 0, columns, rows) {
            *self = Self::new(columns, rows);
        }
    }

    /// Nobody knows any more what is shown.
    pub fn forget(&mut self) {
        *self = Self::new(self.shown.area.width, self.shown.area.height);
    }

    /// The bytes that bring up what is drawn; none where nothing changes.
    pub fn paint(&mut self, draw: impl FnOnce(&mut Buffer)) -> io::Result<Vec<u8>> {
        self.next.reset();
        draw(&mut self.next);
        let mut bytes = TOGETHER.0.to_vec();
        if self.unknown {
            bytes.extend_from_slice(CLEAR);
        }
        let before = bytes.len();
        let mut cells = self.shown.diff_iter(&self.next).peekable();
        let changed = cells.peek().is_some();
        if changed {
            CrosstermBackend::new(&mut bytes).draw(cells)?;
        }
        if !changed && !self.unknown && before == bytes.len() {
            return Ok(Vec::new());
        }
        bytes.extend_from_slice(TOGETHER.1);
        self.unknown = false;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    #[test]
    fn what_is_shown_already_costs_no_byte() {
        let mut canvas = Canvas::new(10, 2);
        let draw = |buf: &mut Buffer| buf.set_string(0, 0, "shelter", Style::new());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert!(text(canvas.paint(draw).unwrap()).contains("shelter"));
        assert_eq!(canvas.paint(draw).unwrap(), b"");
        let one = text(canvas.paint(|buf| buf.set_string(0, 0, "shelves", Style::new())).unwrap());
        assert!(one.contains("\x1b[1;5Hv\x1b[1;7Hs") && !one.contains("shel"), "{one:?}");
        canvas.forget();
        assert!(text(canvas.paint(draw).unwrap()).contains("\x1b[2J"));
    }

    #[test]
    fn a_canvas_without_cells_is_no_trouble() {
        let mut canvas = Canvas::new(0, 0);
        canvas.resize(1, 1);
        canvas.resize(0, 5);
        canvas.paint(|_| {}).unwrap();
    }
}
