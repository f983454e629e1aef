//! Columns that align, whatever is in them. A cell is one line, as wide as a terminal shows it.

use unicode_width::UnicodeWidthStr;

use super::paint::{Paint, Tone};

/// Rows of cells. The last column is not padded, so nothing trails.
pub struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these heads.
    pub fn new(heads: &[&'static str]) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new() }
    }

    /// One more row, with as many cells as there are heads.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table as text, each line ended.
    pub fn render(&self, paint: Paint) -> String {
        let heads: Vec<String> = self.heads.iter().map(|h| (*h).to_owned()).collect();
        let widths: Vec<usize> = (0..heads.len())
            .map(|i| self.rows.iter().chain([&heads]).map(|r| r[i].width()).max().unwrap_or(0))
            .collect();
        let mut text = paint.tone(Tone::Muted, &line(&heads, &widths));
        text.push('\n');
        for row in &self.rows {
            text.push_str(&line(row, &widths));
            text.push('\n');
        }
        text
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_also_under_wide_characters() {
        let mut table = Table::new(&["NAME", "WHAT"]);
        table.row(vec!["日本".into(), "x".into()]);
        table.row(vec!["a".into(), "yy".into()]);
        let expected = "NAME  WHAT\n日本  x\na     yy\n";
        // Without a terminal there is no colour to expect.
        assert_eq!(table.render(Paint::plain()), expected);
    }
}
