//! Power and batteries out of a frame.

use super::frames::Frame;
use super::heat::{name, sensors};
use super::machine::Seen;
use super::rates::Between;
use super::told::{Told, decimal, whole, words};
use crate::fleet::{BatterySample, Named, Percent, Reading, Source, Watts};

/// More batteries are not told of.
const MOST: usize = 8;
/// No machine of a small fleet draws more.
const MOST_WATTS: f64 = 10_000.0;

/// What meters tell at once, and what follows from counters of energy.
pub(super) fn read(
    between: &Between<'_>,
    (last, slow): (&Frame, &Frame),
    seen: Seen,
) -> Vec<Named<Reading<Watts>>> {
    let counted = last.named("energy").map(|(meter, energy)| {
        let (range, called) = slow.of("meter", meter).and_then(|l| l.split_once(' ')).unzip();
        let name = words(called).value().unwrap_or_else(|| meter.to_owned());
        let told = watts(between, between.earlier("energy", meter), energy, range);
        Named { name, value: seen.read(told, Source::Sysfs) }
    });
    let told = sensors(last, "power").map(|(path, value)| {
        let told = decimal(Some(value), 0.0..=MOST_WATTS * 1e6).map(|micro| Watts(micro / 1e6));
        Named { name: name(slow, path), value: seen.read(told, Source::Sysfs) }
    });
    counted.chain(told).take(MOST).collect()
}

/// Microjoules, which start again at 0 after `range`.
fn watts(
    between: &Between<'_>,
    before: Option<&str>,
    now: &str,
    range: Option<&str>,
) -> Told<Watts> {
    let now = whole(Some(now), u64::MAX);
    let spent = || {
        let (now, before) = (now.value()?, whole(before, u64::MAX).value()?);
        let around = || Some(whole(range, u64::MAX).value()?.checked_sub(before)? + now);
        let spent = now.checked_sub(before).or_else(around)?;
        Some(spent as f64 / 1e6 / between.seconds?)
    };
    match (now, spent()) {
        (Told::Odd, _) => Told::Odd,
        (_, None) => Told::Nothing,
        (_, Some(watts)) => Told::Value(Watts(watts)).only_if(|watts| watts.0 <= MOST_WATTS),
    }
}

pub(super) fn batteries(slow: &Frame, seldom: Seen) -> Vec<Named<BatterySample>> {
    let mut names: Vec<&str> = slow.named("battery").map(|(name, _)| name).collect();
    names.dedup();
    names.truncate(MOST);
    names.into_iter().map(|name| battery(name, slow, seldom)).collect()
}

fn battery(name: &str, slow: &Frame, seldom: Seen) -> Named<BatterySample> {
    let part = |part: &str| {
        let mut parts = slow.named("battery").filter(|(of, _)| *of == name);
        parts.find_map(|(_, told)| told.strip_prefix(part)?.strip_prefix(' '))
    };
    // Some drivers write what is drawn as a negative number.
    let micro = |key: &str| decimal(part(key), -1e9..=1e9).map(f64::abs);
    let power = match (micro("power_now"), micro("current_now"), micro("voltage_now")) {
        (Told::Nothing, Told::Value(current), Told::Value(voltage)) => {
            Told::Value(current / 1e6 * voltage)
        }
        (power, ..) => power,
    };
    let value = BatterySample {
        charge: seldom.read(decimal(part("capacity"), 0.0..=100.0).map(Percent), Source::Sysfs),
        status: seldom.read(words(part("status")), Source::Sysfs),
        power: seldom.read(power.map(|micro| Watts(micro / 1e6)), Source::Sysfs),
    };
    Named { name: words(Some(name)).value().unwrap_or_default(), value }
}

/// Whether any adapter is plugged in; a machine may have several, of which one is enough.
pub(super) fn mains(slow: &Frame, seldom: Seen) -> Reading<bool> {
    let mut adapters = slow.named("mains").filter_map(|(_, told)| whole(Some(told), 2).value());
    let told = adapters.next().map(|first| first > 0 || adapters.any(|other| other > 0));
    seldom.read(told.map_or(Told::Nothing, Told::Value), Source::Sysfs)
}
