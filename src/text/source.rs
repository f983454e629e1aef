//! A text with a name, and the places in it. Reads no file.

use super::Report;
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

    /// A source made of a file's bytes, which must be UTF-8 without NUL.
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8]) -> Result<Self, Box<Report>> {
        let name = name.into();
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Box::new(
                Report::error(format!("`{name}` is written in UTF-16"))
                    .expected("UTF-8")
                    .help(format!("convert it: iconv -f UTF-16 -t UTF-8 {name}")),
            ));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::new(name, text).without_nul(),
            Err(error) => Err(Box::new(not_utf8(name, bytes, error.valid_up_to()))),
        }
    }

    fn without_nul(self) -> Result<Self, Box<Report>> {
        match self.text().find('\0') {
            None => Ok(self),
            Some(at) => Err(Box::new(
                Report::error(format!("`{}` holds a NUL byte", self.name()))
                    .at(&self.span(at..at + 1))
                    .expected("a text file"),
            )),
        }
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

fn not_utf8(name: String, bytes: &[u8], valid_up_to: usize) -> Report {
    let message = format!("`{name}` is not UTF-8: byte 0x{:02x}", bytes[valid_up_to]);
    let shown = Source::new(name, String::from_utf8_lossy(bytes));
    let before = bytes.starts_with("\u{feff}".as_bytes());
    let at = valid_up_to - if before { '\u{feff}'.len_utf8() } else { 0 };
    let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
    Report::error(message).at(&shown.span(at..end)).expected("UTF-8")
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

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let refusal = |bytes: &[u8]| Source::from_bytes("f", bytes).unwrap_err().to_string();
        assert!(refusal(b"\xff\xfea\0").contains("UTF-16"));
        assert!(refusal(b"ab\n c\0").contains("f:2:3"));
        assert!(refusal("\u{feff}ü\u{e9}".as_bytes()[..6].as_ref()).contains("f:1:2"));
        assert!(refusal(b"a\nb\xe9c").contains("byte 0xe9"));
    }
}
