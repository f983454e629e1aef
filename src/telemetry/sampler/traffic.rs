//! What comes and goes over networks and disks.

use super::frames::Frame;
use super::machine::Seen;
use super::rates::Between;
use super::told::words;
use crate::fleet::{Named, Source, Traffic};

/// More are not told of.
const MOST: usize = 32;
/// What the kernel counts disk traffic in, whatever the disk's own sectors are.
const SECTOR: f64 = 512.0;

/// Where the two counters stand in a line, and the bytes each counts.
struct Columns {
    key: &'static str,
    incoming: usize,
    outgoing: usize,
    unit: f64,
    source: Source,
}

pub(super) fn networks(between: &Between<'_>, last: &Frame, seen: Seen) -> Vec<Named<Traffic>> {
    let columns =
        Columns { key: "net", incoming: 0, outgoing: 1, unit: 1.0, source: Source::Sysfs };
    read(&columns, between, last, seen)
}

pub(super) fn disks(between: &Between<'_>, last: &Frame, seen: Seen) -> Vec<Named<Traffic>> {
    let columns =
        Columns { key: "io", incoming: 2, outgoing: 6, unit: SECTOR, source: Source::Sysfs };
    read(&columns, between, last, seen)
}

fn read(columns: &Columns, between: &Between<'_>, last: &Frame, seen: Seen) -> Vec<Named<Traffic>> {
    let one = |(name, counters): (&str, &str)| {
        let before = between.earlier(columns.key, name).unwrap_or_default();
        let rate = |column: usize| {
            let at = |line: &'_ str| line.split_whitespace().nth(column).map(str::to_owned);
            let (before, now) = (at(before), at(counters));
            seen.read(between.rate(before.as_deref(), now.as_deref(), columns.unit), columns.source)
        };
        let value = Traffic { incoming: rate(columns.incoming), outgoing: rate(columns.outgoing) };
        Some(Named { name: words(Some(name)).value()?, value })
    };
    last.named(columns.key).take(MOST).filter_map(one).collect()
}
