//! What a run of `04_llm_benchmark` printed, kept as benchmarks as soon as it has ended, and told beside their baselines.

use std::collections::BTreeSet;

use crate::bench::{Measured, Printed, Record, kernels, told};
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::fleet::{Fleet, HostName, RunState, StepEnd, Timestamp};
use crate::ops::Clock;
use crate::records::Benches;

use super::Shelf;
use super::list::{speed, verdict};

/// The playbook whose output holds benchmarks.
const PLAYBOOK: &str = "04_llm_benchmark";

/// Keeps what the runs of a session have measured. What is to be told of it, where there is any.
pub fn harvest(console: &Console, fleet: &Fleet, json: bool) -> Result<String, Trouble> {
    let now = Clock::system().now();
    let runs = fleet.runs.values().filter(|run| run.head.playbook == PLAYBOOK);
    let (mut kept, mut text) = (BTreeSet::new(), String::new());
    for (host, told) in runs.flat_map(blocks) {
        match record(host, &told, now) {
            Ok(record) => {
                let stem = format!("{}-{host}-{}", now.compact(), record.subject.model);
                kept.insert(Benches::of(console.home()).keep(&stem, &record)?);
            }
            Err(why) => text.push_str(&format!("{host}: {} was not kept: {why}\n", told.model)),
        }
    }
    if kept.is_empty() || json {
        return Ok(if json { String::new() } else { text });
    }
    let shelf = Shelf::open(console)?;
    text.push_str("\nmeasured, and kept in logs/bench:\n");
    for standing in shelf.standings(|_| true) {
        if shelf.name(standing.newest).is_some_and(|name| kept.contains(name)) {
            let Record { host, subject, .. } = standing.newest;
            let (speed, verdict) = (speed(standing.newest), verdict(&standing));
            let name = format!("{} {}", subject.model, subject.quantisation);
            text.push_str(&format!("  {host}  {name}  {speed}  {verdict}\n"));
        }
    }
    Ok(text)
}

/// The blocks that a run's steps have printed, with the host of each.
fn blocks(run: &RunState) -> impl Iterator<Item = (&HostName, Printed)> {
    let of_host = |(host, part): (_, &crate::fleet::HostRun)| {
        let printed = |step: &StepEnd| told(&step.output);
        let all: Vec<Printed> = part.done.iter().flat_map(printed).collect();
        all.into_iter().map(move |told| (host, told))
    };
    run.hosts.iter().flat_map(of_host)
}

fn record(host: &HostName, told: &Printed, now: Timestamp) -> Result<Record, String> {
    let measured = kernels(&told.json, &told.model, &told.quantisation);
    let measured = measured.map_err(|error| error.to_string())?;
    Ok(Record {
        host: host.to_string(),
        at: now.to_string(),
        subject: measured.subject,
        measured: Measured::Kernels(measured.tests),
        conditions: told.conditions.clone(),
    })
}
