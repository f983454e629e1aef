//! How much has been carried so far, on a terminal, all hosts together. Says nothing in a pipe.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::cli::paint::errors;
use crate::fleet::Bytes;

/// It is told anew after so much more.
const STEP: u64 = 4 << 20;

/// The sum, and whether somebody looks.
pub(super) struct Meter {
    carried: AtomicU64,
    terminal: bool,
}

impl Meter {
    pub fn new() -> Self {
        Self { carried: AtomicU64::new(0), terminal: std::io::stderr().is_terminal() }
    }

    /// What hears of one host's progress: how much it has had so far.
    pub fn ear(&self) -> impl FnMut(u64) + Send {
        let mut before = 0;
        move |now: u64| {
            let more = now.saturating_sub(before);
            before = now;
            let sum = self.carried.fetch_add(more, Ordering::Relaxed) + more;
            if self.terminal && sum / STEP != (sum - more) / STEP {
                errors(&format!("\r\x1b[K{} carried", Bytes(sum)));
            }
        }
    }

    /// Takes the line away, for what is said next.
    pub fn clear(&self) {
        if self.terminal {
            errors("\r\x1b[K");
        }
    }
}
