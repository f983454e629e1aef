//! A command run to its end with its whole output in memory, up to a bound.

use super::command::Command;
use super::error::ReachError;
use super::link::Link;
use super::running::{Chunk, Exit, Running};

/// Most output that is kept of one command.
const MOST: usize = 16 * 1024 * 1024;

/// What a command said and how it ended. A failed command is an answer, not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// All of stdout.
    pub stdout: Vec<u8>,
    /// All of stderr.
    pub stderr: Vec<u8>,
    /// How it ended.
    pub exit: Exit,
}

impl Link {
    /// Runs a command to its end, with these bytes on its stdin. More than 16 MiB of output is an
    /// error, and ends the command.
    pub async fn output(&self, command: &Command, stdin: &[u8]) -> Result<Output, ReachError> {
        let mut running = self.run(command).await?;
        let input = running.stdin();
        let feed = async {
            if let Some(input) = input {
                for piece in stdin.chunks(32 * 1024) {
                    if !input.write(piece.to_vec()).await {
                        break;
                    }
                }
            }
        };
        let (collected, ()) = tokio::join!(collect(&mut running), feed);
        let (stdout, stderr) = collected?;
        Ok(Output { stdout, stderr, exit: running.exit().await? })
    }
}

pub(super) async fn collect(running: &mut Running) -> Result<(Vec<u8>, Vec<u8>), ReachError> {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while let Some(chunk) = running.next().await {
        match chunk {
            Chunk::Stdout(bytes) => stdout.extend_from_slice(&bytes),
            Chunk::Stderr(bytes) => stderr.extend_from_slice(&bytes),
        }
        if stdout.len() + stderr.len() > MOST {
            let what = format!("the command printed more than {} MiB", MOST >> 20);
            return Err(ReachError::Command { what });
        }
    }
    Ok((stdout, stderr))
}
