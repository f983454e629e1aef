//! How often a host is looked at, and the ages that follow from it. Reads no clock.

use crate::fleet::Millis;

/// Seconds between looks at what changes slowly or costs a process.
const SLOW: u32 = 30;

/// How often a host is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pace(u32);

impl Pace {
    /// A look every so many seconds; at least 1.
    pub const fn seconds(seconds: u32) -> Self {
        Self(if seconds == 0 { 1 } else { seconds })
    }

    /// As the program counts it.
    pub(super) fn in_seconds(self) -> u32 {
        self.0
    }

    /// The time between two looks.
    pub fn millis(self) -> Millis {
        Millis(i64::from(self.0) * 1000)
    }

    /// Whether nobody waits for the next look, so that cards may sleep until then.
    pub fn is_slow(self) -> bool {
        self.0 >= 60
    }

    /// The age from which a host that tells nothing is silent.
    pub fn silence(self) -> Millis {
        self.patience()
    }

    /// Looks between two slow ones.
    pub(super) fn slow(self) -> u32 {
        (SLOW / self.0).max(1)
    }

    /// The age from which a value read at every look is stale.
    pub(super) fn patience(self) -> Millis {
        Millis(self.millis().0 * 3 + 1000)
    }

    /// The age from which a value read at every slow look is stale.
    pub(super) fn slow_patience(self) -> Millis {
        Millis(self.millis().0 * i64::from(self.slow()) * 2 + 10_000)
    }
}
