//! One engine in lines for people.

use super::block::Row;
use super::words::plain;
use crate::fleet::{Engine, EngineModel, EngineState, LoadedModel, ModelPlace};

/// Models that are not loaded and are named; more are counted.
const NAMED: usize = 6;

pub fn rows(engine: &Engine) -> Vec<Row> {
    let mut rows = vec![("engine", head(engine))];
    rows.extend(
        engine.loaded().map(|(model, held)| ("engine", format!("  {}", loaded(model, held)))),
    );
    let away = |model: &&EngineModel| model.loaded.is_none();
    let on_disk: Vec<String> = engine.local_models().filter(away).map(on_disk).collect();
    let elsewhere: Vec<String> = engine.models.iter().filter_map(elsewhere).collect();
    for (what, models) in [("not loaded", on_disk), ("passed on, not run here", elsewhere)] {
        if !models.is_empty() {
            rows.push(("engine", format!("  {what}: {}", some(&models))));
        }
    }
    rows
}

/// The busiest words about an engine, for a line that holds the whole host.
pub fn short(engine: &Engine) -> String {
    let loaded = engine.loaded().count();
    let (name, state) = (engine.kind.name(), state(&engine.state));
    format!("{name} {state}, {loaded} loaded, {}", plain(&engine.writing))
}

fn head(engine: &Engine) -> String {
    let version = engine.version.as_deref().unwrap_or("n/a");
    format!(
        "{} {version} on port {}  {} · busy {} of {} · waiting {} · cache {} · reads {} · writes {}",
        engine.kind.name(),
        engine.port,
        state(&engine.state),
        plain(&engine.running),
        plain(&engine.slots),
        plain(&engine.waiting),
        plain(&engine.cache),
        plain(&engine.reading),
        plain(&engine.writing),
    )
}

fn state(state: &EngineState) -> String {
    match state {
        EngineState::Ready => "● ready".to_owned(),
        EngineState::Loading => "… loading a model".to_owned(),
        EngineState::Asleep => "asleep, and left asleep".to_owned(),
        EngineState::Locked => "▲ locked: it tells more to those with its key".to_owned(),
        EngineState::Unwell(said) => format!("▲ unwell: {said}"),
        EngineState::Silent(said) => format!("◌ silent: {said}"),
    }
}

fn loaded(model: &EngineModel, held: &LoadedModel) -> String {
    let memory = match (held.held, held.spilled()) {
        (Some(all), Some(spilled)) if spilled.0 > 0 => {
            let vram = held.vram.map_or_else(|| "n/a".to_owned(), |vram| vram.to_string());
            format!("holds {all}: VRAM {vram}, ▲ spilled {spilled} to RAM")
        }
        (Some(all), Some(_)) => format!("holds {all}, all of it VRAM"),
        (Some(all), None) => format!("holds {all}, VRAM n/a"),
        (None, _) => match held.on_cards() {
            Some(vram) => format!("holds n/a, VRAM {vram}"),
            None => "holds n/a".to_owned(),
        },
    };
    let context = held.context.map_or_else(|| "n/a".to_owned(), |tokens| tokens.to_string());
    let kind = model.quantisation.as_deref().unwrap_or("n/a");
    format!("{}  {kind} · {memory} · context {context}", model.name)
}

fn on_disk(model: &EngineModel) -> String {
    match model.size {
        Some(size) => format!("{} ({size})", model.name),
        None => model.name.clone(),
    }
}

fn elsewhere(model: &EngineModel) -> Option<String> {
    match &model.place {
        ModelPlace::Here => None,
        ModelPlace::Cloud(Some(host)) => Some(format!("{} ({host})", model.name)),
        ModelPlace::Cloud(None) => Some(model.name.clone()),
    }
}

fn some(models: &[String]) -> String {
    let named = models.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match models.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
