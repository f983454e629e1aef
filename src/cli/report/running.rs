//! What runs where: models, as engines tell it, and processes, as cards do.

use super::Seen;
use crate::cli::markdown::table;
use crate::fleet::{Bytes, Engine, EngineModel, GpuProcess, GpuSample, LoadedModel};

/// A row for each model that is loaded and for each process on a card.
pub fn section(seen: &[Seen<'_>]) -> String {
    let models: Vec<Vec<String>> = seen.iter().flat_map(models).collect();
    let loaded = if models.is_empty() {
        "No engine tells of a model that it has loaded.\n\n".to_owned()
    } else {
        table(&["host", "engine", "model", "holds", "of it VRAM"], &models)
    };
    let rows: Vec<Vec<String>> = seen.iter().flat_map(of_host).collect();
    let told = if rows.is_empty() {
        "No card tells of a process on it.\n\n".to_owned()
    } else {
        table(&["host", "card", "process", "memory"], &rows)
    };
    format!("## What runs where\n\n{loaded}{told}")
}

fn models(seen: &Seen<'_>) -> Vec<Vec<String>> {
    let bytes = |bytes: Option<Bytes>| bytes.map_or_else(|| "n/a".to_owned(), |b| b.to_string());
    let row = |engine: &Engine, model: &EngineModel, held: &LoadedModel| {
        let engine = format!("{} on port {}", engine.kind.name(), engine.port);
        vec![seen.name(), engine, model.name.clone(), bytes(held.held), bytes(held.on_cards())]
    };
    let engines = seen.watched.engines.iter().flat_map(|engines| engines.iter());
    let of_engine =
        |engine: &Engine| engine.loaded().map(|(model, held)| row(engine, model, held)).collect();
    engines.flat_map(|engine| -> Vec<Vec<String>> { of_engine(engine) }).collect()
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
