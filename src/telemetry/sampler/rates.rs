//! Differences between two looks. A counter that was reset, a host that slept or a clock that jumped
//! yields no rate, never a wrong one.

use super::frames::Frame;
use super::pace::Pace;
use super::told::{Told, decimal, whole};
use crate::fleet::{Bytes, Rate};

/// No link or disk of a small fleet moves more in a second.
const MOST_BYTES: f64 = 1e12;

/// Two looks that follow each other.
pub(super) struct Between<'a> {
    before: Option<&'a Frame>,
    /// Seconds between them by the host's own clock since boot, if they are to be compared.
    pub seconds: Option<f64>,
}

impl<'a> Between<'a> {
    pub(super) fn new(before: Option<&'a Frame>, last: &Frame, pace: Pace) -> Self {
        let span = before.and_then(|before| Some(since_boot(last)? - since_boot(before)?));
        // This clock runs on while a machine sleeps: a long span is one it was not there for.
        let longest = f64::from(pace.in_seconds()) * 5.0 + 5.0;
        Self { before, seconds: span.filter(|s| (0.05..=longest).contains(s)) }
    }

    /// The value that the earlier look had in place of this one.
    pub(super) fn earlier(&self, key: &'a str, name: &str) -> Option<&'a str> {
        self.seconds?;
        self.before?.of(key, name)
    }

    /// Bytes per second, from a counter of `unit` bytes.
    pub(super) fn rate(&self, before: Option<&str>, now: Option<&str>, unit: f64) -> Told<Rate> {
        let now = whole(now, u64::MAX);
        if now == Told::Odd {
            return Told::Odd;
        }
        let growth = || {
            let before = whole(before, u64::MAX).value()?;
            let grown = now.value()?.checked_sub(before)?;
            Some(grown as f64 * unit / self.seconds?)
        };
        match growth() {
            None => Told::Nothing,
            Some(rate) if rate > MOST_BYTES => Told::Odd,
            Some(rate) => Told::Value(Rate(Bytes(rate.round() as u64))),
        }
    }
}

fn since_boot(frame: &Frame) -> Option<f64> {
    decimal(frame.first("uptime")?.split(' ').next(), 0.0..=1e10).value()
}
