//! What the system tells us: to end, to stop, and that we go on.

use std::io;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What the system tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// To end.
    End,
    /// To stop for a while.
    Stop,
    /// We were stopped, and go on.
    GoOn,
}

/// The signals that are listened to.
pub struct Signs {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    stop: Signal,
    go_on: Signal,
}

impl Signs {
    /// Begins to listen. Needs a runtime.
    pub fn listen() -> io::Result<Self> {
        let numbered = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            stop: numbered(Number::TSTP)?,
            go_on: numbered(Number::CONT)?,
        })
    }

    /// What comes next.
    pub async fn next(&mut self) -> Sign {
        tokio::select! {
            _ = self.terminate.recv() => Sign::End,
            _ = self.interrupt.recv() => Sign::End,
            _ = self.hang_up.recv() => Sign::End,
            _ = self.stop.recv() => Sign::Stop,
            _ = self.go_on.recv() => Sign::GoOn,
        }
    }
}
