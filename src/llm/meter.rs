//! Rates from a counter that only grows, by the difference of two looks of our own. A counter that went back yields
//! no rate, never a wrong one.

use std::time::Duration;

use tokio::time::Instant;

use super::figure::Figure;

/// Looks closer than this make rates of noise.
const CLOSEST: Duration = Duration::from_millis(200);
/// No engine of a small fleet reads or writes more tokens in a second.
const MOST: f64 = 1e7;

/// One counter, followed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meter {
    before: Option<(Instant, f64)>,
    /// Whether the look before was below the one that is kept.
    fell: bool,
}

impl Meter {
    /// Whether it has something to compare the next look with.
    pub fn is_running(&self) -> bool {
        self.before.is_some()
    }

    /// The rate since the look before.
    ///
    /// A fall is waited out once: a request that ends between two answers of an engine is missing from both for
    /// one look. If it stays, the engine was started anew and so is the meter.
    pub fn look(&mut self, at: Instant, counted: Figure<f64>) -> Figure<f64> {
        let count = match counted {
            Figure::Told(count) => count,
            Figure::Nothing => {
                *self = Self::default();
                return Figure::Nothing;
            }
            Figure::Odd => return Figure::Odd,
        };
        let Some((since, before)) = self.before else {
            self.before = Some((at, count));
            return Figure::Nothing;
        };
        if count < before {
            let again = std::mem::replace(&mut self.fell, true);
            if again {
                *self = Self { before: Some((at, count)), fell: false };
            }
            return Figure::Nothing;
        }
        let span = at.duration_since(since);
        if span < CLOSEST {
            return Figure::Nothing;
        }
        *self = Self { before: Some((at, count)), fell: false };
        let rate = (count - before) / span.as_secs_f64();
        if rate <= MOST { Figure::Told(rate) } else { Figure::Odd }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rates at looks a second apart.
    fn rates(counts: &[f64]) -> Vec<Option<f64>> {
        let (begun, mut meter) = (Instant::now(), Meter::default());
        let look = |(second, count): (usize, &f64)| {
            let at = begun + Duration::from_secs(second as u64);
            meter.look(at, Figure::Told(*count)).known()
        };
        counts.iter().enumerate().map(look).collect()
    }

    #[test]
    fn a_rate_takes_two_looks_and_a_quiet_engine_has_the_rate_0() {
        assert_eq!(rates(&[100.0, 150.0, 150.0]), [None, Some(50.0), Some(0.0)]);
    }

    #[test]
    fn a_fall_that_passes_is_bridged_and_one_that_stays_begins_anew() {
        assert_eq!(rates(&[100.0, 60.0, 160.0]), [None, None, Some(30.0)]);
        assert_eq!(rates(&[100.0, 0.0, 20.0, 50.0]), [None, None, None, Some(30.0)]);
    }

    #[test]
    fn what_cannot_be_is_odd_and_two_looks_at_once_make_no_rate() {
        assert_eq!(rates(&[0.0, 1e12]), [None, None]);
        let (now, mut meter) = (Instant::now(), Meter::default());
        meter.look(now, Figure::Told(1.0));
        assert_eq!(meter.look(now, Figure::Told(900.0)), Figure::Nothing);
        assert_eq!(meter.look(now, Figure::Odd), Figure::Odd);
    }
}
