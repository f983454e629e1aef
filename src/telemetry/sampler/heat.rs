//! Temperatures and fans out of a frame.

use super::frames::Frame;
use super::machine::Seen;
use super::told::{decimal, small, words};
use crate::fleet::{Celsius, Named, Reading, Rpm, Source};

/// More sensors are not told of.
const MOST: usize = 48;

/// Those of every look, and behind them those of disks, which are asked seldom.
pub(super) fn temperatures(
    last: &Frame,
    slow: &Frame,
    (seen, seldom): (Seen, Seen),
) -> Vec<Named<Reading<Celsius>>> {
    let read = |(path, value): (&str, &str), seen: Seen| {
        // Thousandths of a degree. Colder or hotter than this is a sensor that is not connected.
        let told = decimal(Some(value), -60_000.0..=200_000.0).map(|milli| Celsius(milli / 1000.0));
        Named { name: name(slow, path), value: seen.read(told, Source::Sysfs) }
    };
    let often = sensors(last, "temp").map(|sensor| read(sensor, seen));
    let rarely = sensors(slow, "temp").map(|sensor| read(sensor, seldom));
    often.chain(rarely).take(MOST).collect()
}

pub(super) fn fans(last: &Frame, slow: &Frame, seen: Seen) -> Vec<Named<Reading<Rpm>>> {
    let read = |(path, value): (&str, &str)| {
        let told = small(Some(value), 0..=50_000).map(Rpm);
        Named { name: name(slow, path), value: seen.read(told, Source::Sysfs) }
    };
    sensors(last, "fan").map(read).take(MOST).collect()
}

/// The sensors whose file is of this kind, with what they say.
pub(super) fn sensors<'a>(
    frame: &'a Frame,
    kind: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let file = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
    frame.named("sensor").filter(move |(path, _)| file(path).starts_with(kind))
}

/// What a sensor is called; its path where it has no name.
pub(super) fn name(slow: &Frame, path: &str) -> String {
    let told = words(slow.of("name", path)).value();
    told.or_else(|| words(Some(path)).value()).unwrap_or_default()
}
