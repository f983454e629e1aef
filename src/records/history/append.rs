//! Adding to the history: under a lock, many entries with one wait for the disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::fleet::Timestamp;
use crate::records::{RecordsError, make_dir};

use super::line::{self, Entry, GENESIS, Level};
use crate::records::Seal;

/// More than the longest line can be, so that the last one is found in one read.
const TAIL: u64 = 64 << 10;

/// The history of one home, open for adding. Several processes may have it open.
pub struct History {
    path: PathBuf,
    lock: filelock::FileLock,
}

/// Where the chain ends.
struct Head {
    n: u64,
    h: String,
}

impl History {
    /// Opens the history, which begins with the first entry.
    pub fn open(path: &Path) -> Result<Self, RecordsError> {
        if let Some(parent) = path.parent() {
            make_dir(parent)?;
        }
        let lock_path = path.with_extension("lock");
        let lock = filelock::new(&lock_path).map_err(RecordsError::io("lock", &lock_path))?;
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Adds entries in their order, and tells their places in the chain. When this returns they are
    /// on the disk, all of them.
    pub fn append(&mut self, entries: &[(Timestamp, Entry)]) -> Result<Vec<Seal>, RecordsError> {
        let Some((first, _)) = entries.first() else { return Ok(Vec::new()) };
        let _guard = self.lock.lock().map_err(RecordsError::io("lock", &self.path))?;
        let added = add(&self.path, *first, entries);
        added.map_err(RecordsError::io("write", &self.path))
    }
}

fn add(path: &Path, at: Timestamp, entries: &[(Timestamp, Entry)]) -> io::Result<Vec<Seal>> {
    let mut file =
        OpenOptions::new().read(true).append(true).create(true).mode(0o640).open(path)?;
    let (mut head, torn) = find_head(&mut file)?;
    let mut text = String::new();
    let mut chain = |at: Timestamp, entry: &Entry| {
        let (line, seal) = line::write(entry, at, head.n + 1, &head.h);
        head = Head { n: seal.n, h: seal.h.clone() };
        text.push_str(&line);
        text.push('\n');
        seal
    };
    if let Some(torn) = torn {
        set_aside(path, &mut file, &torn)?;
        chain(at, &note_of(&torn));
    }
    let seals = entries.iter().map(|(at, entry)| chain(*at, entry)).collect();
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    Ok(seals)
}

/// The end of the chain, and what a crash left of a line that was never finished.
fn find_head(file: &mut File) -> io::Result<(Head, Option<Vec<u8>>)> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let torn = (whole < tail.len()).then(|| tail[whole..].to_vec());
    let lines = &tail[..whole.saturating_sub(1)];
    let start = lines.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let last = &lines[start..];
    if last.is_empty() {
        return Ok((Head { n: 0, h: GENESIS.to_owned() }, torn));
    }
    // A last line that is no line of ours is what `verify` reports; the chain goes on from its bytes.
    let head = match line::read(last) {
        Some((seal, _)) => Head { n: seal.n, h: seal.h },
        None => Head { n: 0, h: GENESIS.to_owned() },
    };
    Ok((head, torn))
}

/// Keeps the torn bytes beside the history and takes them out of it.
fn set_aside(path: &Path, file: &mut File, torn: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("torn");
    let mut kept = OpenOptions::new().append(true).create(true).mode(0o640).open(beside)?;
    kept.write_all(torn)?;
    kept.write_all(b"\n")?;
    kept.sync_data()?;
    let length = file.seek(SeekFrom::End(0))?;
    file.set_len(length - torn.len() as u64)
}

fn note_of(torn: &[u8]) -> Entry {
    Entry {
        level: Level::Warn,
        host: None,
        run: None,
        actor: "shelter@console".to_owned(),
        text: format!(
            "a line of {} bytes was torn by a crash and is kept in history_main.torn",
            torn.len()
        ),
    }
}
