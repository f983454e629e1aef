//! A command under way: its output as it comes, its stdin, its end. Dropping it ends the command.

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::error::ReachError;

/// Chunks that wait for a slow reader before the host is held back.
const CHUNKS: usize = 16;

/// A piece of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// From stdout.
    Stdout(Bytes),
    /// From stderr.
    Stderr(Bytes),
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// With this status.
    Status(u32),
    /// By this signal, as `TERM`.
    Signal(String),
    /// The host did not say. Never to be taken for success.
    Unknown,
}

/// A command under way on a host. Dropping it ends the command's process group there.
///
/// Chunks must be taken: a reader that stops holds back the host, and with it everything else that
/// goes over the same connection, hosts behind a jump host included. russh hands out window space
/// as bytes come in, not as they are taken, so one channel cannot be held back alone.
#[derive(Debug)]
pub struct Running {
    chunks: mpsc::Receiver<Chunk>,
    end: oneshot::Receiver<Result<Exit, ReachError>>,
    ended: Option<Result<Exit, ReachError>>,
    stdin: Option<Stdin>,
    // Held only so that its drop tells the other side.
    _leash: oneshot::Sender<()>,
}

/// The way into a command's stdin. Dropping the last clone of it is the end of file.
#[derive(Clone, Debug)]
pub struct Stdin(mpsc::Sender<Bytes>);

/// The transport's ends of a running command.
pub(super) struct Wires {
    pub chunks: mpsc::Sender<Chunk>,
    pub end: oneshot::Sender<Result<Exit, ReachError>>,
    pub stdin: mpsc::Receiver<Bytes>,
    /// Resolves when nobody wants the command any more.
    pub leash: oneshot::Receiver<()>,
}

impl Exit {
    /// Whether it is known to have gone well.
    pub fn is_success(&self) -> bool {
        *self == Self::Status(0)
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(status) => write!(f, "exit status {status}"),
            Self::Signal(name) => write!(f, "ended by signal {name}"),
            Self::Unknown => f.write_str("exit status unknown"),
        }
    }
}

impl Running {
    /// A running command and the ends its transport works on.
    pub(super) fn new() -> (Self, Wires) {
        let (chunks, out) = mpsc::channel(CHUNKS);
        let (end, ended) = oneshot::channel();
        let (stdin, input) = mpsc::channel(2);
        let (leash, held) = oneshot::channel();
        let running =
            Self { chunks: out, end: ended, ended: None, stdin: Some(Stdin(stdin)), _leash: leash };
        (running, Wires { chunks, end, stdin: input, leash: held })
    }

    /// Its stdin, once. As long as it is neither taken nor dropped the command sees no end of file.
    pub fn stdin(&mut self) -> Option<Stdin> {
        self.stdin.take()
    }

    /// The next piece of output, `None` after the last. May be cancelled without loss.
    pub async fn next(&mut self) -> Option<Chunk> {
        self.chunks.recv().await
    }

    /// Gives its stdin back, for whoever uses the command next. What it printed and nobody took is thrown away.
    pub fn rest(&mut self, stdin: Stdin) {
        while self.chunks.try_recv().is_ok() {}
        self.stdin = Some(stdin);
    }

    /// Whether nothing more comes from it: it has ended, or its connection has.
    pub fn is_over(&self) -> bool {
        self.chunks.is_closed()
    }

    /// How it ended. Output that was not taken by `next` is thrown away.
    pub async fn exit(&mut self) -> Result<Exit, ReachError> {
        while self.chunks.recv().await.is_some() {}
        if self.ended.is_none() {
            let gone = || ReachError::local("running a command", "its task has ended");
            self.ended = Some((&mut self.end).await.unwrap_or_else(|_| Err(gone())));
        }
        self.ended.clone().unwrap_or(Ok(Exit::Unknown))
    }
}

impl Stdin {
    /// Writes, waiting while the host takes nothing. `false`: the command takes no more.
    pub async fn write(&self, bytes: impl Into<Bytes>) -> bool {
        self.0.send(bytes.into()).await.is_ok()
    }
}
