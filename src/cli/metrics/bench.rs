//! Benchmarks as metrics: the newest of each host, subject and way of measuring, and how it stands against its baseline. A figure
//! that may not be compared has no ratio.

use super::exposition::Exposition;
use super::family;
use super::host::truth;
use crate::bench::{Figure, Level, Measured, Request, Standing, Verdict, spread};
use crate::fleet::Timestamp;

/// Puts in everything a newest benchmark tells.
pub fn put(out: &mut Exposition, standing: &Standing<'_>) {
    let (record, subject) = (standing.newest, &standing.newest.subject);
    let by = match record.measured {
        Measured::Kernels(_) => "kernels",
        Measured::Serving(_) => "serving",
    };
    let own = [
        ("host", &*record.host),
        ("model", &*subject.model),
        ("quantisation", &*subject.quantisation),
        ("engine", &*subject.engine),
        ("build", &*subject.build),
        ("backend", &*subject.backend),
        ("setting", &*subject.setting),
        ("by", by),
    ];
    let at = Timestamp::parse(&record.at).map(|at| at.0 as f64 / 1000.0);
    out.put_if(&family::BENCH_AT, &own, at);
    match &record.measured {
        Measured::Kernels(_) => {
            for Figure { name, spread, .. } in record.figures() {
                let test = name.trim_end_matches(" tokens/s");
                out.put(&family::BENCH_SPEED, &with(&own, &[("test", test)]), spread.mean);
                out.put(&family::BENCH_STRAY, &with(&own, &[("test", test)]), spread.deviation);
            }
        }
        Measured::Serving(levels) => levels.iter().for_each(|level| serving(out, &own, level)),
    }
    against_baseline(out, &own, standing);
}

fn with<'l>(own: &[(&'l str, &'l str)], more: &[(&'l str, &'l str)]) -> Vec<(&'l str, &'l str)> {
    own.iter().chain(more).copied().collect()
}

fn serving(out: &mut Exposition, own: &[(&str, &str)], level: &Level) {
    let test = format!("c{}", level.concurrency);
    let own = with(own, &[("test", &test)]);
    out.put(&family::BENCH_SPEED, &own, level.tokens_per_second());
    out.put(&family::BENCH_FAILED, &own, level.failures.len() as f64);
    let requests = &level.requests;
    let times = [
        (&family::BENCH_FIRST, spread(requests.iter().filter_map(Request::first_ms))),
        (&family::BENCH_TOKEN, spread(requests.iter().filter_map(Request::per_token_ms))),
    ];
    for (family, spread) in times {
        let Some(spread) = spread else { continue };
        for (percentile, ms) in [("50", spread.p50), ("95", spread.p95), ("99", spread.p99)] {
            out.put(family, &with(&own, &[("percentile", percentile)]), ms / 1000.0);
        }
    }
}

/// Each figure's share of its baseline, and whether something got worse beyond noise; neither where the comparison would be unfair.
fn against_baseline(out: &mut Exposition, own: &[(&str, &str)], standing: &Standing<'_>) {
    let comparison = &standing.comparison;
    if standing.is_first() || !comparison.is_fair() {
        return;
    }
    for shift in &comparison.shifts {
        let share = shift.now / shift.before;
        out.put(&family::BENCH_RATIO, &with(own, &[("figure", &shift.name)]), share);
    }
    let worse = comparison.shifts.iter().any(|shift| shift.verdict == Verdict::Worse);
    out.put(&family::BENCH_WORSE, own, truth(worse));
}
