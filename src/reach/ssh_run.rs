//! A command on an SSH channel: bytes both ways, and the end of its process group when nobody wants it.

use std::sync::Arc;

use bytes::Bytes;
use russh::client::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Sig};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::command::Command;
use super::error::ReachError;
use super::leash;
use super::preamble::Preamble;
use super::running::{Chunk, Exit, Running, Wires};
use super::ssh::SshLink;

/// SSH's number for stderr.
const STDERR: u32 = 1;

/// One command on one channel.
struct Session {
    link: Arc<SshLink>,
    read: ChannelReadHalf,
    write: Arc<ChannelWriteHalf<Msg>>,
    preamble: Preamble,
    exit: Option<Exit>,
    _turn: OwnedSemaphorePermit,
}

/// Starts a command.
pub(super) async fn run(link: &Arc<SshLink>, command: &Command) -> Result<Running, ReachError> {
    let preamble = Preamble::new();
    let line = preamble.wrap(command)?;
    let turn = link.channels.clone().acquire_owned().await.map_err(|_| link.lost())?;
    let (read, write) = link.channel().await?.split();
    write.exec(true, line).await.map_err(|_| link.lost())?;
    let (running, wires) = Running::new();
    let write = Arc::new(write);
    let session = Session { link: link.clone(), read, write, preamble, exit: None, _turn: turn };
    tokio::spawn(session.serve(wires));
    Ok(running)
}

impl Session {
    async fn serve(mut self, wires: Wires) {
        let Wires { chunks, end, stdin, leash } = wires;
        let feeding = tokio::spawn(feed(self.write.clone(), stdin));
        let done = tokio::select! {
            done = self.relay(&chunks) => done,
            _ = leash => None,
        };
        feeding.abort();
        let over = done.as_ref().is_some_and(|d| d.is_ok() || self.preamble.is_over());
        if !over {
            self.put_down().await;
        }
        // Whoever dropped the command does not ask how it ended.
        let _ = done.map(|result| end.send(result));
    }

    /// Relays output until the channel ends; `None` when nobody listens any more.
    async fn relay(&mut self, chunks: &mpsc::Sender<Chunk>) -> Option<Result<Exit, ReachError>> {
        let patience = self.link.patience.shell;
        let deadline = Instant::now() + patience;
        loop {
            let message = match self.preamble.is_over() {
                true => self.read.wait().await,
                false => match timeout_at(deadline, self.read.wait()).await {
                    Ok(message) if !self.preamble.is_endless() => message,
                    _ => return Some(Err(self.preamble.never_began(patience))),
                },
            };
            let chunk = match message {
                Some(ChannelMsg::Data { data }) => Chunk::Stdout(self.preamble.feed(data)),
                Some(ChannelMsg::ExtendedData { data, ext: STDERR }) => Chunk::Stderr(data),
                Some(ChannelMsg::Close) => return Some(self.verdict()),
                Some(ChannelMsg::Failure) => return Some(Err(self.refused().await)),
                Some(other) => {
                    self.note(&other);
                    continue;
                }
                None => return Some(self.exit.take().map_or_else(|| Err(self.link.lost()), Ok)),
            };
            let (Chunk::Stdout(bytes) | Chunk::Stderr(bytes)) = &chunk;
            if !bytes.is_empty() {
                chunks.send(chunk).await.ok()?;
            }
        }
    }

    fn note(&mut self, message: &ChannelMsg) {
        match message {
            ChannelMsg::ExitStatus { exit_status } => self.exit = Some(Exit::Status(*exit_status)),
            ChannelMsg::ExitSignal { signal_name, .. } => {
                self.exit = Some(Exit::Signal(match signal_name {
                    Sig::Custom(name) => name.clone(),
                    known => format!("{known:?}"),
                }));
            }
            _ => {}
        }
    }

    /// The server started nothing and leaves the channel to us.
    async fn refused(&self) -> ReachError {
        let _ = self.write.close().await;
        ReachError::Shell { said: "the server refuses to start one".to_owned() }
    }

    fn verdict(&mut self) -> Result<Exit, ReachError> {
        // A shell that ended by itself without the token never ran the command.
        if !self.preamble.is_over() && self.exit.is_some() {
            let exit = self.exit.take().unwrap_or(Exit::Unknown);
            let said = format!("{} ({exit})", self.preamble.said());
            return Err(ReachError::Shell { said: said.trim_start().to_owned() });
        }
        Ok(self.exit.take().unwrap_or(Exit::Unknown))
    }

    /// Ends the process group. Its output is drained meanwhile, or the whole connection would
    /// stand still.
    async fn put_down(mut self) {
        let link = self.link.clone();
        let _ = timeout(link.patience.grace, self.begun()).await;
        let pid = self.preamble.pid();
        // One message, where the server passes signals on; OpenSSH does so except for root.
        let asked = self.write.signal(Sig::TERM).await;
        if asked.is_err() {
            return;
        }
        let killing = async {
            match pid {
                Some(pid) => kill(&link, pid).await,
                None => sleep(link.patience.grace).await,
            }
        };
        tokio::select! {
            () = self.drained() => return,
            () = killing => {}
        }
        // What is left is not of the group: the channel's pipes are all we can take from it.
        let _ = self.write.close().await;
        let _ = timeout(self.link.patience.grace, self.drained()).await;
    }

    /// Waits until the command has told its pid, or will not any more.
    async fn begun(&mut self) {
        while !self.preamble.is_over() {
            match self.read.wait().await {
                Some(ChannelMsg::Data { data }) => drop(self.preamble.feed(data)),
                None | Some(ChannelMsg::Close) => return,
                Some(_) => {}
            }
        }
    }

    async fn drained(&mut self) {
        while !matches!(self.read.wait().await, None | Some(ChannelMsg::Close)) {}
    }
}

/// Ends a process group over a channel of its own, which the limit of channels leaves room for.
async fn kill(link: &SshLink, pid: u32) {
    let program = Command::sh(leash::put_down(pid, link.patience.grace));
    let Ok(line) = Preamble::new().wrap(&program) else { return };
    let Ok(mut channel) = link.channel().await else { return };
    // Nobody reads what it says.
    if channel.exec(false, line).await.is_err() {
        return;
    }
    while !matches!(channel.wait().await, None | Some(ChannelMsg::Close)) {}
}

async fn feed(write: Arc<ChannelWriteHalf<Msg>>, mut stdin: mpsc::Receiver<Bytes>) {
    while let Some(bytes) = stdin.recv().await {
        if write.data_bytes(bytes).await.is_err() {
            return;
        }
    }
    // A channel that is closed already has no use for an end of file.
    let _ = write.eof().await;
}
