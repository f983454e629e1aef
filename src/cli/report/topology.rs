//! Who there is, how each is reached, and what it is.

use super::Seen;
use crate::bench::Places;
use crate::cli::hosts::way;
use crate::cli::markdown::table;

/// A row for each host.
pub fn section(seen: &[Seen<'_>]) -> String {
    let rows: Vec<Vec<String>> = seen.iter().map(row).collect();
    let heads = ["host", "state", "reached", "system", "processor", "cards", "RAM"];
    format!("## Topology\n\n{}", table(&heads, &rows))
}

fn row(seen: &Seen<'_>) -> Vec<String> {
    let unknown = || "n/a".to_owned();
    let facts = seen.facts.map(|known| &known.facts);
    let of = |text: Option<&String>| text.cloned().unwrap_or_else(unknown);
    let cpu = facts.map(|facts| &facts.cpu);
    let threads = cpu.and_then(|cpu| cpu.threads).map_or_else(unknown, |n| n.to_string());
    let places = facts.map(Places::of).unwrap_or_default();
    let cards: Vec<&str> = places.cards.iter().map(|card| card.label()).collect();
    let none = facts.is_some_and(|facts| facts.gpus.is_some());
    let ram = facts.and_then(|facts| facts.memory.total).map_or_else(unknown, |b| b.to_string());
    vec![
        seen.name(),
        seen.state().to_owned(),
        way(&seen.host.via),
        of(facts.and_then(|facts| facts.os.name.as_ref())),
        format!("{}, {threads} threads", of(cpu.and_then(|cpu| cpu.model.as_ref()))),
        match cards.as_slice() {
            [] if none => "none".to_owned(),
            [] => unknown(),
            cards => cards.join(", "),
        },
        ram,
    ]
}
