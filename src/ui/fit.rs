//! Text put into cells: cut to the width it has, by what a terminal shows and not by bytes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::theme::{Glyphs, Role, Theme};
use crate::ui::widget::fit;

/// Rows that a page key goes by.
pub const PAGE: usize = 10;

/// The beginning of a text that fits, with a sign for what is missing.
pub fn cut(text: &str, width: usize) -> String {
    fit(text, width, Glyphs::Fine)
}

/// Puts a text at a place, no wider than that and never beyond the buffer. Where the next one goes.
pub fn put(buf: &mut Buffer, (x, y): (u16, u16), width: u16, text: &str, style: Style) -> u16 {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
        return x;
    }
    let width = width.min(area.right() - x);
    let shown = cut(text, usize::from(width));
    buf.set_stringn(x, y, shown, usize::from(width), style).0
}

/// Puts texts behind each other into the first row of an area. Where the next one goes.
pub fn line(buf: &mut Buffer, area: Rect, theme: Theme, parts: &[(&str, Role)]) -> u16 {
    let mut x = area.x;
    if area.height == 0 {
        return x;
    }
    for (text, role) in parts {
        let left = area.right().saturating_sub(x);
        x = put(buf, (x, area.y), left, text, theme.style(*role));
    }
    x
}

/// Puts a text so that it ends where the area ends. Where it begins.
pub fn right(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let width = u16::try_from(text.width()).unwrap_or(u16::MAX).min(area.width);
    let x = area.right().saturating_sub(width);
    if area.height > 0 {
        put(buf, (x, area.y), width, text, style);
    }
    x
}

/// One row of an area, counted from its top; empty where there is none.
pub fn row(area: Rect, at: u16) -> Rect {
    if at < area.height {
        Rect { y: area.y + at, height: 1, ..area }
    } else {
        Rect { height: 0, ..area }
    }
}

/// What is left of an area below so many of its rows.
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// An area without so many columns on its left and right.
pub fn inset(area: Rect, columns: u16) -> Rect {
    let width = area.width.saturating_sub(columns.saturating_mul(2));
    Rect { x: area.x + columns.min(area.width), width, ..area }
}

/// The first of so many rows that is shown, so that the one under the cursor is among them.
pub fn first_shown(at: usize, rows: usize, height: u16) -> usize {
    let height = usize::from(height);
    at.saturating_sub(height * 2 / 3).min(rows.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_and_wide_letters_count_twice() {
        assert_eq!(cut("phantom", 7), "phantom");
        assert_eq!(cut("phantom", 5), "phan…");
        assert_eq!(cut("影影影", 4), "影…");
        assert_eq!(cut("x", 0), "");
    }

    #[test]
    fn the_row_under_the_cursor_is_always_shown() {
        for (rows, height) in [(0, 5), (3, 5), (5, 5), (40, 7), (40, 1)] {
            for at in 0..rows {
                let first = first_shown(at, rows, height);
                assert!(first <= at && at < first + usize::from(height), "{at} of {rows}");
            }
        }
    }
}
