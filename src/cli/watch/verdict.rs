//! What runs come to, as an exit status.

use crate::cli::exit::Exit;
use crate::fleet::{Fleet, HostOutcome, Recap};

/// What they came to.
#[derive(Default)]
pub struct Verdicts {
    failed: bool,
    unreachable: bool,
    cancelled: bool,
    drift: bool,
}

impl Verdicts {
    /// What all runs came to that are known of.
    pub fn of(fleet: &Fleet) -> Self {
        let hosts = fleet.runs.values().flat_map(|run| run.hosts.values());
        let mut verdicts = Self::default();
        hosts.filter_map(|host| host.outcome.as_ref()).for_each(|end| verdicts.take(end));
        verdicts
    }

    fn take(&mut self, (outcome, recap): &(HostOutcome, Recap)) {
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
