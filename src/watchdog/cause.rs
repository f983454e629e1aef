//! One cause: what one rule knows of one thing of one host. Wrong for long enough, it is raised; well for long enough,
//! it is cleared; what is not known does neither.

use crate::fleet::{Millis, Timestamp};

use super::damper::Damper;
use super::heal::Track;
use super::rules::Threshold;

/// A value that is older than this is not known any more.
const FRESH: Millis = Millis(90_000);

/// One cause.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Cause {
    pub phase: Phase,
    /// When its value was last known.
    pub seen: Millis,
    /// Since when it is wrong, by the wall, this time.
    pub since: Timestamp,
    pub text: String,
    pub evidence: String,
    /// Whether no playbook can mend it as it is.
    #[serde(default)]
    pub beyond: bool,
    pub damper: Damper,
    pub track: Track,
}

/// Where a cause stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Phase {
    #[default]
    Quiet,
    /// Wrong, and not for long enough.
    Pending { since: Millis },
    /// Wrong.
    Firing { clearing: Option<Millis> },
}

/// How long a value must hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holds {
    pub wrong: Millis,
    pub well: Millis,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Raised,
    Cleared,
}

impl Cause {
    /// Takes in a value that is known.
    pub fn hear(
        &mut self,
        now: Millis,
        value: f64,
        threshold: &Threshold,
        holds: Holds,
    ) -> Option<Change> {
        if now.0 - self.seen.0 > FRESH.0 {
            self.forget();
        }
        self.seen = now;
        match self.phase {
            Phase::Quiet | Phase::Pending { .. } if threshold.is_wrong(value) => {
                let since = match self.phase {
                    Phase::Pending { since } => since,
                    _ => now,
                };
                let raised = now.0 - since.0 >= holds.wrong.0;
                self.phase = match raised {
                    true => Phase::Firing { clearing: None },
                    false => Phase::Pending { since },
                };
                raised.then_some(Change::Raised)
            }
            Phase::Firing { clearing } if threshold.is_well(value) => {
                let since = clearing.unwrap_or(now);
                let cleared = now.0 - since.0 >= holds.well.0;
                self.phase = match cleared {
                    true => Phase::Quiet,
                    false => Phase::Firing { clearing: Some(since) },
                };
                cleared.then_some(Change::Cleared)
            }
            Phase::Firing { .. } => {
                self.phase = Phase::Firing { clearing: None };
                None
            }
            Phase::Quiet | Phase::Pending { .. } => {
                self.phase = Phase::Quiet;
                None
            }
        }
    }

    /// Its value is not known: what was well is not any more.
    pub fn unknown(&mut self) {
        if self.is_firing() {
            self.phase = Phase::Firing { clearing: None };
        }
    }

    /// What was waited for begins anew: nobody looked, or the host was away.
    pub fn forget(&mut self) {
        self.phase = match self.phase {
            Phase::Firing { .. } => Phase::Firing { clearing: None },
            Phase::Quiet | Phase::Pending { .. } => Phase::Quiet,
        };
    }

    /// Whether it is wrong.
    pub fn is_firing(&self) -> bool {
        matches!(self.phase, Phase::Firing { .. })
    }

    /// Whether its value is known.
    pub fn is_fresh(&self, now: Millis) -> bool {
        now.0 - self.seen.0 <= FRESH.0
    }

    /// Whether a person who looks should see it.
    pub fn is_standing(&self) -> bool {
        self.is_firing() || self.damper.shown || self.damper.flapping
    }

    /// Whether nothing of it is worth keeping.
    pub fn is_idle(&self) -> bool {
        self.phase == Phase::Quiet && self.damper.is_idle() && self.track.is_idle()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAM: Threshold = Threshold { above: true, raise: 90.0, clear: 80.0 };
    const HOLDS: Holds = Holds { wrong: Millis(60_000), well: Millis(120_000) };

    /// Values, 30 s apart; `None` is one that is not known. What changed, and at which.
    fn changes(values: &[Option<f64>]) -> Vec<(usize, Change)> {
        let mut cause = Cause::default();
        let mut changed = Vec::new();
        for (place, value) in values.iter().enumerate() {
            let now = Millis(i64::try_from(place).unwrap() * 30_000);
            let change = value.and_then(|value| cause.hear(now, value, &RAM, HOLDS));
            changed.extend(change.map(|change| (place, change)));
        }
        changed
    }

    #[test]
    fn it_is_raised_after_a_while_and_cleared_only_well_below() {
        let mut values = vec![Some(95.0); 4];
        values.extend([Some(85.0); 8]);
        assert_eq!(changes(&values), [(2, Change::Raised)]);
        values.extend([Some(70.0); 5]);
        assert_eq!(changes(&values), [(2, Change::Raised), (16, Change::Cleared)]);
    }

    #[test]
    fn a_short_peak_raises_nothing_and_a_short_dip_clears_nothing() {
        assert_eq!(changes(&[Some(95.0), Some(95.0), Some(70.0), Some(95.0), Some(95.0)]), []);
        let dip = [95.0, 95.0, 95.0, 70.0, 70.0, 70.0, 85.0, 70.0, 70.0, 70.0].map(Some);
        assert_eq!(changes(&dip), [(2, Change::Raised)]);
    }

    #[test]
    fn what_is_not_known_neither_raises_nor_clears() {
        let mut values = vec![Some(95.0); 3];
        values.extend([None; 100]);
        assert_eq!(changes(&values), [(2, Change::Raised)]);
        values.push(Some(70.0));
        assert_eq!(changes(&values).len(), 1, "one value after a gap clears nothing");
        let mut gap = vec![Some(95.0)];
        gap.extend([None; 100]);
        gap.push(Some(95.0));
        assert_eq!(changes(&gap), [], "two values with a gap between them are no while");
    }
}
