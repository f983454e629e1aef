//! When a disk is full, as it fills now: a line through what was free lately. Says nothing where it is no line.

use std::collections::VecDeque;

use crate::fleet::{Bytes, Millis};

/// Looks kept: half an hour at one every 30 s.
const KEPT: usize = 60;
/// The shortest stretch a line is drawn through, in looks and in time.
const LEAST: usize = 4;
const SHORTEST: Millis = Millis(85_000);
/// A short stretch, for what fills fast.
const SHORT: usize = 8;
/// Looks closer than this are one.
const APART: Millis = Millis(10_000);
/// What fills lately at less than this share of its pace has stopped.
const STILL: f64 = 0.25;
/// A line says something about so many times the stretch it is drawn through: a build of three minutes fills no disk in
/// three hours.
const REACH: f64 = 10.0;
/// How much of what moves the line must explain.
const STRAIGHT: f64 = 0.8;

/// What was free of one disk lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Forecast {
    looks: VecDeque<(Millis, f64)>,
}

impl Forecast {
    /// Takes in what is free.
    pub fn push(&mut self, at: Millis, free: Bytes) {
        let free = free.0 as f64;
        if let Some((last, before)) = self.looks.back() {
            if at.0 - last.0 < APART.0 {
                return;
            }
            // Somebody made room: the line begins anew.
            if free > before * 1.05 + 1e6 {
                self.looks.clear();
            }
        }
        self.looks.push_back((at, free));
        if self.looks.len() > KEPT {
            self.looks.pop_front();
        }
    }

    /// Seconds until it is full; infinite where it does not fill. `None`: too little is known.
    pub fn full_in(&self) -> Option<f64> {
        let (first, last) = (self.looks.front()?, self.looks.back()?);
        if last.1 <= 0.0 {
            return Some(0.0);
        }
        if self.looks.len() < LEAST || last.0.0 - first.0.0 < SHORTEST.0 {
            return None;
        }
        let short = self.looks.len().saturating_sub(SHORT);
        let lines = [0, short].map(|from| Some((from, self.slope(from)?)));
        let lines = || lines.into_iter().flatten();
        let fastest = lines().map(|(_, slope)| slope).fold(0.0, f64::max);
        if fastest <= 0.0 || self.lately(short) <= STILL * fastest {
            return Some(f64::INFINITY);
        }
        let left = |(from, slope): (usize, f64)| {
            let left = last.1 / slope;
            (left <= REACH * self.stretch(from)).then_some(left)
        };
        lines().filter_map(left).reduce(f64::min)
    }

    /// Seconds from a look to the last.
    fn stretch(&self, from: usize) -> f64 {
        let ends = self.looks.get(from).zip(self.looks.back());
        ends.map_or(0.0, |(then, now)| (now.0.0 - then.0.0) as f64 / 1000.0)
    }

    /// Bytes lost per second since then, whatever lies between.
    fn lately(&self, from: usize) -> f64 {
        let ends = self.looks.get(from).zip(self.looks.back());
        ends.map_or(0.0, |(then, now)| (then.1 - now.1) / self.stretch(from).max(1.0))
    }

    /// Bytes lost per second, if what was free lies on a line.
    fn slope(&self, from: usize) -> Option<f64> {
        let looks = || self.looks.iter().skip(from).map(|(at, free)| (at.0 as f64 / 1000.0, *free));
        let count = looks().count() as f64;
        let mean = |of: fn((f64, f64)) -> f64| looks().map(of).sum::<f64>() / count;
        let (mean_at, mean_free) = (mean(|look| look.0), mean(|look| look.1));
        let (mut along, mut across, mut both) = (0.0, 0.0, 0.0);
        for (at, free) in looks() {
            along += (at - mean_at).powi(2);
            across += (free - mean_free).powi(2);
            both += (at - mean_at) * (free - mean_free);
        }
        if along == 0.0 || across == 0.0 {
            return None;
        }
        let straight = both * both / (along * across) >= STRAIGHT;
        (straight && both < 0.0).then(|| -both / along)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(frees: &[u64]) -> Option<f64> {
        let mut forecast = Forecast::default();
        for (place, free) in frees.iter().enumerate() {
            forecast.push(Millis(i64::try_from(place).unwrap() * 30_000), Bytes(*free << 20));
        }
        forecast.full_in()
    }

    #[test]
    fn a_disk_that_fills_evenly_is_full_when_nothing_is_left() {
        let left = after(&[1000, 970, 940, 910, 880]).unwrap();
        assert!((left - 880.0).abs() < 1.0, "{left}");
    }

    #[test]
    fn a_disk_that_stands_still_wobbles_or_empties_is_never_full() {
        assert_eq!(after(&[1000; 10]), Some(f64::INFINITY));
        assert_eq!(after(&[1000, 990, 1000, 991, 1000, 990, 999, 991]), Some(f64::INFINITY));
        assert_eq!(after(&[100, 110, 120, 130, 140]), None, "the line began anew");
        assert_eq!(after(&[1000, 970]), None);
        assert_eq!(after(&[1000, 500, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Some(0.0), "it is full");
    }

    #[test]
    fn what_begins_to_fill_fast_is_seen_soon() {
        let mut frees = vec![10_000; 50];
        frees.extend((1..=8).map(|step| 10_000 - step * 500));
        let left = after(&frees).unwrap();
        assert!(left < 600.0, "{left}");
    }

    #[test]
    fn a_burst_says_nothing_about_hours() {
        let mut frees = vec![60_000; 50];
        frees.extend((1..=8).map(|step| 60_000 - step * 200));
        assert_eq!(after(&frees), None);
        let steady: Vec<u64> = (0..60).map(|step| 60_000 - step * 200).collect();
        let left = after(&steady).unwrap();
        assert!((left - 241.0 * 30.0).abs() < 60.0, "{left}");
    }
}
