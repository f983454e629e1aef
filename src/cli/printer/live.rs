//! What a step prints, held back while it is quick and shown while it is long.

use std::time::{Duration, Instant};

use crate::fleet::Output;
use crate::text::{Inert, Limits};

/// A step that is done sooner than this shows its output only if it fails.
const LONG: Duration = Duration::from_secs(1);

/// The output of one step on one host.
pub struct Live {
    step: u32,
    begun: Instant,
    showing: bool,
    inert: Inert,
    held: String,
}

impl Default for Live {
    fn default() -> Self {
        Self::of(0)
    }
}

impl Live {
    /// A step that begins now.
    pub fn of(step: u32) -> Self {
        let inert = Inert::new(Limits::default());
        Self { step, begun: Instant::now(), showing: false, inert, held: String::new() }
    }

    /// Takes more output in; the whole lines that are to be shown now.
    pub fn push(&mut self, output: &Output) -> Vec<String> {
        if output.step != self.step {
            *self = Self::of(output.step);
        }
        self.held.push_str(&self.inert.push(&output.bytes));
        self.showing |= self.begun.elapsed() >= LONG;
        let Some(end) = self.held.rfind('\n').filter(|_| self.showing) else {
            return Vec::new();
        };
        let whole: String = self.held.drain(..=end).collect();
        whole.lines().map(str::to_owned).collect()
    }

    /// Whether its output is being shown as it comes.
    pub fn is_showing(&self) -> bool {
        self.showing
    }
}
