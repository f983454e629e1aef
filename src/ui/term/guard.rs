//! The terminal's state before us, given back exactly once: at the end, at a panic, at a signal, before a stop.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::OFlags;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use rustix::time::Timespec;

/// Another screen, no cursor, pastes told apart.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?2004h";
/// All of that back, and what a picture cut short may have left: an unfinished sequence, a held screen, colours.
const LEAVE: &str = "\x18\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";
/// Clicks and the wheel; never mere motion.
const MOUSE: (&str, &str) = ("\x1b[?1000h\x1b[?1006h", "\x1b[?1006l\x1b[?1000l");
/// How long a terminal that takes nothing is waited for before it is left as it is.
const PATIENCE: Duration = Duration::from_millis(500);

static HELD: OnceLock<Held> = OnceLock::new();

/// What is needed to give the terminal back.
struct Held {
    tty: File,
    before: Termios,
    taken: AtomicBool,
}

/// The terminal is ours until this is dropped.
pub struct Guard(());

impl Guard {
    /// Takes the terminal.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        let held = match HELD.get() {
            Some(held) => held,
            None => {
                let (tty, before) = (open()?, tcgetattr(io::stdin())?);
                HELD.get_or_init(|| Held { tty, before, taken: AtomicBool::new(false) })
            }
        };
        let guard = Self(());
        held.take(mouse)?;
        Ok(guard)
    }

    /// Takes the terminal again after somebody else has had it.
    pub fn again(&self, mouse: bool) -> io::Result<()> {
        HELD.get().map_or(Ok(()), |held| held.take(mouse))
    }

    /// The terminal, written to without waiting.
    pub fn tty(&self) -> io::Result<File> {
        HELD.get().ok_or_else(|| io::Error::other("no terminal is held"))?.tty.try_clone()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, if it is ours.
pub fn restore() {
    if let Some(held) = HELD.get()
        && held.taken.swap(false, Ordering::SeqCst)
    {
        // A terminal that has gone away needs nothing back.
        let _ = held.say(LEAVE);
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &held.before);
    }
}

/// The sequence that takes the mouse, or leaves it to the terminal.
pub fn mouse(ours: bool) -> &'static str {
    if ours { MOUSE.0 } else { MOUSE.1 }
}

impl Held {
    fn take(&self, ours: bool) -> io::Result<()> {
        self.taken.store(true, Ordering::SeqCst);
        let mut raw = self.before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        self.say(ENTER)?;
        self.say(mouse(ours))
    }

    /// Writes a few bytes as soon as the terminal takes them, and gives up on one that does not.
    fn say(&self, text: &str) -> io::Result<()> {
        let (mut left, until) = (text.as_bytes(), Instant::now() + PATIENCE);
        while !left.is_empty() {
            match (&self.tty).write(left) {
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let Some(rest) = until.checked_duration_since(Instant::now()) else {
                        return Err(error);
                    };
                    let rest = Timespec::try_from(rest).map_err(io::Error::other)?;
                    poll(&mut [PollFd::new(&self.tty, PollFlags::OUT)], Some(&rest))?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The terminal once more, with a file description of its own: that one may be told not to wait, while those
/// shared with the shell must not be.
fn open() -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let open = |path: &str| {
        let flags = flags.bits().cast_signed();
        OpenOptions::new().write(true).custom_flags(flags).open(path)
    };
    open("/proc/self/fd/1").or_else(|_| open("/dev/tty"))
}
