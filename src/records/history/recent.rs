//! The newest lines of the history, read from its end. Proves nothing about them: `verify` does.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::fleet::{HostName, Timestamp};
use crate::records::{Home, RecordsError};
use crate::text::inert_line;

use super::line::{Entry, Level};

/// How far back from its end a history is read.
const REACH: u64 = 1 << 19;

/// A line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// When.
    pub at: Timestamp,
    /// What, where, by whom.
    pub entry: Entry,
}

/// The newest lines, the newest first. What is no line of a history is passed over.
pub fn recent(home: &Home, most: usize) -> Result<Vec<Noted>, RecordsError> {
    let path = home.history();
    let failed = || RecordsError::io("read", &path);
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed()(error)),
    };
    let length = file.metadata().map_err(failed())?.len();
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(REACH))).map_err(failed())?;
    file.take(REACH).read_to_end(&mut bytes).map_err(failed())?;
    let text = String::from_utf8_lossy(&bytes);
    // A line that is cut at either end has no place in time or no text, and is none.
    Ok(text.lines().rev().filter_map(parse).take(most).collect())
}

fn parse(line: &str) -> Option<Noted> {
    let line = inert_line(line);
    let mut parts = line.splitn(3, " | ");
    let (head, text, _seal) = (parts.next()?, parts.next()?, parts.next()?);
    let mut words = head.splitn(5, ' ');
    let at = Timestamp::parse(words.next()?)?;
    let level = Level::parse(words.next()?)?;
    let host = HostName::new(words.next()?).ok();
    let run = words.next()?.strip_prefix("run=").filter(|run| *run != "-").map(str::to_owned);
    let (actor, text) = (words.next()?.to_owned(), text.to_owned());
    Some(Noted { at, entry: Entry { level, host, run, actor, text } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::history::line::{GENESIS, write};
    use std::io::Write;

    #[test]
    fn the_newest_lines_come_first_and_what_is_none_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        assert_eq!(recent(&home, 9).unwrap(), []);
        let entry = |run: Option<&str>, text: &str| Entry {
            level: Level::Warn,
            host: HostName::new("phantom").ok(),
            run: run.map(str::to_owned),
            actor: "rc@console".into(),
            text: text.into(),
        };
        let entries = [entry(Some("R7K2/03"), "built in 312 s"), entry(None, "a \u{202e} b")];
        let mut file = File::create(home.history()).unwrap();
        for (n, entry) in (1..).zip(&entries) {
            writeln!(file, "{}", write(entry, Timestamp(n), n as u64, GENESIS).0).unwrap();
        }
        file.write_all(b"hello\n\xff | x | y\n2026-11-21T07:50:12.345Z INFO - run=").unwrap();
        let found = recent(&home, 9).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], Noted { at: Timestamp(1), entry: entries[0].clone() });
        assert!(!found[0].entry.text.contains('\u{202e}'));
        assert_eq!(recent(&home, 1).unwrap(), found[..1]);
    }
}
