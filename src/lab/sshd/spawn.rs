//! Starts the process of a session as `sshd` would: the login shell, a clean environment, a session of its own.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use super::reaper::{Process, Reaper};
use crate::lab::account::Account;
use crate::lab::door::{self, Becoming};

/// What a client asked for.
pub(super) struct Wish {
    /// The command; without one, a login shell.
    pub command: Option<Vec<u8>>,
    /// Variables the client sent.
    pub variables: BTreeMap<String, String>,
}

/// Ends of pipes to a process without a terminal.
pub(super) struct Pipes {
    /// Its standard input.
    pub stdin: OwnedFd,
    /// Its standard output.
    pub stdout: OwnedFd,
    /// Its standard error.
    pub stderr: OwnedFd,
}

/// Starts it on pipes.
pub(super) fn on_pipes(
    wish: &Wish,
    account: &Account,
    reaper: &Reaper,
) -> io::Result<(Process, Pipes)> {
    let mut command = prepared(wish, account, false);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut child, process) = reaper.spawn(&mut command)?;
    match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
        (Some(stdin), Some(stdout), Some(stderr)) => {
            let pipes = Pipes { stdin: stdin.into(), stdout: stdout.into(), stderr: stderr.into() };
            Ok((process, pipes))
        }
        _ => Err(io::Error::other("a process without its pipes")),
    }
}

/// Starts it on a terminal, given the side that programs see, its type and its name.
pub(super) fn on_terminal(
    wish: &Wish,
    account: &Account,
    reaper: &Reaper,
    terminal: Terminal,
) -> io::Result<Process> {
    let mut command = prepared(wish, account, true);
    command.env("TERM", terminal.kind).env("SSH_TTY", terminal.name);
    command.stdin(terminal.side.try_clone()?).stdout(terminal.side.try_clone()?);
    command.stderr(terminal.side);
    Ok(reaper.spawn(&mut command)?.1)
}

/// A terminal as its programs see it.
pub(super) struct Terminal {
    /// Their side of it.
    pub side: OwnedFd,
    /// Its type, as `TERM` has it.
    pub kind: String,
    /// Its path.
    pub name: String,
}

fn prepared(wish: &Wish, account: &Account, terminal: bool) -> Command {
    let shell = &account.shell;
    let mut command = Command::new(shell);
    let called = shell.file_name().unwrap_or(shell.as_os_str());
    match &wish.command {
        Some(text) => {
            command.arg0(called).arg("-c").arg(OsStr::from_bytes(text));
        }
        None => {
            let mut login = std::ffi::OsString::from("-");
            login.push(called);
            command.arg0(login);
        }
    }
    command.env_clear().envs(&wish.variables);
    command.env("USER", &account.name).env("LOGNAME", &account.name);
    command.env("HOME", &account.home).env("SHELL", shell).env("PATH", &account.path);
    // Bash reads its `.bashrc` for a command only when it finds these, as it does under `sshd`.
    command.env("SSH_CLIENT", "UNKNOWN 65535 65535");
    command.env("SSH_CONNECTION", "UNKNOWN 65535 UNKNOWN 65535");
    let home = if account.home.is_dir() { account.home.as_path() } else { "/".as_ref() };
    command.current_dir(home);
    let identity = account.identity.clone();
    door::become_session(
        &mut command,
        Becoming { terminal, identity, no_new_privileges: account.powerless },
    );
    command
}
