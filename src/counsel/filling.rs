//! Disks that fill: the day on which nothing will be left, from what was free before.

use crate::fleet::{Bytes, HostName, Space, Timestamp};

use super::{Advice, Known};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// What was seen over less time than this is no trend.
const SHORTEST: i64 = 6 * HOUR;
/// A day that is further away is not foreseen.
const FURTHEST: i64 = 30 * DAY;

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let spaces =
        known.spaces.iter().flat_map(|(host, spaces)| spaces.iter().map(move |s| (host, s)));
    spaces.filter_map(|(host, space)| fills(host, space)).collect()
}

fn fills(host: &HostName, space: &Space) -> Option<Advice> {
    let (first, last) = (space.points.first()?, space.points.last()?);
    let when = full_at(&space.points)?;
    let mount = &space.mount;
    Some(Advice {
        text: format!("{mount} on {host} will be full on {}", day(when)),
        evidence: format!(
            "{} were free on {}, {} on {}",
            first.1,
            day(first.0),
            last.1,
            day(last.0)
        ),
        command: format!("on {host}: du -xm {mount} | sort -n | tail"),
    })
}

/// Where the straight line through all points meets nothing left.
fn full_at(points: &[(Timestamp, Bytes)]) -> Option<Timestamp> {
    let (first, last) = (points.first()?, points.last()?);
    if last.0.0 - first.0.0 < SHORTEST {
        return None;
    }
    let count = points.len() as f64;
    let x = |point: &(Timestamp, Bytes)| (point.0.0 - first.0.0) as f64;
    let y = |point: &(Timestamp, Bytes)| point.1.0 as f64;
    let mean = |of: &dyn Fn(&(Timestamp, Bytes)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (middle, height) = (mean(&x), mean(&y));
    let spread = points.iter().map(|p| (x(p) - middle).powi(2)).sum::<f64>();
    let slope = points.iter().map(|p| (x(p) - middle) * (y(p) - height)).sum::<f64>() / spread;
    // From where the disk is now: a jump since does not move the line back to what was.
    let left = last.1.0 as f64 / -slope;
    (slope < 0.0 && left <= FURTHEST as f64).then(|| Timestamp(last.0.0 + left as i64))
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    /// Looks at a disk, a day apart, with so many GiB free.
    fn told(free: &[u64], apart: i64) -> Vec<Advice> {
        let began = 1_795_219_200_000;
        let point =
            |(n, gib): (usize, &u64)| (Timestamp(began + n as i64 * apart), Bytes(gib << 30));
        let points = free.iter().enumerate().map(point).collect();
        let scene = Scene::new();
        let mut known = scene.known();
        known.spaces = [(Scene::host(), vec![Space { mount: "/data".into(), points }])].into();
        advise(&known)
    }

    #[test]
    fn a_disk_that_fills_is_told_with_the_day() {
        let raised = told(&[70, 60, 50, 40], DAY);
        assert_eq!(raised[0].text, "/data on shadow will be full on 2026-11-28");
        assert_eq!(raised[0].evidence, "70 GiB were free on 2026-11-21, 40 GiB on 2026-11-24");
    }

    #[test]
    fn what_grows_stands_or_was_seen_too_shortly_is_not() {
        for calm in [&[40, 50, 60][..], &[40, 40, 40], &[40], &[], &[4000, 3999, 3998]] {
            assert_eq!(told(calm, DAY), [], "{calm:?}");
        }
        assert_eq!(told(&[70, 60, 50], HOUR), []);
    }
}
