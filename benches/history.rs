//! How long it takes to verify a history of a million lines, on one core. Prints; judges nothing.
//!
//! `cargo bench --bench history`, `LINES=100000` for another length.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark may stop where it stands"
)]

use std::fs::File;
use std::io::BufReader;
use std::time::Instant;

use shelter::fleet::{HostName, Timestamp};
use shelter::records::{Entry, History, Level, Witnesses, verify};

/// Written with one wait for the disk.
const BATCH: usize = 10_000;
/// Timed, the median told.
const ROUNDS: usize = 5;

fn main() {
    let lines: usize = std::env::var("LINES").map_or(1_000_000, |text| text.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history_main.log");
    write(&mut History::open(&path).unwrap(), lines);
    let mut took: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            let history = BufReader::with_capacity(1 << 20, File::open(&path).unwrap());
            assert_eq!(
                verify(history, &Witnesses::default()).unwrap().unwrap().lines,
                lines as u64
            );
            begun.elapsed().as_secs_f64()
        })
        .collect();
    took.sort_by(f64::total_cmp);
    let mib = path.metadata().unwrap().len() >> 20;
    println!(
        "{lines} lines, {mib} MiB: verified in {:.2} s (median of {ROUNDS})",
        took[ROUNDS / 2]
    );
}

fn write(history: &mut History, lines: usize) {
    let entry = |n: usize| {
        let entry = Entry {
            level: Level::Info,
            host: HostName::new("phantom").ok(),
            run: Some("R7K2M4".to_owned()),
            actor: "rc@console".to_owned(),
            text: format!("03_build_llama_cpp ended well: ok={n} changed=2 unreachable=0 failed=0"),
        };
        (Timestamp(1_795_247_412_345 + n as i64), entry)
    };
    for from in (0..lines).step_by(BATCH) {
        let batch: Vec<_> = (from..lines.min(from + BATCH)).map(entry).collect();
        history.append(&batch).unwrap();
    }
}
