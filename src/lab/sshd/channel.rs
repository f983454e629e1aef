//! One session channel: collects what the client wishes, runs it, carries bytes both ways and tells how it ended.

use std::collections::BTreeMap;
use std::io;

use russh::server::{Handle, Msg};
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Sig};
use rustix::process::{Pid, Signal, WaitStatus, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::unix::pipe;

use super::pty::{self, Screen, Size};
use super::reaper::{Process, Reaper};
use super::spawn::{self, Wish};
use super::stdin::Stdin;
use crate::lab::account::Account;

/// As much as one packet takes.
const CHUNK: usize = 32 * 1024;
/// What a shell that cannot be started ends with.
const NO_SHELL: u32 = 127;

/// A session that runs.
struct Running {
    pid: Pid,
    stdin: Stdin,
    terminal: Option<Size>,
}

/// The way back to the client: the channel, and the connection for what the channel cannot say.
struct Client {
    channel: ChannelWriteHalf<Msg>,
    handle: Handle,
}

/// Whether a variable that a client sends is passed on, as Debian's `sshd` does.
pub(super) fn takes_variable(name: &str) -> bool {
    name == "LANG" || name.starts_with("LC_")
}

/// Serves a channel until it is closed.
pub(super) async fn serve(channel: Channel<Msg>, handle: Handle, account: Account, reaper: Reaper) {
    let (mut read, write) = channel.split();
    let write = Client { channel: write, handle };
    let Some((wish, screen)) = wish(&mut read).await else { return };
    let outcome = match screen {
        None => on_pipes(&wish, &account, &reaper, (&mut read, &write)).await,
        Some(screen) => on_terminal(&wish, (&account, &screen), &reaper, (&mut read, &write)).await,
    };
    if let Err(cause) = outcome {
        let text = format!("{}: {cause}\r\n", account.shell.display());
        // The client may be gone; then there is nobody to tell.
        let _ = write.channel.extended_data(1, text.as_bytes()).await;
        let _ = write.channel.exit_status(NO_SHELL).await;
    }
    let _ = write.channel.eof().await;
    let _ = write.channel.close().await;
}

async fn wish(read: &mut ChannelReadHalf) -> Option<(Wish, Option<Screen>)> {
    let (mut variables, mut screen) = (BTreeMap::new(), None);
    loop {
        let command = match read.wait().await? {
            ChannelMsg::SetEnv { variable_name, variable_value, .. } => {
                if takes_variable(&variable_name) {
                    variables.insert(variable_name, variable_value);
                }
                continue;
            }
            ChannelMsg::RequestPty { term, col_width, row_height, .. } => {
                screen = Some(Screen { kind: term, size: (col_width, row_height) });
                continue;
            }
            ChannelMsg::Exec { command, .. } => Some(command),
            ChannelMsg::RequestShell { .. } => None,
            ChannelMsg::Close => return None,
            _ => continue,
        };
        return Some((Wish { command, variables }, screen));
    }
}

type Halves<'a> = (&'a mut ChannelReadHalf, &'a Client);

async fn on_pipes(
    wish: &Wish,
    account: &Account,
    reaper: &Reaper,
    (read, write): Halves<'_>,
) -> io::Result<()> {
    let (process, pipes) = spawn::on_pipes(wish, account, reaper)?;
    let stdin = Stdin::to(pipe::Sender::from_owned_fd(pipes.stdin)?);
    let stdout = pipe::Receiver::from_owned_fd(pipes.stdout)?;
    let stderr = pipe::Receiver::from_owned_fd(pipes.stderr)?;
    let running = Running { pid: process.pid, stdin, terminal: None };
    let output = async {
        tokio::join!(carry(stdout, None, write), carry(stderr, Some(1), write));
    };
    attend(running, process, output, (read, write)).await;
    Ok(())
}

async fn on_terminal(
    wish: &Wish,
    (account, screen): (&Account, &Screen),
    reaper: &Reaper,
    (read, write): Halves<'_>,
) -> io::Result<()> {
    let (master, terminal) = pty::open(screen, account)?;
    let process = spawn::on_terminal(wish, account, reaper, terminal)?;
    let stdin = Stdin::to(master.input);
    let running = Running { pid: process.pid, stdin, terminal: Some(master.size) };
    attend(running, process, carry(master.output, None, write), (read, write)).await;
    Ok(())
}

/// Until all output has been carried and the end told, or the client has closed. Then the pipes are let go, which
/// is all that happens to what still runs: as under `sshd`, only a terminal that goes away sends a hangup.
async fn attend(
    mut running: Running,
    process: Process,
    output: impl Future<Output = ()>,
    (read, write): Halves<'_>,
) {
    let finish = async {
        tokio::join!(output, async {
            if let Ok(status) = process.ended.await {
                tell_end(status, write).await;
            }
        });
    };
    tokio::pin!(finish);
    loop {
        tokio::select! {
            () = &mut finish => return,
            message = read.wait() => if !running.heed(message) { return },
        }
    }
}

impl Running {
    /// Does what the client says; false when it has closed.
    fn heed(&mut self, message: Option<ChannelMsg>) -> bool {
        match message {
            None | Some(ChannelMsg::Close) => return false,
            Some(ChannelMsg::Data { data }) => return self.stdin.take(&data).is_ok(),
            Some(ChannelMsg::Eof) => {
                // On a terminal the end of input is a key, not an end.
                if self.terminal.is_none() {
                    self.stdin.finish();
                }
            }
            Some(ChannelMsg::Signal { signal }) => {
                if let Some(signal) = signal_of(&signal) {
                    // It may have ended since.
                    let _ = kill_process_group(self.pid, signal);
                }
            }
            Some(ChannelMsg::WindowChange { col_width, row_height, .. }) => {
                if let Some(terminal) = &self.terminal {
                    // A terminal that is gone has no size.
                    let _ = terminal.set((col_width, row_height));
                }
            }
            Some(_) => {}
        }
        true
    }
}

/// Carries output to the client at the speed the client takes it.
async fn carry(mut from: impl AsyncRead + Unpin, extension: Option<u32>, to: &Client) {
    let mut buffer = vec![0; CHUNK];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let chunk = &buffer[..count];
        let sent = match extension {
            None => to.channel.data(chunk).await,
            Some(kind) => to.channel.extended_data(kind, chunk).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn tell_end(status: WaitStatus, to: &Client) {
    // The client may be gone; then there is nobody to tell.
    if let Some(code) = status.exit_status() {
        let _ = to.channel.exit_status(u32::try_from(code).unwrap_or(u32::MAX)).await;
    } else if let Some(signal) = status.terminating_signal() {
        let (id, name) = (to.channel.id(), sig_of(signal));
        let _ = to.handle.exit_signal_request(id, name, false, String::new(), String::new()).await;
    }
}

fn sig_of(signal: i32) -> Sig {
    match Signal::from_named_raw(signal) {
        Some(Signal::ABORT) => Sig::ABRT,
        Some(Signal::ALARM) => Sig::ALRM,
        Some(Signal::FPE) => Sig::FPE,
        Some(Signal::HUP) => Sig::HUP,
        Some(Signal::ILL) => Sig::ILL,
        Some(Signal::INT) => Sig::INT,
        Some(Signal::KILL) => Sig::KILL,
        Some(Signal::PIPE) => Sig::PIPE,
        Some(Signal::QUIT) => Sig::QUIT,
        Some(Signal::SEGV) => Sig::SEGV,
        Some(Signal::TERM) => Sig::TERM,
        Some(Signal::USR1) => Sig::USR1,
        _ => Sig::Custom(format!("{signal}@mountain-shelter")),
    }
}

/// The signals `sshd` passes on.
fn signal_of(name: &Sig) -> Option<Signal> {
    Some(match name {
        Sig::ABRT => Signal::ABORT,
        Sig::ALRM => Signal::ALARM,
        Sig::FPE => Signal::FPE,
        Sig::HUP => Signal::HUP,
        Sig::ILL => Signal::ILL,
        Sig::INT => Signal::INT,
        Sig::KILL => Signal::KILL,
        Sig::PIPE => Signal::PIPE,
        Sig::QUIT => Signal::QUIT,
        Sig::SEGV => Signal::SEGV,
        Sig::TERM => Signal::TERM,
        Sig::USR1 => Signal::USR1,
        Sig::Custom(other) if other == "USR2" => Signal::USR2,
        Sig::Custom(_) => return None,
    })
}
