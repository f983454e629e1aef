//! Checking the chain of a history from its first line to its last.

use std::io::{self, BufRead};
use std::path::PathBuf;

use crate::records::Witnesses;

use super::line::{self, GENESIS};

/// A history whose chain holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its lines.
    pub lines: u64,
    /// The seal of the last one. Kept elsewhere, it shows whether lines were cut off the end that no status file knows of.
    pub head: String,
    /// Bytes after the last whole line: what a crash left, taken out by the next entry.
    pub torn: u64,
}

/// A history whose chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {flaw}")]
pub struct Broken {
    /// The first line that is wrong, from 1.
    pub line: u64,
    /// How.
    pub flaw: Flaw,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It has no seal.
    #[error("this is no line of a history")]
    NotALine,
    /// It was changed after it was written.
    #[error("the line was changed after it was written: its seal does not fit its text")]
    Changed,
    /// The line before it is not the one it was written after.
    #[error("the line before it is missing, changed or out of order")]
    Unlinked,
    /// Another line stood there.
    #[error("another line stood there, as `{}` knows", witness.display())]
    Replaced {
        /// The status file that knows.
        witness: PathBuf,
    },
    /// Lines were cut off the end.
    #[error("lines were cut off: there were at least {last}, as `{}` knows", witness.display())]
    CutOff {
        /// The last line that is known of.
        last: u64,
        /// The status file that knows.
        witness: PathBuf,
    },
    /// Its number does not follow.
    #[error("its number is {found}, and {expected} was due")]
    Number {
        /// What it says.
        found: u64,
        /// What was due.
        expected: u64,
    },
}

/// Reads a history to its end, and asks who else knows of its lines. The outer error is one of reading.
pub fn verify(
    mut history: impl BufRead,
    witnesses: &Witnesses,
) -> io::Result<Result<Verified, Broken>> {
    let mut verified = Verified { lines: 0, head: GENESIS.to_owned(), torn: 0 };
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = history.read_until(b'\n', &mut bytes)?;
        if bytes.last() != Some(&b'\n') {
            verified.torn = read as u64;
            return Ok(whole(verified, witnesses));
        }
        let number = verified.lines + 1;
        let checked = check(&bytes[..bytes.len() - 1], number, &verified.head);
        match checked.and_then(|head| known(number, head, witnesses)) {
            Ok(head) => verified.head = head,
            Err(flaw) => return Ok(Err(Broken { line: number, flaw })),
        }
        verified.lines = number;
    }
}

/// Whether a line is the one that others know.
fn known(number: u64, head: String, witnesses: &Witnesses) -> Result<String, Flaw> {
    match witnesses.against(number, &head) {
        Some(path) => Err(Flaw::Replaced { witness: path.to_owned() }),
        None => Ok(head),
    }
}

/// Whether the end is where it was.
fn whole(verified: Verified, witnesses: &Witnesses) -> Result<Verified, Broken> {
    match witnesses.last() {
        Some((last, path)) if last > verified.lines => {
            let flaw = Flaw::CutOff { last, witness: path.to_owned() };
            Err(Broken { line: verified.lines + 1, flaw })
        }
        _ => Ok(verified),
    }
}

fn check(line: &[u8], expected: u64, head: &str) -> Result<String, Flaw> {
    let (seal, due) = line::read(line).ok_or(Flaw::NotALine)?;
    if seal.h != due {
        Err(Flaw::Changed)
    } else if seal.p != head {
        Err(Flaw::Unlinked)
    } else if seal.n != expected {
        Err(Flaw::Number { found: seal.n, expected })
    } else {
        Ok(seal.h)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, History, Level};
    use super::*;
    use crate::fleet::Timestamp;
    use std::fs;
    use std::io::Write;

    fn entry(text: &str) -> (Timestamp, Entry) {
        let (host, run, actor) = (None, None, "rc@console".to_owned());
        (Timestamp(0), Entry { level: Level::Info, host, run, actor, text: text.to_owned() })
    }

    fn history(lines: usize) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("history_main.log");
        let mut history = History::open(&path).unwrap();
        for n in 0..lines {
            history.append(&[entry(&format!("entry {n}"))]).unwrap();
        }
        (dir, path)
    }

    fn check_bytes(bytes: &[u8]) -> Result<Verified, Broken> {
        verify(bytes, &Witnesses::default()).unwrap()
    }

    #[test]
    fn an_honest_history_verifies_also_when_two_writers_share_it() {
        let (_dir, path) = history(3);
        let mut one = History::open(&path).unwrap();
        let mut two = History::open(&path).unwrap();
        one.append(&[entry("a"), entry("b")]).unwrap();
        two.append(&[entry("c")]).unwrap();
        one.append(&[entry("d")]).unwrap();
        let verified = check_bytes(&fs::read(&path).unwrap()).unwrap();
        assert_eq!((verified.lines, verified.torn), (7, 0));
    }

    #[test]
    fn every_flipped_byte_is_found() {
        let (_dir, path) = history(3);
        let honest = fs::read(&path).unwrap();
        for at in 0..honest.len() {
            let mut forged = honest.clone();
            forged[at] ^= 1;
            let found = check_bytes(&forged);
            let cut_short = matches!(&found, Ok(v) if v.lines < 3);
            assert!(found.is_err() || cut_short, "byte {at} of {}", honest.len());
        }
    }

    #[test]
    fn a_line_deleted_inserted_or_moved_is_found() {
        let (_dir, path) = history(4);
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let joined = |order: &[usize]| {
            let picked: Vec<&str> = order.iter().map(|i| lines[*i]).collect();
            check_bytes(format!("{}\n", picked.join("\n")).as_bytes())
        };
        let unlinked = |line| Err(Broken { line, flaw: Flaw::Unlinked });
        assert_eq!(joined(&[0, 2, 3]), unlinked(2));
        assert_eq!(joined(&[0, 2, 1, 3]), unlinked(2));
        assert_eq!(joined(&[0, 1, 1, 2, 3]), unlinked(3));
        assert_eq!(joined(&[1, 2, 3]), unlinked(1));
    }

    #[test]
    fn a_torn_last_line_is_set_aside_and_the_chain_goes_on() {
        let (dir, path) = history(2);
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"2026-11").unwrap();
        assert_eq!(check_bytes(&fs::read(&path).unwrap()).unwrap().torn, 7);
        History::open(&path).unwrap().append(&[entry("after")]).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(check_bytes(text.as_bytes()).unwrap().lines, 4);
        assert!(text.lines().nth(2).unwrap().contains("was torn by a crash"));
        assert_eq!(fs::read(dir.path().join("history_main.torn")).unwrap(), b"2026-11\n");
    }
}
