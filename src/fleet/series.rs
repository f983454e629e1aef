//! What was measured over time, in rings of a fixed size: minutes at full rate, days in means.
//! Never grows.

use std::ops::Range;

use super::{Millis, Timestamp};

/// Looks kept at full rate: a quarter of an hour at one every two seconds.
const FULL: usize = 450;
/// Means kept: three days.
const COARSE: usize = 864;
/// What one mean is over.
const BUCKET: Millis = Millis(300_000);
/// What a slot can hold.
const KEPT: Range<f64> = 0.0..6553.0;
/// Stands for a look that told nothing.
const UNKNOWN: u16 = u16::MAX;

/// One measure over time. Values are kept in tenths, from 0 to 6553.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    full: Ring,
    coarse: Ring,
    /// The time before itself that a look stands for.
    over: Millis,
    /// The mean that is being gathered.
    sum: f64,
    count: u32,
}

/// Slots of one length in time, the newest last; the oldest is written over.
#[derive(Clone, Debug, PartialEq)]
struct Ring {
    slots: Box<[u16]>,
    length: Millis,
    /// Which slot of all time the newest is.
    newest: Option<i64>,
}

impl Series {
    /// A series of looks that come at this pace.
    pub fn new(pace: Millis) -> Self {
        let (full, coarse) = (Ring::new(FULL, pace), Ring::new(COARSE, BUCKET));
        Self { full, coarse, over: pace, sum: 0.0, count: 0 }
    }

    /// From here on looks come at that pace, and each stands for the time since the one before.
    pub fn turn_to(&mut self, pace: Millis) {
        self.over = pace;
    }

    /// Takes in one look. A gap in time stays a gap; a clock that was set back begins anew.
    pub fn push(&mut self, at: Timestamp, value: Option<f64>) {
        self.full.put(at, self.over, tenths(value));
        if self.coarse.slot(at) != self.coarse.newest.unwrap_or_default() {
            (self.sum, self.count) = (0.0, 0);
        }
        if let Some(value) = value.filter(|value| KEPT.contains(value)) {
            (self.sum, self.count) = (self.sum + value, self.count + 1);
        }
        let mean = (self.count > 0).then(|| self.sum / f64::from(self.count));
        self.coarse.put(at, self.over, tenths(mean));
    }

    /// The last quarter of an hour in so many points, each the mean of what is known of its part.
    pub fn minutes(&self, points: usize) -> Vec<Option<f64>> {
        self.full.points(points)
    }

    /// What is known of the time up to `now`, as long as `span`, in so many points: at full rate as far as
    /// that is kept, in means beyond. One look that came a little late is no gap.
    pub fn window(&self, now: Timestamp, span: Millis, points: usize) -> Vec<Option<f64>> {
        let ring = if span.0 <= self.full.reach().0 { &self.full } else { &self.coarse };
        ring.window(now, span, points)
    }

    /// The last three days in so many points.
    pub fn days(&self, points: usize) -> Vec<Option<f64>> {
        self.coarse.points(points)
    }
}

impl Ring {
    fn new(slots: usize, length: Millis) -> Self {
        let length = Millis(length.0.max(1));
        Self { slots: vec![UNKNOWN; slots].into(), length, newest: None }
    }

    fn slot(&self, at: Timestamp) -> i64 {
        at.0.div_euclid(self.length.0)
    }

    fn put(&mut self, at: Timestamp, over: Millis, value: u16) {
        let slot = self.slot(at);
        let size = i64::try_from(self.slots.len()).unwrap_or(i64::MAX);
        match self.newest {
            Some(newest) if (newest..newest.saturating_add(size)).contains(&slot) => {
                let begun = self.slot(Timestamp(at.0.saturating_sub(over.0)));
                for skipped in newest + 1..slot {
                    self.set(skipped, if skipped > begun { value } else { UNKNOWN });
                }
            }
            _ => self.slots.fill(UNKNOWN),
        }
        self.set(slot, value);
        self.newest = Some(slot);
    }

    fn set(&mut self, slot: i64, value: u16) {
        let place = self.place(slot);
        self.slots[place] = value;
    }

    fn place(&self, slot: i64) -> usize {
        let size = i64::try_from(self.slots.len()).unwrap_or(i64::MAX);
        usize::try_from(slot.rem_euclid(size)).unwrap_or_default()
    }

    /// The time it holds.
    fn reach(&self) -> Millis {
        let slots = i64::try_from(self.slots.len()).unwrap_or(i64::MAX);
        Millis(self.length.0.saturating_mul(slots))
    }

    fn window(&self, now: Timestamp, span: Millis, points: usize) -> Vec<Option<f64>> {
        let slots = (span.0.min(self.reach().0) / self.length.0).max(1);
        let last = self.slot(now);
        let count = i64::try_from(points.max(1)).unwrap_or(i64::MAX);
        let edge = |point: usize| {
            let point = i64::try_from(point).unwrap_or(i64::MAX);
            last + 1 - slots + slots.saturating_mul(point) / count
        };
        let point = |at: usize| {
            let (from, to) = (edge(at), edge(at + 1));
            mean((from..to.max(from + 1)).map(|slot| self.steady(slot)))
        };
        (0..points).map(point).collect()
    }

    /// What a slot holds, or the one before where only this one was missed.
    fn steady(&self, slot: i64) -> u16 {
        match self.at(slot) {
            UNKNOWN if self.at(slot + 1) != UNKNOWN || self.newest == Some(slot - 1) => {
                self.at(slot - 1)
            }
            value => value,
        }
    }

    fn at(&self, slot: i64) -> u16 {
        let size = i64::try_from(self.slots.len()).unwrap_or(i64::MAX);
        let kept = |newest: i64| slot <= newest && slot > newest.saturating_sub(size);
        if self.newest.is_some_and(kept) { self.slots[self.place(slot)] } else { UNKNOWN }
    }

    fn points(&self, points: usize) -> Vec<Option<f64>> {
        let Some(newest) = self.newest else { return vec![None; points] };
        let per_point = self.slots.len().div_ceil(points.max(1));
        let before = |slots: usize| newest - i64::try_from(slots).unwrap_or(i64::MAX);
        let point = |point: usize| {
            let from = (points - 1 - point) * per_point;
            let slots = (from..from + per_point).filter(|back| *back < self.slots.len());
            mean(slots.map(|back| self.slots[self.place(before(back))]))
        };
        (0..points).map(point).collect()
    }
}

fn tenths(value: Option<f64>) -> u16 {
    let known = value.filter(|value| KEPT.contains(value));
    known.map_or(UNKNOWN, |value| (value * 10.0).round() as u16)
}

fn mean(tenths: impl Iterator<Item = u16>) -> Option<f64> {
    let known = tenths.filter(|t| *t != UNKNOWN);
    let (sum, count) = known.fold((0.0, 0u32), |(sum, count), t| (sum + f64::from(t), count + 1));
    (count > 0).then(|| (sum / f64::from(count)).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: i64 = 2000;

    fn at(look: i64) -> Timestamp {
        Timestamp(1_795_259_000_000 / PACE * PACE + look * PACE)
    }

    #[test]
    fn a_gap_stays_a_gap_and_is_never_0() {
        let mut series = Series::new(Millis(PACE));
        series.push(at(0), Some(50.0));
        series.push(at(3), None);
        series.push(at(4), Some(70.0));
        let last: Vec<_> = series.minutes(FULL).into_iter().skip(FULL - 5).collect();
        assert_eq!(last, [Some(50.0), None, None, None, Some(70.0)]);
        assert_eq!(series.days(1), [Some(60.0)]);
    }

    #[test]
    fn a_window_ends_now_and_silence_is_a_gap_at_its_end() {
        let mut series = Series::new(Millis(PACE));
        for look in [0, 1, 2, 4, 5] {
            series.push(at(look), Some(10.0 * f64::from(look as i32)));
        }
        let window = |now, points| series.window(at(now), Millis(6 * PACE), points);
        let bridged = [0.0, 10.0, 20.0, 20.0, 40.0, 50.0].map(Some);
        assert_eq!(window(5, 6), bridged);
        assert_eq!(window(9, 6), [Some(40.0), Some(50.0), Some(50.0), None, None, None]);
        assert_eq!(window(5, 3), [Some(5.0), Some(20.0), Some(45.0)]);
        assert_eq!(window(5, 12).len(), 12);
        assert!(window(5, 12).iter().all(Option::is_some));
        assert!(window(5_000, 6).iter().all(Option::is_none));
        assert_eq!(window(5, 0), []);
    }

    #[test]
    fn a_seldom_look_stands_for_the_time_since_the_one_before() {
        let mut series = Series::new(Millis(PACE));
        series.push(at(0), Some(50.0));
        series.turn_to(Millis(60_000));
        for look in [30, 60, 120] {
            series.push(at(look), Some(70.0));
        }
        let last: Vec<_> = series.minutes(FULL).into_iter().skip(FULL - 121).collect();
        assert!(last[1..=60].iter().all(|share| *share == Some(70.0)), "{last:?}");
        // A look was missed: of that minute nothing is known.
        assert!(last[61..=90].iter().all(Option::is_none), "{last:?}");
        assert!(last[91..].iter().all(|share| *share == Some(70.0)), "{last:?}");
    }

    #[test]
    fn days_are_kept_as_means_and_the_oldest_is_forgotten() {
        let mut series = Series::new(Millis(PACE));
        let looks = 5 * 24 * 1800;
        for look in 0..looks {
            series.push(at(look), Some(if look < looks / 2 { 20.0 } else { 80.0 }));
        }
        let days = series.days(72);
        assert!(days.iter().all(Option::is_some), "{days:?}");
        assert_eq!((days[0], days[71]), (Some(20.0), Some(80.0)));
        assert_eq!(series.minutes(30), vec![Some(80.0); 30]);
    }

    #[test]
    fn a_clock_that_is_set_back_or_far_ahead_begins_anew() {
        for jump in [-1_000_000, 1_000_000_000] {
            let mut series = Series::new(Millis(PACE));
            series.push(at(0), Some(10.0));
            series.push(at(jump), Some(30.0));
            let known: Vec<f64> = series.minutes(FULL).into_iter().flatten().collect();
            assert_eq!(known, [30.0], "{jump}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_unknown() {
        let mut series = Series::new(Millis(PACE));
        for (look, odd) in [f64::NAN, f64::INFINITY, -1.0, 1e9].into_iter().enumerate() {
            series.push(at(i64::try_from(look).unwrap()), Some(odd));
        }
        assert!(series.minutes(FULL).iter().all(Option::is_none));
    }
}
