//! A file to a host: hashed here, written beside its goal there, checked, and put in place in one step.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::text::hex;

use super::super::command::Command;
use super::super::dial::plain;
use super::super::error::ReachError;
use super::super::link::Link;
use super::super::output::{Output, collect};
use super::script::{Program, judge};
use super::{Carried, PIECE, Progress, nonce, trouble};

impl Link {
    /// Carries a file to a host, with that mode. The goal holds the old content or all of the new.
    pub async fn put(
        &self,
        from: &Path,
        to: &str,
        mode: u32,
        progress: Progress<'_>,
    ) -> Result<Carried, ReachError> {
        let path = from.to_owned();
        let hashing = tokio::task::spawn_blocking(move || hash_file(&path));
        let hash = hashing.await.map_err(|e| trouble(from.display(), e.to_string()))??;
        let (feed, pieces) = mpsc::channel(2);
        let path = from.to_owned();
        let reading = tokio::task::spawn_blocking(move || read_into(&path, &feed));
        let bytes = self.take(to, mode, &hash, (pieces, progress)).await?;
        reading.await.map_err(|e| trouble(from.display(), e.to_string()))??;
        Ok(Carried { bytes, files: 1 })
    }

    async fn take(
        &self,
        to: &str,
        mode: u32,
        hash: &str,
        source: (mpsc::Receiver<Bytes>, Progress<'_>),
    ) -> Result<u64, ReachError> {
        let mode = format!("{:04o}", mode & 0o7777);
        let arguments = [to.to_owned(), mode, hash.to_owned(), nonce()];
        let command = Command::sh(Program::Take.text()).args(arguments);
        let (said, bytes) = self.pour(&command, source).await?;
        judge(to, &said)?;
        Ok(bytes)
    }

    /// Runs a command with a stream on its stdin, and tells how much of it was taken.
    pub(super) async fn pour(
        &self,
        command: &Command,
        source: (mpsc::Receiver<Bytes>, Progress<'_>),
    ) -> Result<(Output, u64), ReachError> {
        let mut running = self.run(command).await?;
        let stdin = running.stdin();
        let (mut pieces, progress) = source;
        let feed = async {
            let mut sent = 0;
            while let (Some(stdin), Some(piece)) = (&stdin, pieces.recv().await) {
                let length = piece.len() as u64;
                if !stdin.write(piece).await {
                    break;
                }
                sent += length;
                progress(sent);
            }
            drop(stdin);
            sent
        };
        let (collected, sent) = tokio::join!(collect(&mut running), feed);
        let (stdout, stderr) = collected?;
        Ok((Output { stdout, stderr, exit: running.exit().await? }, sent))
    }
}

fn open(path: &Path) -> Result<File, ReachError> {
    let file = File::open(path).map_err(|e| trouble(path.display(), plain(&e)))?;
    let kind = file.metadata().map_err(|e| trouble(path.display(), plain(&e)))?;
    if kind.is_file() { Ok(file) } else { Err(trouble(path.display(), "is not a file")) }
}

fn hash_file(path: &Path) -> Result<String, ReachError> {
    let mut file = open(path)?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece).map_err(|e| trouble(path.display(), plain(&e)))? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&piece[..n]),
        }
    }
}

/// Reads a file to its end; stops quietly where nobody takes more, for they know why.
fn read_into(path: &Path, feed: &mpsc::Sender<Bytes>) -> Result<(), ReachError> {
    let mut file = open(path)?;
    loop {
        let mut piece = vec![0; PIECE];
        let n = file.read(&mut piece).map_err(|e| trouble(path.display(), plain(&e)))?;
        piece.truncate(n);
        if n == 0 || feed.blocking_send(piece.into()).is_err() {
            return Ok(());
        }
    }
}
