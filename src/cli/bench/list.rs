//! The list of benchmarks: for each model on each host the newest, beside its baseline.

use std::io::Write;

use serde_json::json;

use crate::bench::{Measured, Record, Standing, Verdict};
use crate::cli::args::Selection;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Outcome};
use crate::cli::paint::Paint;
use crate::cli::table::Table;
use crate::text::three_digits;

use super::Shelf;

pub fn run(console: &Console, selection: &Selection) -> Outcome {
    let hosts = console.select(&selection.pattern)?;
    let shelf = Shelf::open(console)?;
    let standings = shelf.standings(|name| hosts.iter().any(|host| host.name.as_str() == name));
    let mut out = std::io::stdout().lock();
    if selection.json {
        for standing in &standings {
            let (record, baseline) = (shelf.name(standing.newest), shelf.name(standing.baseline));
            let object = json!({ "record": record, "against": baseline, "standing": standing });
            writeln!(out, "{object}")?;
        }
        return Ok(Exit::Well);
    }
    if standings.is_empty() {
        writeln!(out, "nothing was measured yet: `shelter --run 04` does")?;
        return Ok(Exit::Well);
    }
    let mut table = Table::new(&[
        "HOST",
        "MODEL",
        "QUANT",
        "BUILD",
        "ON",
        "BY",
        "AT",
        "SPEED",
        "AGAINST BASELINE",
    ]);
    for standing in &standings {
        table.row(row(standing));
    }
    out.write_all(table.render(Paint::of_stdout()).as_bytes())?;
    Ok(Exit::Well)
}

fn row(standing: &Standing<'_>) -> Vec<String> {
    let Record { host, at, subject, measured, .. } = standing.newest;
    let by = match measured {
        Measured::Kernels(_) => "kernels",
        Measured::Serving(_) => "serving",
    };
    vec![
        host.clone(),
        subject.model.clone(),
        subject.quantisation.clone(),
        subject.build.clone(),
        subject.backend.clone(),
        by.to_owned(),
        at.chars().take(16).collect(),
        speed(standing.newest),
        verdict(standing),
    ]
}

/// The figures that matter most, in tokens a second.
pub fn speed(record: &Record) -> String {
    let of = |name: &str, mean: f64| {
        format!("{} {}", name.trim_end_matches(" tokens/s"), three_digits(mean))
    };
    let words: Vec<String> = match &record.measured {
        Measured::Kernels(_) => {
            record.figures().iter().map(|f| of(&f.name, f.spread.mean)).collect()
        }
        Measured::Serving(levels) => {
            let word = |level: &crate::bench::Level| {
                of(&format!("c{}", level.concurrency), level.tokens_per_second())
            };
            levels.iter().map(word).collect()
        }
    };
    format!("{} t/s", words.join(" · "))
}

/// How it stands, in a few words.
pub fn verdict(standing: &Standing<'_>) -> String {
    if standing.is_first() {
        return "○ first of its kind".to_owned();
    }
    if !standing.comparison.is_fair() {
        let what: Vec<&str> = standing.comparison.unlike.iter().map(|unlike| unlike.what).collect();
        return format!("? not alike: {}", what.join(", "));
    }
    let shifts = &standing.comparison.shifts;
    let worst = shifts.iter().min_by(|one, other| one.better_by.total_cmp(&other.better_by));
    match worst {
        Some(shift) if shift.verdict == Verdict::Worse => {
            format!("▼ {} worse by {:.0} %", shift.name, -shift.better_by)
        }
        Some(_) if shifts.iter().any(|shift| shift.verdict == Verdict::Better) => {
            "▲ better".to_owned()
        }
        Some(_) => "● same".to_owned(),
        None => "? nothing in common".to_owned(),
    }
}
