//! A text with a name, and the places in it. Reads no file.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text and the name it is shown under, cheap to clone.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    name: String,
    text: String,
    line_starts: Vec<usize>,
}

/// A range of bytes of one source.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    source: Source,
    start: usize,
    end: usize,
}

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Source {
    /// A source of that name. A byte order mark at its beginning is left out.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let line_starts = line_starts(&text);
        Self(Arc::new(Inner { name: name.into(), text, line_starts }))
    }

    /// The name it is shown under.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The bytes of that range as a span; a range outside of the text is cut to it.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = floor(self.text(), range.start);
        let end = floor(self.text(), range.end).max(start);
        Span { source: self.clone(), start, end }
    }

    /// The span of the whole text.
    pub fn whole(&self) -> Span {
        self.span(0..self.text().len())
    }

    /// Where the byte at `offset` stands.
    pub fn place(&self, offset: usize) -> Place {
        let offset = floor(self.text(), offset);
        let line = self.0.line_starts.partition_point(|&start| start <= offset);
        let start = self.0.line_starts[line - 1];
        Place { line, column: self.text()[start..offset].chars().count() + 1 }
    }

    /// The bytes of a line counted from one, without its line break.
    pub(super) fn line(&self, line: usize) -> Range<usize> {
        let start = self.0.line_starts[line - 1];
        let end = self.0.line_starts.get(line).copied().unwrap_or(self.text().len());
        start..start + self.text()[start..end].trim_end_matches(['\n', '\r']).len()
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Source {}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.0.name).finish()
    }
}

impl Span {
    /// The source it lies in.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Its bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.source.text()[self.range()]
    }

    /// Where it begins.
    pub fn place(&self) -> Place {
        self.source.place(self.start)
    }

    /// A part of it, as byte offsets from its beginning.
    pub fn part(&self, range: Range<usize>) -> Self {
        let at = |offset: usize| self.start.saturating_add(offset).min(self.end);
        self.source.span(at(range.start)..at(range.end))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place();
        write!(f, "{}:{line}:{column}", self.source.name())
    }
}

/// Where lines begin; a line ends with `\n`, `\r\n` or a lone `\r`, as YAML counts them.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = |at: &usize| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect()
}

fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_as_in_yaml() {
        let source = Source::new("x", "\u{feff}a\r\nüb\rc\n");
        let place = |text: &str| source.place(source.text().find(text).unwrap());
        assert_eq!(place("a"), Place { line: 1, column: 1 });
        assert_eq!(place("b"), Place { line: 2, column: 2 });
        assert_eq!(place("c"), Place { line: 3, column: 1 });
        assert_eq!(source.place(usize::MAX), Place { line: 4, column: 1 });
        assert_eq!(&source.text()[source.line(2)], "üb");
    }
}
