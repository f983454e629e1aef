//! A command behind a local process's pipes: this machine's own, or an entry's that yields a shell elsewhere.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::command::Command;
use super::dial::plain;
use super::error::ReachError;
use super::leash;
use super::preamble::{Preamble, one_line};
use super::running::{Chunk, Exit, Running, Wires};
use super::settings::ReachSettings;
use crate::fleet::secret_variables;

/// Bytes read at a time.
const PIECE: usize = 32 * 1024;

/// How often a process group that was told to end is looked at.
const GLANCE: Duration = Duration::from_millis(10);

/// A way that needs no connection of ours.
pub(super) struct Piped {
    entry: Entry,
    settings: ReachSettings,
    channels: Arc<Semaphore>,
}

/// What stands between us and the command.
enum Entry {
    /// Nothing: the command is run on this machine.
    Local,
    /// A command that yields a POSIX sh on its stdin and stdout.
    Shell(Vec<String>),
}

/// One command at work.
struct Work {
    way: Arc<Piped>,
    child: Child,
    /// For a shell elsewhere: what parts the command's output from the shell's own.
    preamble: Option<Preamble>,
    complaint: Vec<u8>,
    _turn: OwnedSemaphorePermit,
}

impl Piped {
    /// This machine itself.
    pub(super) fn local(settings: &ReachSettings) -> Self {
        Self::new(Entry::Local, settings)
    }

    /// Wherever that command leads.
    pub(super) fn shell(entry: &[String], settings: &ReachSettings) -> Self {
        Self::new(Entry::Shell(entry.to_vec()), settings)
    }

    /// Whether the commands run on this machine itself.
    pub(super) fn is_local(&self) -> bool {
        matches!(self.entry, Entry::Local)
    }

    fn new(entry: Entry, settings: &ReachSettings) -> Self {
        let channels = Arc::new(Semaphore::new(settings.limits.channels));
        Self { entry, settings: settings.clone(), channels }
    }

    /// How many more commands may be under way.
    pub(super) fn room(&self) -> usize {
        self.channels.available_permits()
    }

    /// Starts a command.
    pub(super) async fn run(self: &Arc<Self>, command: &Command) -> Result<Running, ReachError> {
        let closed = |e| ReachError::local("running a command", e);
        let turn = self.channels.clone().acquire_owned().await.map_err(closed)?;
        let (words, preamble) = match &self.entry {
            Entry::Local => (command.words(), None),
            Entry::Shell(entry) => (entry.as_slice(), Some(Preamble::new())),
        };
        let opening = preamble.as_ref().map(|p| p.wrap(command)).transpose()?;
        let opening = opening.map(|line| line + "\n");
        let child = self.spawn(words)?;
        let (running, wires) = Running::new();
        let work = Work { way: self.clone(), child, preamble, complaint: Vec::new(), _turn: turn };
        tokio::spawn(work.serve(opening, wires));
        Ok(running)
    }

    fn spawn(&self, words: &[String]) -> Result<Child, ReachError> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(ReachError::Command { what: "there is no command to run".to_owned() });
        };
        let mut command = tokio::process::Command::new(program);
        command.args(arguments).current_dir(&self.settings.home).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in secret_variables() {
            command.env_remove(name);
        }
        command.kill_on_drop(true);
        command.spawn().map_err(|e| ReachError::local(format!("starting `{program}`"), plain(&e)))
    }
}

impl Work {
    async fn serve(mut self, opening: Option<String>, wires: Wires) {
        let Wires { chunks, end, stdin, leash } = wires;
        let (ready, begun) = oneshot::channel();
        let feeding = tokio::spawn(feed(self.child.stdin.take(), opening, begun, stdin));
        let done = tokio::select! {
            done = self.relay(&chunks, ready) => done,
            _ = leash => None,
        };
        feeding.abort();
        let started = self.preamble.as_ref().is_none_or(Preamble::is_over);
        let over = done.as_ref().is_some_and(|d| d.is_ok() || started);
        if !over {
            self.put_down().await;
        }
        // Whoever dropped the command does not ask how it ended.
        let _ = done.map(|result| end.send(result));
    }

    /// Relays output until both pipes end; `None` when nobody listens any more.
    async fn relay(
        &mut self,
        chunks: &mpsc::Sender<Chunk>,
        ready: oneshot::Sender<()>,
    ) -> Option<Result<Exit, ReachError>> {
        let mut ready = Some(ready);
        let patience = self.way.settings.patience.connect;
        let deadline = Instant::now() + patience;
        let (mut out, mut err) = (self.child.stdout.take(), self.child.stderr.take());
        if self.preamble.is_none() {
            ready.take().map(|ready| ready.send(()));
        }
        while out.is_some() || err.is_some() {
            let chunk = tokio::select! {
                bytes = piece(&mut out), if out.is_some() => Chunk::Stdout(self.own(bytes)),
                bytes = piece(&mut err), if err.is_some() => Chunk::Stderr(self.noted(bytes)),
                () = sleep_until(deadline), if ready.is_some() => {
                    return Some(Err(self.never_began(patience)));
                }
            };
            if self.preamble.as_ref().is_none_or(Preamble::is_over) {
                ready.take().map(|ready| ready.send(()));
            }
            if self.preamble.as_ref().is_some_and(Preamble::is_endless) {
                return Some(Err(self.never_began(patience)));
            }
            let (Chunk::Stdout(bytes) | Chunk::Stderr(bytes)) = &chunk;
            if !bytes.is_empty() {
                chunks.send(chunk).await.ok()?;
            }
        }
        let status = self.child.wait().await;
        Some(self.verdict(status))
    }

    fn never_began(&self, after: Duration) -> ReachError {
        match &self.preamble {
            Some(preamble) => self.no_shell(preamble.silence(after)),
            None => ReachError::local("running a command", "it did not begin"),
        }
    }

    /// The entry's command did this in place of yielding a shell.
    fn no_shell(&self, said: String) -> ReachError {
        match &self.way.entry {
            Entry::Shell(words) => ReachError::Entry { command: words.join(" "), said },
            Entry::Local => ReachError::Shell { said },
        }
    }

    fn own(&mut self, bytes: Bytes) -> Bytes {
        match &mut self.preamble {
            Some(preamble) => preamble.feed(bytes),
            None => bytes,
        }
    }

    fn noted(&mut self, bytes: Bytes) -> Bytes {
        let room = 512_usize.saturating_sub(self.complaint.len());
        self.complaint.extend_from_slice(&bytes[..bytes.len().min(room)]);
        bytes
    }

    fn verdict(
        &self,
        status: std::io::Result<std::process::ExitStatus>,
    ) -> Result<Exit, ReachError> {
        use std::os::unix::process::ExitStatusExt;
        let status = status.map_err(|e| ReachError::local("waiting for a command", plain(&e)))?;
        if let Some(preamble) = self.preamble.as_ref().filter(|p| !p.is_over()) {
            let said = format!("{} {}", preamble.said(), one_line(&self.complaint));
            return Err(self.no_shell(format!("{} ({status})", said.trim()).trim().to_owned()));
        }
        Ok(match (status.code(), status.signal()) {
            (Some(code), _) => Exit::Status(code.unsigned_abs()),
            (None, Some(number)) => Exit::Signal(signal_name(number)),
            (None, None) => Exit::Unknown,
        })
    }

    /// Ends the process group: ours directly, one elsewhere by a second entry that knows its pid.
    async fn put_down(&mut self) {
        let elsewhere = self.preamble.as_ref().and_then(Preamble::pid);
        if let (Entry::Shell(entry), Some(pid)) = (&self.way.entry, elsewhere) {
            self.put_down_elsewhere(entry, pid).await;
        }
        let grace = self.way.settings.patience.grace;
        let Some(group) = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())) else {
            return;
        };
        for signal in [Signal::TERM, Signal::KILL] {
            // An error means that the group is gone, which is what we want.
            let _ = kill_process_group(group, signal);
            if timeout(grace, gone(&mut self.child, group)).await.is_ok() {
                return;
            }
        }
    }

    async fn put_down_elsewhere(&self, entry: &[String], pid: u32) {
        let grace = self.way.settings.patience.grace;
        let Ok(mut second) = self.way.spawn(entry) else { return };
        let Some(mut stdin) = second.stdin.take() else { return };
        let script = format!("{}exit\n", leash::put_down(pid, grace));
        let ended = async {
            // A second entry that fails leaves us with ending the first, which follows anyway.
            let _ = stdin.write_all(script.as_bytes()).await;
            drop(stdin);
            let _ = second.wait_with_output().await;
        };
        let _ = timeout(grace * 2 + Duration::from_secs(1), ended).await;
    }
}

/// Waits until nothing of the group is left.
async fn gone(child: &mut Child, group: Pid) {
    // The leader is ours to reap; until then it would count as there.
    let _ = child.wait().await;
    while test_kill_process_group(group).is_ok() {
        sleep(GLANCE).await;
    }
}

async fn piece<R: AsyncRead + Unpin>(pipe: &mut Option<R>) -> Bytes {
    let mut buffer = bytes::BytesMut::with_capacity(PIECE);
    if let Some(open) = pipe {
        // A pipe that cannot be read has ended for us.
        if open.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
            *pipe = None;
        }
    }
    buffer.freeze()
}

async fn feed(
    pipe: Option<ChildStdin>,
    opening: Option<String>,
    begun: oneshot::Receiver<()>,
    mut stdin: mpsc::Receiver<Bytes>,
) {
    let Some(mut pipe) = pipe else { return };
    if let Some(line) = opening {
        let told = pipe.write_all(line.as_bytes()).await.is_ok();
        if !told || begun.await.is_err() {
            return;
        }
    }
    while let Some(bytes) = stdin.recv().await {
        if pipe.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// The signal's name as SSH spells it, or its number where SSH has no name for it.
fn signal_name(number: i32) -> String {
    let named = [
        (Signal::ABORT, "ABRT"),
        (Signal::ALARM, "ALRM"),
        (Signal::FPE, "FPE"),
        (Signal::HUP, "HUP"),
        (Signal::ILL, "ILL"),
        (Signal::INT, "INT"),
        (Signal::KILL, "KILL"),
        (Signal::PIPE, "PIPE"),
        (Signal::QUIT, "QUIT"),
        (Signal::SEGV, "SEGV"),
        (Signal::TERM, "TERM"),
    ];
    let found = named.iter().find(|(signal, _)| signal.as_raw() == number);
    found.map_or_else(|| number.to_string(), |(_, name)| (*name).to_owned())
}
