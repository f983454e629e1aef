//! A folder from a host: written beside its goal here, every file checked, and put in place of what was there. What the host sends is not trusted to stay inside.

use std::io::{Error, ErrorKind, Result as IoResult};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use bytes::{Buf, Bytes};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::text::hex;

use super::super::command::Command;
use super::super::dial::plain;
use super::super::error::ReachError;
use super::super::link::Link;
use super::super::output::Output;
use super::super::preamble::one_line;
use super::super::running::{Chunk, Running};
use super::landing::{Landing, new_file};
use super::script::{Program, judge};
use super::tree::stays_within;
use super::{Carried, Progress, trouble};

/// Longest line about an entry: a path has at most 4096 bytes.
const LONGEST: usize = 8192;

impl Link {
    /// Carries a folder from a host: afterwards the goal holds exactly what is there, or what it
    /// held before. A link that leads out of the folder, or anything but files, folders and links,
    /// is refused.
    pub async fn get_tree(
        &self,
        from: &str,
        to: &Path,
        progress: Progress<'_>,
    ) -> Result<Carried, ReachError> {
        let failed = |e: Error| trouble(to.display(), plain(&e));
        let command = Command::sh(Program::GiveTree.text()).arg(from);
        let mut running = self.run(&command).await?;
        drop(running.stdin());
        let landing = Landing::beside(to);
        landing.folder().map_err(failed)?;
        let mut inbound = Inbound::new(&mut running, landing.at(), progress);
        let arrived = inbound.all().await;
        let (carried, mode, stderr) = (inbound.carried.clone(), inbound.mode, inbound.stderr);
        if let Err(error) = arrived {
            // A host that gave up knows better why than we who saw the stream end.
            if error.kind() == ErrorKind::UnexpectedEof {
                judge(from, &Output { stdout: Vec::new(), stderr, exit: running.exit().await? })?;
            }
            return Err(trouble(from, plain(&error)));
        }
        landing.settle(mode).map_err(failed)?;
        Ok(carried)
    }
}

/// A folder that is arriving.
struct Inbound<'a> {
    running: &'a mut Running,
    root: &'a Path,
    progress: Progress<'a>,
    buffer: Bytes,
    stderr: Vec<u8>,
    /// Made last, so that nothing is ever written through them.
    links: Vec<(PathBuf, PathBuf)>,
    /// Set last, so that a folder without the right to write can be filled.
    folders: Vec<(PathBuf, u32)>,
    carried: Carried,
    mode: u32,
}

impl<'a> Inbound<'a> {
    fn new(running: &'a mut Running, root: &'a Path, progress: Progress<'a>) -> Self {
        let (links, folders) = (Vec::new(), Vec::new());
        let (buffer, stderr) = (Bytes::new(), Vec::new());
        let carried = Carried { bytes: 0, files: 0 };
        Self { running, root, progress, buffer, stderr, links, folders, carried, mode: 0o700 }
    }

    async fn all(&mut self) -> IoResult<()> {
        loop {
            let line = self.line().await?;
            if line == b"E" {
                return self.finish();
            }
            let (kind, mode, size, path) =
                parse(&line).ok_or_else(|| odd("an unreadable entry"))?;
            let at = self.root.join(&path);
            match kind {
                b'D' if path.as_os_str().is_empty() => self.mode = mode,
                b'D' => {
                    std::fs::DirBuilder::new().mode(0o700).create(&at)?;
                    self.folders.push((at, mode));
                }
                b'F' => self.file(&at, mode, size).await?,
                b'L' => {
                    let to = PathBuf::from(std::ffi::OsString::from_vec(self.line().await?));
                    if !stays_within(&path, &to) {
                        return Err(odd(&format!("`{}`, a link that leads out", path.display())));
                    }
                    self.links.push((at, to));
                }
                _ => return Err(odd(&format!("`{}`, neither file nor folder", path.display()))),
            }
        }
    }

    async fn file(&mut self, at: &Path, mode: u32, size: u64) -> IoResult<()> {
        let mut file = tokio::fs::File::from_std(new_file(at)?);
        let (mut hash, mut left) = (Sha256::new(), size);
        while left > 0 {
            if self.buffer.is_empty() {
                self.more().await?;
            }
            let take = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
            let piece = self.buffer.split_to(take);
            file.write_all(&piece).await?;
            hash.update(&piece);
            left -= take as u64;
            self.carried.bytes += take as u64;
            (self.progress)(self.carried.bytes);
        }
        file.flush().await?;
        file.sync_data().await?;
        if self.line().await? != hex(&hash.finalize()).as_bytes() {
            return Err(odd(&format!("`{}`, which changed meanwhile", at.display())));
        }
        file.set_permissions(std::fs::Permissions::from_mode(mode)).await?;
        self.carried.files += 1;
        Ok(())
    }

    fn finish(&mut self) -> IoResult<()> {
        for (at, to) in &self.links {
            std::os::unix::fs::symlink(to, at)?;
        }
        for (at, mode) in self.folders.iter().rev() {
            std::fs::set_permissions(at, std::fs::Permissions::from_mode(*mode))?;
        }
        Ok(())
    }

    /// What comes before the next NUL.
    async fn line(&mut self) -> IoResult<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            if let Some(end) = self.buffer.iter().position(|b| *b == 0) {
                line.extend_from_slice(&self.buffer.split_to(end));
                self.buffer.advance(1);
                return Ok(line);
            }
            line.extend_from_slice(&std::mem::take(&mut self.buffer));
            if line.len() > LONGEST {
                return Err(odd("an entry without end"));
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> IoResult<()> {
        while let Some(chunk) = self.running.next().await {
            match chunk {
                Chunk::Stdout(bytes) => {
                    self.buffer = bytes;
                    return Ok(());
                }
                Chunk::Stderr(bytes) => self.stderr = one_line(&bytes).into_bytes(),
            }
        }
        Err(Error::new(ErrorKind::UnexpectedEof, "the host stopped in the middle"))
    }
}

fn odd(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("is not carried: it holds {what}"))
}

/// `KIND PERMISSIONS SIZE ./path`, the path's parts being plain names.
fn parse(line: &[u8]) -> Option<(u8, u32, u64, PathBuf)> {
    let mut parts = line.splitn(4, |b| *b == b' ');
    let kind = *parts.next()?.first()?;
    let mode = mode(parts.next()?)?;
    let size = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    let path = PathBuf::from(std::ffi::OsString::from_vec(parts.next()?.to_vec()));
    let mut inside = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => inside.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some((kind, mode, size, inside))
}

/// The mode that `ls -l` spells as `drwxr-xr-x`; set-user bits are not carried.
fn mode(spelt: &[u8]) -> Option<u32> {
    let bits = spelt.get(1..10)?;
    let set = |b: &u8| !matches!(b, b'-' | b'S' | b'T');
    Some(bits.iter().fold(0, |mode, b| mode << 1 | u32::from(set(b))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_would_be_written_outside_is_not_understood() {
        let path = |line: &str| parse(line.as_bytes()).map(|(.., path)| path);
        assert_eq!(path("F -rw-r--r-- 3 ./a b"), Some(PathBuf::from("a b")));
        assert_eq!(path("D drwxr-xr-x 0 ."), Some(PathBuf::new()));
        assert_eq!(path("F -rw-r--r-- 3 ./../a"), None);
        assert_eq!(path("F -rw-r--r-- 3 /etc/passwd"), None);
        assert_eq!(path("F -rw-r--r-- x ./a"), None);
    }

    #[test]
    fn permissions_are_read_as_ls_spells_them() {
        assert_eq!(mode(b"drwxr-x--x"), Some(0o751));
        assert_eq!(mode(b"-rwsr-sr-t."), Some(0o755));
        assert_eq!(mode(b"-rwSr--r-T"), Some(0o644));
        assert_eq!(mode(b"-rw"), None);
    }
}
