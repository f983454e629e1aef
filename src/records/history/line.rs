//! One line of the history: how it is written, sealed and read back.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::fleet::{HostName, Timestamp};
use crate::records::Seal;
use crate::text::base64url;

/// What is mixed into every seal, so that a hash of ours is never one of another program's.
const DOMAIN: &[u8] = b"mountain shelter history 1\n";
/// The longest text of a line; what is longer stands in the run's memory log.
const LONGEST: usize = 2048;
/// What the first line has in place of a predecessor.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000";

/// How much an entry matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For the record.
    Info,
    /// Somebody should know.
    Warn,
    /// Something did not work.
    Error,
}

/// An event of note, before it gets its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How much it matters.
    pub level: Level,
    /// The host it is about.
    pub host: Option<HostName>,
    /// The run it belongs to, as `R7K2/03`.
    pub run: Option<String>,
    /// Who did it, on which machine: `rc@console`.
    pub actor: String,
    /// What happened.
    pub text: String,
}

impl Level {
    /// The level of that word.
    pub(super) fn parse(word: &str) -> Option<Self> {
        [Self::Info, Self::Warn, Self::Error].into_iter().find(|level| level.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// The whole line, without its line feed, and its seal.
pub(super) fn write(entry: &Entry, at: Timestamp, n: u64, p: &str) -> (String, Seal) {
    let host = entry.host.as_ref().map_or("-", HostName::as_str);
    let run = entry.run.as_deref().unwrap_or("-");
    let mut line = format!("{at} {} {host} run=", entry.level.word());
    escape(run, &mut line);
    line.push(' ');
    escape(&entry.actor, &mut line);
    line.push_str(" | ");
    escape(&entry.text, &mut line);
    // Writing into a String cannot fail.
    let _ = write!(line, " | n={n} p={p} h=");
    let h = seal_of(line.as_bytes());
    line.push_str(&h);
    (line, Seal { n, p: p.to_owned(), h })
}

/// The seal a line carries and the one it ought to carry. `None` where it is no line of a history.
pub(super) fn read(line: &[u8]) -> Option<(Seal, String)> {
    let at = line.windows(3).rposition(|w| w == b" h=")? + 3;
    let h = std::str::from_utf8(&line[at..]).ok()?;
    let head = std::str::from_utf8(&line[..at - 3]).ok()?;
    let (head, p) = head.rsplit_once(" p=")?;
    let (_, n) = head.rsplit_once(" | n=")?;
    let seal = Seal { n: n.parse().ok()?, p: p.to_owned(), h: h.to_owned() };
    Some((seal, seal_of(&line[..at])))
}

fn seal_of(bytes: &[u8]) -> String {
    let digest = Sha256::new().chain_update(DOMAIN).chain_update(bytes).finalize();
    base64url(&digest)
}

/// Makes a text one printable field: no line can be forged through it, no terminal moved.
fn escape(text: &str, into: &mut String) {
    let start = into.len();
    for c in text.chars() {
        if into.len() - start > LONGEST {
            into.push('…');
            return;
        }
        if c == '|' || c == '\\' || c.is_control() || is_deceptive(c) {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                let _ = write!(into, "\\x{byte:02x}");
            }
        } else {
            into.push(c);
        }
    }
}

/// Characters that turn, hide or join what stands around them.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry {
            level: Level::Warn,
            host: HostName::new("phantom").ok(),
            run: Some("R7K2/03".into()),
            actor: "rc@console".into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_line_reads_as_people_expect_and_carries_its_seal() {
        let at = Timestamp(1_795_247_412_345);
        let (line, seal) = write(&entry("built llama.cpp in 312 s"), at, 18233, GENESIS);
        let expected = format!(
            "2026-11-21T07:50:12.345Z WARN phantom run=R7K2/03 rc@console \
             | built llama.cpp in 312 s | n=18233 p={GENESIS} h={}",
            seal.h
        );
        assert_eq!(line, expected);
        assert_eq!(seal.h.len(), 43);
        let (read, due) = read(line.as_bytes()).unwrap();
        assert_eq!((&read, &due), (&seal, &seal.h));
    }

    #[test]
    fn text_cannot_forge_a_line_or_a_field() {
        let forged =
            "x\n2026-11-21T07:50:12.345Z INFO - run=- a | y | n=9 p=0 h=0\u{1b}[2J\u{202e}";
        let (line, _) = write(&entry(forged), Timestamp(0), 1, GENESIS);
        assert!(!line.contains(['\n', '\u{1b}', '\u{202e}']));
        assert_eq!(line.matches('|').count(), 2);
        assert_eq!(read(line.as_bytes()).unwrap().0.n, 1);
    }
}
