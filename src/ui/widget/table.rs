//! A table of one line per row that never wraps: columns that do not fit are left out, the least
//! important first; rows that do not fit are counted.

use std::ops::Range;

use ratatui::layout::Rect;

use super::{Canvas, fit, fit_middle, width};
use crate::theme::{Glyphs, Role};

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What stands above it.
    pub title: &'static str,
    /// The cells below which it is left out.
    pub least: u16,
    /// The cells it takes where there are any.
    pub most: u16,
    /// Its importance: those with 0 stay, the highest go first.
    pub rank: u8,
    /// Where its texts stand.
    pub align: Align,
}

/// Where texts of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At its beginning, cut at the end.
    Left,
    /// At its beginning, cut in the middle: names.
    Name,
    /// At its end: numbers.
    Right,
}

/// What stands in one place.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it means.
    pub role: Role,
    /// The text.
    pub text: String,
}

/// Columns and rows.
pub struct Table<'a> {
    /// The columns.
    pub columns: &'a [Column],
    /// The rows, each as long as there are columns.
    pub rows: &'a [Vec<Cell>],
    /// The row that keys act on.
    pub cursor: Option<usize>,
}

/// Cells between two columns.
const GAP: u16 = 2;
/// Cells for the mark of the cursor.
const MARGIN: u16 = 2;

impl Cell {
    /// A text in a role.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into() }
    }
}

impl Table<'_> {
    /// Draws it with its titles.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let widths = self.widths(area.width);
        self.titles(canvas, area, &widths);
        let shown = shown(self.rows.len(), self.cursor, area.height - 1);
        for (at, row) in self.rows.iter().enumerate().take(shown.end).skip(shown.start) {
            let line = u16::try_from(at - shown.start + 1).unwrap_or(u16::MAX);
            self.row(canvas, (area, line), (row, Some(at) == self.cursor), &widths);
        }
        let hidden = self.rows.len() - shown.end;
        if hidden > 0 {
            let more = format!("  {hidden} more below");
            canvas.text(area, area.height - 1, (Role::Label, &more));
        }
    }

    /// The row that stands so many lines below the top of the table, if one does.
    pub fn row_at(
        (rows, cursor): (usize, Option<usize>),
        height: u16,
        line: usize,
    ) -> Option<usize> {
        let shown = shown(rows, cursor, height.checked_sub(1)?);
        let at = shown.start + line.checked_sub(1)?;
        shown.contains(&at).then_some(at)
    }

    fn titles(&self, canvas: &mut Canvas<'_>, area: Rect, widths: &[Option<u16>]) {
        let glyphs = canvas.theme.glyphs();
        let mut pen = canvas.line(area, 0).gap(MARGIN);
        for (column, wide) in self.columns.iter().zip(widths) {
            let Some(wide) = wide else { continue };
            pen = pen.say(Role::Label, &set(column, column.title, *wide, glyphs)).gap(GAP);
        }
    }

    fn row(
        &self,
        canvas: &mut Canvas<'_>,
        (area, line): (Rect, u16),
        (row, selected): (&[Cell], bool),
        widths: &[Option<u16>],
    ) {
        let glyphs = canvas.theme.glyphs();
        if selected {
            let y = area.y.saturating_add(line);
            canvas.wash(Rect { y, height: 1, ..area }, Role::Wash);
        }
        let mark = if selected { glyphs.cursor() } else { " " };
        let mut pen = canvas.line(area, line).say(Role::Selected, mark).gap(MARGIN - 1);
        let mut first = true;
        for ((column, wide), cell) in self.columns.iter().zip(widths).zip(row) {
            let Some(wide) = wide else { continue };
            // The cursor's row is known by its mark and its first word; the rest keeps its meaning.
            let role = if selected && first { Role::Selected } else { cell.role };
            pen = pen.say(role, &set(column, &cell.text, *wide, glyphs)).gap(GAP);
            first = false;
        }
    }

    /// The width of each column; `None` for one that is left out.
    fn widths(&self, room: u16) -> Vec<Option<u16>> {
        let room = room.saturating_sub(MARGIN);
        let wish = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|cell| width(&cell.text)).max().unwrap_or(0);
            let title = width(self.columns[column].title);
            let Column { least, most, .. } = self.columns[column];
            u16::try_from(widest.max(title)).unwrap_or(u16::MAX).clamp(least.min(most), most)
        };
        let wishes: Vec<u16> = (0..self.columns.len()).map(wish).collect();
        let mut kept: Vec<bool> = vec![true; self.columns.len()];
        let least = |kept: &[bool]| {
            let each = self.columns.iter().zip(kept).zip(&wishes).filter(|((_, kept), _)| **kept);
            each.map(|((column, _), wish)| column.least.min(*wish) + GAP).sum::<u16>()
        };
        while least(&kept) > room.saturating_add(GAP) {
            let standing = (0..kept.len()).filter(|at| kept[*at] && self.columns[*at].rank > 0);
            let Some(gone) = standing.max_by_key(|at| (self.columns[*at].rank, *at)) else { break };
            kept[gone] = false;
        }
        let base = |at: usize| self.columns[at].least.min(wishes[at]);
        let mut widths: Vec<Option<u16>> =
            kept.iter().enumerate().map(|(at, kept)| kept.then(|| base(at))).collect();
        let mut spare = (room + GAP).saturating_sub(least(&kept));
        let mut order: Vec<usize> = (0..kept.len()).filter(|at| kept[*at]).collect();
        order.sort_by_key(|at| self.columns[*at].rank);
        for at in order {
            let more = spare.min(wishes[at] - base(at));
            widths[at] = Some(base(at) + more);
            spare -= more;
        }
        widths
    }
}

/// The rows to show in so many lines, the cursor's among them. The last line counts what is hidden unless the end is
/// in sight.
fn shown(rows: usize, cursor: Option<usize>, room: u16) -> Range<usize> {
    let (room, cursor) = (usize::from(room), cursor.unwrap_or(0).min(rows.saturating_sub(1)));
    let first = (cursor + 2).saturating_sub(room).min(rows.saturating_sub(room));
    let hidden = rows.saturating_sub(first + room);
    let count = if hidden > 0 { room.saturating_sub(1) } else { room };
    first..rows.min(first + count)
}

/// A text of exactly that width.
fn set(column: &Column, text: &str, wide: u16, glyphs: Glyphs) -> String {
    let wide = usize::from(wide);
    let text = match column.align {
        Align::Name => fit_middle(text, wide, glyphs),
        Align::Left | Align::Right => fit(text, wide, glyphs),
    };
    let pad = " ".repeat(wide.saturating_sub(width(&text)));
    if column.align == Align::Right { pad + &text } else { text + &pad }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{Depth, Theme};
    use ratatui::buffer::Buffer;

    const COLUMNS: [Column; 3] = [
        Column { title: "HOST", least: 6, most: 12, rank: 0, align: Align::Name },
        Column { title: "GPU", least: 4, most: 6, rank: 1, align: Align::Right },
        Column { title: "MODEL", least: 5, most: 20, rank: 2, align: Align::Left },
    ];

    fn drawn(rows: usize, cursor: usize, (wide, high): (u16, u16)) -> String {
        let row = |at: usize| {
            let cells = [format!("alder-{at:02}.example.org"), "66 %".into(), "qwen3-32b".into()];
            cells.map(|text| Cell::new(Role::Text, text)).to_vec()
        };
        let rows: Vec<_> = (0..rows).map(row).collect();
        let area = Rect::new(0, 0, wide, high);
        let mut buffer = Buffer::empty(area);
        let theme = Theme::new(Depth::True, Glyphs::Fine);
        let table = Table { columns: &COLUMNS, rows: &rows, cursor: Some(cursor) };
        table.draw(&mut Canvas { buffer: &mut buffer, theme }, area);
        let cell = |x, y| buffer.cell((x, y)).map_or("", |cell| cell.symbol());
        let line = |y| (0..wide).map(|x| cell(x, y)).collect::<String>().trim_end().to_owned();
        (0..high).map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn columns_that_do_not_fit_are_left_out_and_names_keep_both_ends() {
        let wide = drawn(2, 1, (36, 3));
        assert_eq!(
            wide,
            "  HOST           GPU  MODEL\n  alder-…e.org  66 %  qwen3-32b\n▌ alder-…e.org  66 %  qwen3-32b"
        );
        assert_eq!(drawn(1, 9, (16, 2)), "  HOST       GPU\n  alde…org  66 %");
        assert_eq!(drawn(1, 9, (9, 2)), "  HOST\n  ald…org");
    }

    #[test]
    fn rows_that_do_not_fit_are_counted_and_the_cursor_is_always_seen() {
        for cursor in 0..9 {
            let told = drawn(9, cursor, (36, 5));
            assert!(told.contains('▌'), "{cursor}: {told}");
            assert_eq!(told.lines().count(), 5);
        }
        assert!(drawn(9, 0, (36, 5)).ends_with("6 more below"));
        assert!(!drawn(9, 8, (36, 5)).contains("more below"));
    }
}
