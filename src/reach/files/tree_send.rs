//! A folder to a host: unpacked beside its goal there, every file checked by hash, and put in place of what was there.

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::text::hex;

use super::super::command::Command;
use super::super::dial::plain;
use super::super::error::ReachError;
use super::super::link::Link;
use super::archive;
use super::script::{NO_TAR, Program, judge};
use super::tree::{Entry, What, walk};
use super::{Carried, PIECE, Progress, changed, nonce, trouble};

/// Hashes of files by their paths within the folder.
type Hashes = BTreeMap<Vec<u8>, String>;

/// A folder on its way.
struct Shipment<'a> {
    link: &'a Link,
    from: &'a Path,
    to: &'a str,
    unfinished: String,
    entries: Vec<Entry>,
}

impl Link {
    /// Carries a folder to a host: afterwards the goal holds exactly what is here, or what it held
    /// before. Links that lead out of the folder are refused, and nothing is followed.
    pub async fn put_tree(
        &self,
        from: &Path,
        to: &str,
        progress: Progress<'_>,
    ) -> Result<Carried, ReachError> {
        let to = goal(to)?;
        let root = from.to_owned();
        let walked = tokio::task::spawn_blocking(move || walk(&root)).await;
        let (mode, entries) = walked.map_err(|e| trouble(from.display(), e.to_string()))??;
        let shipment = Shipment { link: self, from, to, unfinished: nonce(), entries };
        let arrived = match shipment.unpack(progress).await {
            Ok(true) => Ok(()),
            Ok(false) => shipment.one_by_one().await,
            Err(error) => Err(error),
        };
        if let Err(error) = arrived {
            // The first error is the one to tell.
            let _ = shipment.run(Program::Discard, &[]).await;
            return Err(error);
        }
        shipment.run(Program::Settle, &[format!("{mode:04o}")]).await?;
        Ok(shipment.carried())
    }
}

impl Shipment<'_> {
    /// Sends one archive. `false`: the host has no `tar`.
    async fn unpack(&self, progress: Progress<'_>) -> Result<bool, ReachError> {
        let (feed, pieces) = mpsc::channel(2);
        let (root, entries) = (self.from.to_owned(), self.entries.clone());
        let packing = tokio::task::spawn_blocking(move || pack(&root, &entries, &feed));
        let arguments = [self.to.to_owned(), self.unfinished.clone()];
        let command = Command::sh(Program::Unpack.text()).args(arguments);
        let (said, _) = self.link.pour(&command, (pieces, progress)).await?;
        let packed = packing.await.map_err(|e| trouble(self.from.display(), e.to_string()))?;
        if said.exit == NO_TAR {
            return Ok(false);
        }
        judge(self.to, &said)?;
        if packed? == listed(&said.stdout) { Ok(true) } else { Err(changed(self.to)) }
    }

    /// Makes every entry by a command of its own, each file checked as `put` does.
    async fn one_by_one(&self) -> Result<(), ReachError> {
        self.run(Program::Prepare, &[]).await?;
        let folder = match self.to.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{}", self.unfinished),
            None => self.unfinished.clone(),
        };
        for entry in &self.entries {
            let Some(name) = entry.path.to_str() else {
                return Err(trouble(
                    entry.path.display(),
                    "needs `tar` there: its name is not text",
                ));
            };
            let path = format!("{folder}/{name}");
            match &entry.what {
                What::Folder => self.make(&path, entry, None).await?,
                What::Link { to } => self.make(&path, entry, Some(to)).await?,
                What::File { .. } => {
                    let from = self.from.join(&entry.path);
                    self.link.put(&from, &path, entry.mode, &mut |_| {}).await?;
                }
            }
        }
        Ok(())
    }

    async fn make(
        &self,
        path: &str,
        entry: &Entry,
        to: Option<&PathBuf>,
    ) -> Result<(), ReachError> {
        // A folder that we may not write could not be filled afterwards.
        let mode = format!("{:04o}", entry.mode | 0o700);
        let to = to.map(|to| to.to_string_lossy().into_owned());
        let command = Command::sh(Program::Make.text()).arg(path).arg(mode).args(to);
        judge(path, &self.link.output(&command, b"").await?)
    }

    async fn run(&self, program: Program, more: &[String]) -> Result<(), ReachError> {
        let command = Command::sh(program.text()).arg(self.to).arg(self.unfinished.as_str());
        let said = self.link.output(&command.args(more.iter().cloned()), b"").await?;
        judge(self.to, &said)
    }

    fn carried(&self) -> Carried {
        self.entries.iter().fold(Carried { bytes: 0, files: 0 }, |sum, entry| match entry.what {
            What::File { size } => Carried { bytes: sum.bytes + size, files: sum.files + 1 },
            What::Folder | What::Link { .. } => sum,
        })
    }
}

/// The folder's path without slashes at its end; one that names no folder of its own is refused.
pub(super) fn goal(path: &str) -> Result<&str, ReachError> {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        Some("" | "." | "..") | None => Err(trouble(path, "does not name a folder of its own")),
        Some(_) => Ok(trimmed),
    }
}

/// Writes the archive into the channel and returns what its files hash to.
fn pack(root: &Path, entries: &[Entry], feed: &mpsc::Sender<Bytes>) -> Result<Hashes, ReachError> {
    let mut hashes = Hashes::new();
    for entry in entries {
        // Nobody takes more only when the other side has ended, and it tells why.
        let _ = feed.blocking_send(archive::header(entry).into());
        if let What::File { size } = entry.what {
            let hash = pack_file(&root.join(&entry.path), size, feed)?;
            hashes.insert(entry.path.as_os_str().as_bytes().to_vec(), hash);
            let _ = feed.blocking_send(archive::padding(size).into());
        }
    }
    let _ = feed.blocking_send(archive::end().into());
    Ok(hashes)
}

fn pack_file(path: &Path, size: u64, feed: &mpsc::Sender<Bytes>) -> Result<String, ReachError> {
    let failed = |e: std::io::Error| trouble(path.display(), plain(&e));
    let mut file = std::fs::File::open(path).map_err(failed)?.take(size);
    let (mut hash, mut sent) = (Sha256::new(), 0);
    loop {
        let mut piece = vec![0; PIECE];
        let n = file.read(&mut piece).map_err(failed)?;
        piece.truncate(n);
        if n == 0 && sent < size {
            return Err(changed(path.display()));
        }
        if n == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&piece);
        sent += n as u64;
        let _ = feed.blocking_send(piece.into());
    }
}

/// The host's own hashes: `hash ./path`, each with a NUL after it.
fn listed(stdout: &[u8]) -> Hashes {
    let lines = stdout.split(|b| *b == 0).filter(|line| !line.is_empty());
    let pairs = lines.filter_map(|line| {
        let (hash, path) = line.split_at_checked(64)?;
        let path = path.strip_prefix(b" ./")?;
        Some((path.to_vec(), String::from_utf8_lossy(hash).into_owned()))
    });
    pairs.collect()
}
