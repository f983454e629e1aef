//! The three clocks of a tick, read together. Judges nothing.

use rustix::time::{ClockId, clock_gettime};

use crate::fleet::Millis;
use crate::ops::Clock;
use crate::watchdog::Tick;

/// The clocks of this boot.
pub(super) struct Beat {
    epoch: u64,
}

impl Beat {
    /// Notes which boot it is. Where that cannot be read, each start counts as one.
    pub fn begin() -> Self {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let digits: Option<String> =
            boot.ok().map(|id| id.chars().filter(char::is_ascii_hexdigit).take(16).collect());
        let epoch = digits.and_then(|digits| u64::from_str_radix(&digits, 16).ok());
        Self { epoch: epoch.unwrap_or_else(rand::random) }
    }

    /// The time now.
    pub fn tick(&self, clock: &Clock) -> Tick {
        let (boot, awake) = (read(ClockId::Boottime), read(ClockId::Monotonic));
        Tick { wall: clock.now(), boot, awake, epoch: self.epoch }
    }
}

fn read(clock: ClockId) -> Millis {
    let time = clock_gettime(clock);
    Millis(time.tv_sec.saturating_mul(1000).saturating_add(time.tv_nsec / 1_000_000))
}
