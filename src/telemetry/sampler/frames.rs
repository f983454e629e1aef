//! The frame of a stream: from bytes to lines, and what each line belongs to. Knows no value.

use crate::fleet::Timestamp;
use crate::telemetry::facts::Token;

/// Longer lines are thrown away; no value is that long.
const LONGEST: usize = 4096;
/// More lines than any honest frame has.
const MOST: usize = 2000;

/// Bytes that become lines, however they are cut.
#[derive(Debug)]
pub(super) struct Lines {
    token: String,
    rest: Vec<u8>,
    skipping: bool,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A frame begins.
    Begin { slow: bool },
    /// A value of the frame that is open.
    Line(String),
    /// The frame is whole.
    End,
    /// What became of asking NVIDIA's tool.
    Cards(String),
    /// A line of the tool about cards.
    Row(String),
    /// A line of the tool about processes.
    Process(String),
    /// The machine has none of the files.
    Foreign,
}

/// The values of one look.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub at: Timestamp,
    pub slow: bool,
    lines: Vec<String>,
}

impl Lines {
    pub(super) fn new(token: &Token) -> Self {
        Self { token: token.as_str().to_owned(), rest: Vec::new(), skipping: false }
    }

    /// What the next bytes say.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.rest.len() + piece.len() > LONGEST {
                (self.skipping, self.rest) = (true, Vec::new());
            } else if !self.skipping {
                self.rest.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                let line = String::from_utf8_lossy(&self.rest);
                if !self.skipping {
                    heard.extend(self.meaning(line.trim_end_matches(['\n', '\r'])));
                }
                (self.skipping, self.rest) = (false, Vec::new());
            }
        }
        heard
    }

    fn meaning(&self, line: &str) -> Option<Heard> {
        let Some(said) = line.strip_prefix(&self.token).and_then(|rest| rest.strip_prefix(' '))
        else {
            return Some(Heard::Line(line.to_owned()));
        };
        let (word, rest) = said.split_once(' ').unwrap_or((said, ""));
        match word {
            "fast" => Some(Heard::Begin { slow: false }),
            "slow" => Some(Heard::Begin { slow: true }),
            "end" => Some(Heard::End),
            "cards" => Some(Heard::Cards(rest.to_owned())),
            "rows" => Some(Heard::Row(rest.to_owned())),
            "processes" => Some(Heard::Process(rest.to_owned())),
            "foreign" => Some(Heard::Foreign),
            _ => None,
        }
    }
}

impl Frame {
    pub(super) fn begun(slow: bool, at: Timestamp) -> Self {
        Self { at, slow, lines: Vec::new() }
    }

    pub(super) fn empty(at: Timestamp) -> Self {
        Self::begun(true, at)
    }

    pub(super) fn push(&mut self, line: &str) {
        if self.lines.len() < MOST {
            self.lines.push(line.to_owned());
        }
    }

    /// The values under a key, each a line.
    pub(super) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter_map(move |line| line.strip_prefix(key)?.strip_prefix(' '))
    }

    /// The values under a key whose first word is a name, with it.
    pub(super) fn named<'a>(&'a self, key: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.all(key).map(|line| line.split_once(' ').unwrap_or((line, "")))
    }

    /// The first value under a key.
    pub(super) fn first<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        self.all(key).next()
    }

    /// The value of one name under a key.
    pub(super) fn of<'a>(&'a self, key: &'a str, name: &str) -> Option<&'a str> {
        self.named(key).find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&[u8]]) -> Vec<Heard> {
        let mut lines = Lines::new(&Token::new(1));
        pieces.iter().flat_map(|piece| lines.push(piece)).collect()
    }

    #[test]
    fn pieces_of_any_size_say_the_same() {
        let token = Token::new(1);
        let text = format!("hello\n{0} fast\nload 1\n{0} end\n", token.as_str());
        let whole = heard(&[text.as_bytes()]);
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(whole, heard(&bytes));
        assert_eq!(whole.len(), 4);
    }

    #[test]
    fn an_endless_line_costs_no_memory_and_only_itself() {
        let long = vec![b'x'; LONGEST * 3];
        let said = heard(&[&long, &long, b"\nload 1\n"]);
        assert_eq!(said, [Heard::Line("load 1".to_owned())]);
    }
}
