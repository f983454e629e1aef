//! Processor, memory and disks out of a frame.

use super::frames::Frame;
use super::rates::Between;
use super::told::{Told, decimal, whole, words};
use crate::fleet::{
    Bytes, CpuSample, DiskSample, Load, MemorySample, Millis, Named, Percent, Quality, Reading,
    Source, Timestamp,
};

/// No machine has more: an exbibyte, in kibibytes.
const MOST_KIB: u64 = 1 << 50;
/// More mounted disks are not told of.
const MOST_DISKS: usize = 64;

/// How long ago something was looked at, and whether that is too long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    age: Millis,
    stale: bool,
}

impl Seen {
    /// A clock that was set back makes an age unknown, which counts as too long.
    pub(super) fn new(now: Timestamp, at: Timestamp, patience: Millis) -> Self {
        let age = now.0.saturating_sub(at.0);
        Self { age: Millis(age.max(0)), stale: age > patience.0 || age < -1000 }
    }

    pub(super) fn read<T>(self, told: Told<T>, source: Source) -> Reading<T> {
        let (value, quality) = match told {
            Told::Value(value) if self.stale => (Some(value), Quality::Stale),
            Told::Value(value) => (Some(value), Quality::Ok),
            Told::Nothing => return Reading::absent(source),
            Told::Odd => (None, Quality::Nan),
        };
        Reading { value, quality, age: Some(self.age), source }
    }
}

pub(super) fn uptime(last: &Frame, seen: Seen) -> Reading<u64> {
    let seconds = last.first("uptime").and_then(|line| line.split(' ').next());
    seen.read(decimal(seconds, 0.0..=1e10).map(|s| s as u64), Source::Proc)
}

pub(super) fn cpu(
    last: &Frame,
    slow: &Frame,
    between: &Between<'_>,
    (seen, seldom): (Seen, Seen),
) -> CpuSample {
    let governors: Vec<&str> = slow.all("governor").collect();
    CpuSample {
        busy: seen.read(busy(last, between), Source::Proc),
        load: seen.read(load(last), Source::Proc),
        governor: seldom.read(words(Some(&governors.join(", "))), Source::Sysfs),
    }
}

/// The share of the time between two looks in which the processors were not idle.
fn busy(last: &Frame, between: &Between<'_>) -> Told<Percent> {
    let Some(now) = last.of("stat", "cpu") else { return Told::Nothing };
    let Some(now) = ticks(now) else { return Told::Odd };
    let Some(before) = between.earlier("stat", "cpu").and_then(ticks) else {
        return Told::Nothing;
    };
    let grown = now.0.checked_sub(before.0).zip(now.1.checked_sub(before.1));
    match grown {
        Some((all, idle)) if all > 0 && idle <= all => {
            Told::Value(Percent((all - idle) as f64 * 100.0 / all as f64))
        }
        _ => Told::Nothing,
    }
}

/// All time and idle time. The guests' columns are left out: they are counted as the users' already.
fn ticks(line: &str) -> Option<(u64, u64)> {
    let columns: Option<Vec<u64>> =
        line.split_whitespace().take(8).map(|c| whole(Some(c), u64::MAX).value()).collect();
    let columns = columns.filter(|columns| columns.len() >= 4)?;
    let all = columns.iter().try_fold(0u64, |sum, n| sum.checked_add(*n))?;
    Some((all, columns[3] + columns.get(4).copied().unwrap_or(0)))
}

fn load(last: &Frame) -> Told<[Load; 3]> {
    let Some(line) = last.first("load") else { return Told::Nothing };
    let mut loads = line.split(' ').map(|word| decimal(Some(word), 0.0..=1e6).value().map(Load));
    let mut next = || loads.next().flatten();
    match (next(), next(), next()) {
        (Some(one), Some(five), Some(fifteen)) => Told::Value([one, five, fifteen]),
        _ => Told::Odd,
    }
}

pub(super) fn memory(last: &Frame, seen: Seen) -> MemorySample {
    let told = |key: &str| whole(last.of("mem", key), MOST_KIB).map(|kib| Bytes(kib * 1024));
    let total = told("MemTotal:").only_if(|total| total.0 > 0);
    let swap = told("SwapTotal:");
    let within = |part: Told<Bytes>, whole: Told<Bytes>| {
        part.only_if(|part| whole.value().is_none_or(|whole| *part <= whole))
    };
    MemorySample {
        available: seen.read(within(told("MemAvailable:"), total), Source::Proc),
        swap_free: seen.read(within(told("SwapFree:"), swap), Source::Proc),
        total: seen.read(total, Source::Proc),
        swap: seen.read(swap, Source::Proc),
    }
}

/// An overlay tells the room of the disk beneath it: where that disk is mounted as well, it is told once.
pub(super) fn disks(slow: &Frame, seldom: Seen) -> Vec<Named<DiskSample>> {
    let mut disks: Vec<(&str, Named<DiskSample>)> = Vec::new();
    for (source, disk) in slow.all("df").filter_map(|line| disk(line, seldom)).take(MOST_DISKS) {
        let beneath = |known: &(&str, Named<DiskSample>)| {
            let layered = !source.starts_with("/dev/") || !known.0.starts_with("/dev/");
            layered && is_one(&known.1.value, &disk.value)
        };
        if !disks.iter().any(beneath) {
            disks.push((source, disk));
        }
    }
    disks.into_iter().map(|(_, disk)| disk).collect()
}

/// Whether two that were read one after the other tell the same room.
fn is_one(one: &DiskSample, other: &DiskSample) -> bool {
    let size = one.size.value.filter(|size| Some(*size) == other.size.value && size.0 > 0);
    let free = one.free.value.zip(other.free.value);
    size.zip(free).is_some_and(|(size, (one, other))| one.0.abs_diff(other.0) <= size.0 / 1000)
}

/// `source blocks used available share place`: the place may have blanks, the title is no number. With its source.
fn disk(line: &str, seldom: Seen) -> Option<(&str, Named<DiskSample>)> {
    let mut rest = line;
    let mut column = || {
        let (word, after) = rest.trim_start().split_once(' ')?;
        rest = after;
        Some(word)
    };
    let (source, size, used, free, _) = (column()?, column()?, column()?, column()?, column()?);
    let name = words(Some(rest)).value().filter(|place| place.starts_with('/'))?;
    let kib = |word| whole(Some(word), MOST_KIB).map(|kib| Bytes(kib * 1024));
    let size = kib(size);
    let part = |word| {
        let part = kib(word).only_if(|part| size.value().is_none_or(|size| *part <= size));
        seldom.read(part, Source::Df)
    };
    let (used, free) = (part(used), part(free));
    let value = DiskSample { size: seldom.read(size, Source::Df), used, free };
    Some((source, Named { name, value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(lines: &[&str]) -> Vec<String> {
        let mut frame = Frame::empty(Timestamp(0));
        lines.iter().for_each(|line| frame.push(line));
        let seen = Seen::new(Timestamp(0), Timestamp(0), Millis(1000));
        disks(&frame, seen).into_iter().map(|disk| disk.name).collect()
    }

    #[test]
    fn a_disk_beneath_an_overlay_is_told_once_and_two_that_are_alike_are_two() {
        let overlay = "df overlay 263112772 201000000 51000000 80% /";
        let below = "df /dev/vda1 263112772 201000100 50999900 80% /tmp";
        assert_eq!(names(&[overlay, below]), ["/"]);
        let other = "df /dev/vdb1 263112772 1000 263000000 1% /srv";
        assert_eq!(names(&[overlay, other]), ["/", "/srv"]);
        let mirrors =
            ["df /dev/sda1 1000000 5000 995000 1% /a", "df /dev/sdb1 1000000 5000 995000 1% /b"];
        assert_eq!(names(&mirrors), ["/a", "/b"]);
    }
}
