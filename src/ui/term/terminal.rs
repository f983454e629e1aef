//! The terminal while it is ours: pictures go out as it takes them. While one is on its way none is drawn, so
//! that a slow terminal costs pictures and never time.

use std::io;
use std::os::fd::AsFd;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::tcgetwinsize;
use tokio::net::unix::pipe;

use super::canvas::Canvas;
use super::guard::{Guard, mouse, restore};

/// The terminal, ours.
pub struct Terminal {
    guard: Guard,
    /// Not a pipe, but written to like one: as much as it takes, without waiting.
    tty: pipe::Sender,
    canvas: Canvas,
    /// What is on its way, and how much of it has gone.
    bytes: Vec<u8>,
    gone: usize,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal. Needs a runtime.
    pub fn open(mouse: bool) -> io::Result<Self> {
        let guard = Guard::enter(mouse)?;
        let tty = guard.tty()?;
        let (columns, rows) = size(&tty);
        let canvas = Canvas::new(columns, rows);
        let tty = pipe::Sender::from_file_unchecked(tty)?;
        Ok(Self { guard, tty, canvas, bytes: Vec::new(), gone: 0, mouse })
    }

    /// Whether nothing is on its way.
    pub fn is_free(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is shown on.
    pub fn area(&self) -> Rect {
        self.canvas.area()
    }

    /// Shows a picture as it is drawn now. To be called while nothing is on its way.
    pub fn show(&mut self, draw: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        let (columns, rows) = size(&self.tty);
        self.canvas.resize(columns, rows);
        let bytes = self.canvas.paint(draw)?;
        self.send(&bytes)
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub fn take_mouse(&mut self, ours: bool) -> io::Result<()> {
        self.mouse = ours;
        self.send(mouse(ours).as_bytes())
    }

    /// Sends a sequence that shows nothing.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        self.push()
    }

    /// Waits until more of what is on its way has gone.
    pub async fn written(&mut self) -> io::Result<()> {
        self.tty.writable().await?;
        self.push()
    }

    /// Everything is painted anew next time.
    pub fn forget(&mut self) {
        self.canvas.forget();
    }

    /// Gives the terminal back and stops, until somebody wants us to go on.
    pub fn step_aside(&mut self) -> io::Result<()> {
        restore();
        kill_process(getpid(), Signal::STOP)?;
        self.come_back()
    }

    /// Takes the terminal again, whatever was done to it.
    pub fn come_back(&mut self) -> io::Result<()> {
        (self.bytes, self.gone) = (Vec::new(), 0);
        self.canvas.forget();
        self.guard.again(self.mouse)
    }

    /// Writes as much as the terminal takes.
    fn push(&mut self) -> io::Result<()> {
        while self.gone < self.bytes.len() {
            match self.tty.try_write(&self.bytes[self.gone..]) {
                Ok(count) => self.gone += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        (self.bytes, self.gone) = (Vec::new(), 0);
        Ok(())
    }
}

/// The size of the terminal now; of one that does not say, nothing is shown.
fn size(tty: impl AsFd) -> (u16, u16) {
    tcgetwinsize(tty).map_or((0, 0), |size| (size.ws_col, size.ws_row))
}
