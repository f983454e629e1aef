//! What runs come to, as an exit status.

use crate::cli::exit::Exit;
use crate::fleet::{Event, HostEvent, HostOutcome, Stamped};

/// What was seen so far.
#[derive(Default)]
pub struct Verdicts {
    failed: bool,
    unreachable: bool,
    cancelled: bool,
    drift: bool,
}

impl Verdicts {
    /// Takes one event in.
    pub fn take(&mut self, stamped: &Stamped) {
        let Event::OnHost { what: HostEvent::Ended { outcome, recap }, .. } = &stamped.event else {
            return;
        };
        self.drift |= recap.changed > 0 || recap.unknown > 0;
        match outcome {
            HostOutcome::Well => {}
            HostOutcome::Cancelled => self.cancelled = true,
            HostOutcome::Unreachable(_) => self.unreachable = true,
            _ => self.failed = true,
        }
    }

    /// The exit status: a failure outweighs a host that is away. `drift`: whether drift counts.
    pub fn exit(&self, drift: bool) -> Exit {
        if self.cancelled {
            Exit::Interrupted
        } else if self.failed {
            Exit::Failed
        } else if self.unreachable {
            Exit::Unreachable
        } else if self.drift && drift {
            Exit::Drift
        } else {
            Exit::Well
        }
    }
}
