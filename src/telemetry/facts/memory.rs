//! Memory and swap, from `/proc/meminfo`, `sysctl` and `vm_stat`.

use super::answer::{Answer, value};
use super::number::{bytes, size, whole};
use crate::fleet::{Bytes, MemoryFacts};

/// What memory there is.
pub(super) fn read(answer: &Answer<'_>) -> MemoryFacts {
    let memory = if answer.has("sysctl") { darwin(answer) } else { linux(answer) };
    let no_more_than = |whole: Option<Bytes>| move |part: &Bytes| whole.is_none_or(|w| *part <= w);
    MemoryFacts {
        available: memory.available.filter(no_more_than(memory.total)),
        swap_free: memory.swap_free.filter(no_more_than(memory.swap)),
        ..memory
    }
}

fn linux(answer: &Answer<'_>) -> MemoryFacts {
    let field = |key: &str| {
        let text = value(answer.file("/proc/meminfo"), key)?;
        text.strip_suffix("kB")
    };
    MemoryFacts {
        total: field("MemTotal").and_then(|n| size(n, 1024)),
        available: field("MemAvailable").and_then(|n| bytes(n, 1024)),
        swap: field("SwapTotal").and_then(|n| bytes(n, 1024)),
        swap_free: field("SwapFree").and_then(|n| bytes(n, 1024)),
    }
}

fn darwin(answer: &Answer<'_>) -> MemoryFacts {
    MemoryFacts {
        total: answer.value("sysctl", "hw.memsize").and_then(|n| size(n, 1)),
        available: pages_to_be_had(answer),
        swap: swap_usage(answer, "total"),
        swap_free: swap_usage(answer, "free"),
    }
}

/// Pages that are free or that the kernel gives up when asked.
fn pages_to_be_had(answer: &Answer<'_>) -> Option<Bytes> {
    let page = whole(answer.value("sysctl", "hw.pagesize")?)?;
    let pages = |kind: &str| whole(answer.value("vm_stat", kind)?.trim_end_matches('.'));
    let total = pages("Pages free")?
        .checked_add(pages("Pages inactive")?)?
        .checked_add(pages("Pages speculative").unwrap_or(0))?;
    bytes(&total.to_string(), page)
}

/// One of the figures of `vm.swapusage: total = 2048.00M  used = 1043.50M  free = 1004.50M`.
fn swap_usage(answer: &Answer<'_>, which: &str) -> Option<Bytes> {
    let mut words = answer.value("sysctl", "vm.swapusage")?.split_whitespace();
    words.find(|word| *word == which)?;
    let mebibytes: f64 = words.nth(1)?.strip_suffix('M')?.parse().ok()?;
    let sane = mebibytes.is_finite() && (0.0..1e12).contains(&mebibytes);
    sane.then_some(Bytes((mebibytes * 1024.0 * 1024.0) as u64))
}
