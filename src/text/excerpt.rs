//! One line of a source as it is quoted in a report: harmless, aligned, never too wide.

use super::Span;
use super::inert::shown_instead;
use unicode_width::UnicodeWidthChar;

/// The columns a quoted line may take.
const WIDTH: usize = 100;
/// The columns kept before the caret when a line is too wide.
const BEFORE: usize = 30;
const TAB: &str = "    ";
/// More marks than this on one character are left out of the quoted line.
const MARKS: usize = 8;

/// A quoted line with the columns a span covers in it.
pub struct Excerpt {
    /// The line as shown.
    pub text: String,
    /// The columns before the caret.
    pub indent: usize,
    /// The carets, at least one.
    pub carets: usize,
}

struct Cell {
    at: usize,
    shown: String,
    width: usize,
}

impl Excerpt {
    /// The first line of `span`.
    pub fn of(span: &Span) -> Self {
        let source = span.source();
        let line = source.line(span.place().line);
        let range = span.range();
        let cells = cells(&source.text()[line.clone()], line.start);
        let columns = |until: usize| -> usize {
            cells.iter().take_while(|cell| cell.at < until).map(|cell| cell.width).sum()
        };
        let indent = columns(range.start);
        let carets = columns(range.end.min(line.end)).saturating_sub(indent).max(1);
        Self { text: String::new(), indent, carets }.windowed(&cells)
    }

    fn windowed(self, cells: &[Cell]) -> Self {
        let total: usize = cells.iter().map(|cell| cell.width).sum();
        let from = match self.indent.checked_sub(BEFORE) {
            Some(from) if total > WIDTH => from,
            _ => 0,
        };
        let mut text = String::from(if from > 0 { "…" } else { "" });
        let (mut column, mut cut, mut skipped) = (0, false, 0);
        for cell in cells {
            if column < from {
                skipped = column + cell.width;
            } else if column + cell.width > from + WIDTH {
                cut = true;
                break;
            } else {
                text.push_str(&cell.shown);
            }
            column += cell.width;
        }
        let indent = self.indent - skipped + usize::from(from > 0);
        if cut {
            text.push('…');
        }
        let carets = self.carets.min((WIDTH + 1).saturating_sub(indent).max(1));
        Self { text: text.trim_end().to_owned(), indent, carets }
    }
}

fn cells(line: &str, start: usize) -> Vec<Cell> {
    let mut marks = 0;
    let mut cells = Vec::new();
    for (offset, c) in line.char_indices() {
        let shown = match c {
            '\t' => TAB.to_owned(),
            _ => shown_instead(c).unwrap_or_else(|| c.to_string()),
        };
        let width: usize = shown.chars().map(|c| c.width().unwrap_or(0)).sum();
        marks = if width == 0 { marks + 1 } else { 0 };
        if marks <= MARKS {
            cells.push(Cell { at: start + offset, shown, width });
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;

    fn excerpt(line: &str, of: &str) -> Excerpt {
        let source = Source::new("f", line);
        let at = line.find(of).unwrap();
        Excerpt::of(&source.span(at..at + of.len()))
    }

    #[test]
    fn tabs_wide_and_control_characters_keep_the_caret_in_its_column() {
        let Excerpt { text, indent, carets } = excerpt("\t山: \u{1b}[31mx", "x");
        assert_eq!((text.as_str(), indent, carets), ("    山: ␛[31mx", 13, 1));
        assert_eq!(excerpt("a: 山山", "山山").carets, 4);
        assert_eq!(excerpt("a: \u{202e}b", "b").text, "a: <U+202E>b");
    }

    #[test]
    fn a_long_line_is_shown_around_the_caret() {
        let line = format!("{}x{}", "a".repeat(5000), "b".repeat(5000));
        let Excerpt { text, indent, carets } = excerpt(&line, "x");
        assert_eq!((text.chars().count(), indent, carets), (102, 31, 1));
        assert_eq!(text.chars().nth(indent), Some('x'));
        assert_eq!(excerpt(&line, &line).carets, 101);
    }
}
