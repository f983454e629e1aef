//! A file from a host: written beside its goal here, checked against the host's own hash, and put in place in one step.

use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::text::hex;

use super::super::command::Command;
use super::super::dial::plain;
use super::super::error::ReachError;
use super::super::link::Link;
use super::super::output::Output;
use super::super::running::{Chunk, Running};
use super::landing::Landing;
use super::script::{Program, judge};
use super::{Carried, Progress, changed, trouble};

/// Complaints of a host that are kept.
const COMPLAINTS: usize = 4096;

impl Link {
    /// Carries a file from a host, to have that mode here.
    pub async fn get(
        &self,
        from: &str,
        to: &Path,
        mode: u32,
        progress: Progress<'_>,
    ) -> Result<Carried, ReachError> {
        let failed = |e: std::io::Error| trouble(to.display(), plain(&e));
        let command = Command::sh(Program::Give.text()).arg(from);
        let mut running = self.run(&command).await?;
        drop(running.stdin());
        let landing = Landing::beside(to);
        let file = tokio::fs::File::from_std(landing.file().map_err(failed)?);
        let mut inbound = Inbound { file, hash: Sha256::new(), bytes: 0, stderr: Vec::new() };
        inbound.receive(&mut running, progress).await.map_err(failed)?;
        let stderr = std::mem::take(&mut inbound.stderr);
        let said = Output { stdout: Vec::new(), stderr, exit: running.exit().await? };
        judge(from, &said)?;
        let (hash, bytes) = inbound.finish().await.map_err(failed)?;
        if String::from_utf8_lossy(&said.stderr).lines().last() != Some(&hash) {
            return Err(changed(from));
        }
        landing.settle(mode).map_err(failed)?;
        Ok(Carried { bytes, files: 1 })
    }
}

/// A file that is arriving.
struct Inbound {
    file: tokio::fs::File,
    hash: Sha256,
    bytes: u64,
    stderr: Vec<u8>,
}

impl Inbound {
    async fn receive(
        &mut self,
        running: &mut Running,
        progress: Progress<'_>,
    ) -> std::io::Result<()> {
        while let Some(chunk) = running.next().await {
            match chunk {
                Chunk::Stdout(bytes) => {
                    self.file.write_all(&bytes).await?;
                    self.hash.update(&bytes);
                    self.bytes += bytes.len() as u64;
                    progress(self.bytes);
                }
                Chunk::Stderr(bytes) => {
                    self.stderr.extend_from_slice(&bytes);
                    // What counts is the end: the hash, or why there is none.
                    let surplus = self.stderr.len().saturating_sub(COMPLAINTS);
                    self.stderr.drain(..surplus);
                }
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> std::io::Result<(String, u64)> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        Ok((hex(&self.hash.finalize()), self.bytes))
    }
}
