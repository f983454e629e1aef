//! A span of time, and the words in which every face tells one. Reads no clock.

use std::fmt;
use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A span of time in milliseconds.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl fmt::Display for Millis {
    /// For sentences, in two units at most and without a sign: `0.2 s`, `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.whole_seconds();
        let rest = match seconds {
            HOUR..DAY => (seconds / MINUTE % 60, "min"),
            DAY.. => (seconds / HOUR % 24, "h"),
            _ => (0, ""),
        };
        let first = match seconds {
            0..120 => self.few(),
            120..HOUR => format!("{} min", seconds / MINUTE),
            HOUR..DAY => format!("{} h", seconds / HOUR),
            DAY.. => format!("{} d", seconds / DAY),
        };
        match rest {
            (0, _) => f.pad(&first),
            (number, unit) => f.pad(&format!("{first} {number} {unit}")),
        }
    }
}

impl From<Duration> for Millis {
    fn from(span: Duration) -> Self {
        Self(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Millis {
    /// So many seconds. What is beyond all reckoning is held at its ends.
    pub fn of_seconds(seconds: f64) -> Self {
        Self((seconds * 1000.0).round() as i64)
    }

    /// For narrow places, in one unit: `9.9 s`, `61 s`, `10 min`, `2 h`, `10 d`.
    pub fn brief(self) -> String {
        let seconds = self.whole_seconds();
        match seconds {
            0..120 => self.few(),
            120..7200 => format!("{} min", seconds / MINUTE),
            7200..172_800 => format!("{} h", seconds / HOUR),
            _ => format!("{} d", seconds / DAY),
        }
    }

    /// For what goes on, as a clock shows it: `0.3 s`, `41 s`, `3:07`, `2:05:00`. Never less than nothing.
    pub fn clock(self) -> String {
        let millis = self.0.max(0);
        let seconds = millis / 1000;
        match seconds {
            0..10 => format!("{:.1} s", millis as f64 / 1000.0),
            10..60 => format!("{seconds} s"),
            60..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
            _ => format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
        }
    }

    fn whole_seconds(self) -> u64 {
        self.0.unsigned_abs() / 1000
    }

    /// Seconds, with a tenth where they are few and it is not nought.
    fn few(self) -> String {
        let tenths = self.0.unsigned_abs() / 100;
        match (tenths / 10, tenths % 10) {
            (seconds, tenth) if seconds < 10 && tenth > 0 => format!("{seconds}.{tenth} s"),
            (seconds, _) => format!("{seconds} s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_sentences_in_narrow_places_and_as_a_clock() {
        let cases = [
            (0, "0 s", "0 s", "0.0 s"),
            (-9_990, "9.9 s", "9.9 s", "0.0 s"),
            (340, "0.3 s", "0.3 s", "0.3 s"),
            (5_000, "5 s", "5 s", "5.0 s"),
            (41_900, "41 s", "41 s", "41 s"),
            (61_000, "61 s", "61 s", "1:01"),
            (725_000, "12 min", "12 min", "12:05"),
            (3_600_000, "1 h", "60 min", "1:00:00"),
            (12_000_000, "3 h 20 min", "3 h", "3:20:00"),
            (187_200_000, "2 d 4 h", "2 d", "52:00:00"),
            (86_400_000, "1 d", "24 h", "24:00:00"),
        ];
        for (millis, sentence, brief, clock) in cases {
            let span = Millis(millis);
            let said = (span.to_string(), span.brief(), span.clock());
            assert_eq!(said, (sentence.to_owned(), brief.to_owned(), clock.to_owned()));
        }
    }

    #[test]
    fn spans_of_other_kinds_are_taken_over() {
        assert_eq!(Millis::of_seconds(0.25), Millis(250));
        assert_eq!(Millis::of_seconds(f64::INFINITY), Millis(i64::MAX));
        assert_eq!(Millis::of_seconds(f64::NAN), Millis(0));
        assert_eq!(Millis::from(Duration::from_secs(600)).to_string(), "10 min");
        assert!(!Millis(i64::MIN).to_string().is_empty());
    }
}
