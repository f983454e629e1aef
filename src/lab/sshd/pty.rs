//! Terminals for sessions that ask for one.

use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tokio::net::unix::pipe::{Receiver, Sender};

use super::spawn::Terminal;
use crate::lab::account::Account;

/// What a client asked for.
#[derive(Clone, Debug)]
pub(super) struct Screen {
    /// Its type, as `TERM` has it.
    pub kind: String,
    /// Its size in columns and rows.
    pub size: (u32, u32),
}

/// The server's side of a terminal: both directions, and the terminal itself for its size.
pub(super) struct Master {
    /// What programs print.
    pub output: Receiver,
    /// What is typed.
    pub input: Sender,
    /// The terminal itself.
    pub size: Size,
}

/// The size of a terminal.
pub(super) struct Size(OwnedFd);

/// Opens a terminal that belongs to the user.
pub(super) fn open(screen: &Screen, account: &Account) -> io::Result<(Master, Terminal)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?.to_string_lossy().into_owned();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let side = rustix::fs::open(&name, flags, rustix::fs::Mode::empty())?;
    if let Some((uid, ..)) = &account.identity {
        rustix::fs::fchown(&side, Some(*uid), None)?;
    }
    rustix::fs::fcntl_setfl(&master, rustix::fs::fcntl_getfl(&master)? | OFlags::NONBLOCK)?;
    // A terminal is read and written like a pipe, though it is none.
    let output = Receiver::from_owned_fd_unchecked(master.try_clone()?)?;
    let input = Sender::from_owned_fd_unchecked(master.try_clone()?)?;
    let size = Size(master);
    size.set(screen.size)?;
    let terminal = Terminal { side, kind: screen.kind.clone(), name };
    Ok((Master { output, input, size }, terminal))
}

impl Size {
    /// Tells the terminal, and so its programs, its size in columns and rows.
    pub fn set(&self, (columns, rows): (u32, u32)) -> io::Result<()> {
        let short = |value| u16::try_from(value).unwrap_or(u16::MAX);
        let size =
            Winsize { ws_row: short(rows), ws_col: short(columns), ws_xpixel: 0, ws_ypixel: 0 };
        Ok(tcsetwinsize(&self.0, size)?)
    }
}
