//! What runs where, as far as cards tell it.

use super::Seen;
use super::markdown::table;
use crate::fleet::{GpuProcess, GpuSample};

/// A row for each process on a card.
pub fn section(seen: &[Seen<'_>]) -> String {
    let rows: Vec<Vec<String>> = seen.iter().flat_map(of_host).collect();
    let told = if rows.is_empty() {
        "No card tells of a process on it.\n\n".to_owned()
    } else {
        table(&["host", "card", "process", "memory"], &rows)
    };
    format!("## What runs where\n\n{told}")
}

fn of_host(seen: &Seen<'_>) -> Vec<Vec<String>> {
    let cards = seen.watched.sample.iter().flat_map(|sample| &sample.gpus);
    let row = |gpu: &GpuSample, process: &GpuProcess| {
        let memory = process.memory.map_or_else(|| "n/a".to_owned(), |bytes| bytes.to_string());
        let card = gpu.name.clone().unwrap_or_else(|| gpu.id.clone());
        vec![seen.name(), card, format!("{} {}", process.pid, process.name), memory]
    };
    let of_card = |gpu: &GpuSample| -> Vec<Vec<String>> {
        gpu.processes.value.iter().flatten().map(|process| row(gpu, process)).collect()
    };
    cards.flat_map(of_card).collect()
}
