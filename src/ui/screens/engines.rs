//! What serves models on a host, and which: in a few lines for a glance, or all there is to tell.

use crate::fleet::{Engine, EngineModel, EngineState, LoadedModel, ModelPlace};
use crate::ops::Watched;
use crate::theme::{Role, State, Theme};
use crate::ui::screens::block::{Block, Line};
use crate::ui::widget::Limits;
use crate::ui::words::{Said, plain, told};

/// Models of one host that a glance tells.
const GLANCED: usize = 3;
/// Models of one engine that are named although they are not loaded.
const STORED: usize = 6;
/// From where on an engine's memory for conversations is scarce, as a share.
const FULL: Limits = Limits { warn: Some(0.9), bad: None };

/// The models in memory; where there is none, the engines that could load one.
pub(super) fn glance(watched: Option<&Watched>) -> Vec<Block> {
    let Some(engines) = watched.and_then(|watched| watched.engines.as_deref()) else {
        return vec![Block::Pair("engines".to_owned(), Said::unknown())];
    };
    if engines.is_empty() {
        return vec![Block::Pair("engines".to_owned(), Said::new(Role::Faint, "none found"))];
    }
    let loaded = engines.iter().flat_map(Engine::loaded);
    let held = |(model, held): (&EngineModel, &LoadedModel)| {
        Block::Pair(name(&model.name).to_owned(), memory(held))
    };
    let mut blocks: Vec<Block> = loaded.take(GLANCED).map(held).collect();
    for engine in engines {
        let count = engine.loaded().count();
        let said = match trouble(&engine.state) {
            Some(said) => said,
            None if count == 0 => {
                Said::new(Role::Label, format!("0 of {} loaded", engine.models.len()))
            }
            None if engine.writing.value.is_some() => plain(&engine.writing),
            None => continue,
        };
        blocks.push(Block::Pair(engine.kind.name().to_owned(), said));
    }
    blocks
}

/// Everything that the engines of a host tell.
pub(super) fn page(watched: Option<&Watched>, theme: Theme) -> Vec<Block> {
    let Some(engines) = watched.and_then(|watched| watched.engines.as_deref()) else {
        let word = Said::new(Role::Label, "ports are being asked");
        return vec![Block::Heading("Engines".to_owned(), word)];
    };
    if engines.is_empty() {
        let none = Said::new(Role::Faint, "none found");
        return vec![Block::heading("Engines"), Block::Words(vec![none])];
    }
    let mut blocks = Vec::new();
    for engine in engines {
        blocks.extend((!blocks.is_empty()).then_some(Block::Gap));
        blocks.extend(of_engine(engine, theme));
    }
    blocks
}

fn of_engine(engine: &Engine, theme: Theme) -> Vec<Block> {
    let version = engine.version.as_deref().unwrap_or_default();
    let port = Said::new(Role::Label, format!(":{}", engine.port));
    let mut blocks = vec![Block::Heading(format!("{} {version}", engine.kind.name()), port)];
    let said = trouble(&engine.state).unwrap_or_else(|| {
        let mark = theme.mark(State::Ok);
        let word = if engine.state == EngineState::Asleep { "asleep" } else { "ready" };
        Said::new(mark.role, format!("{} {word}", mark.glyph))
    });
    blocks.push(Block::Words(vec![said]));
    blocks.extend(known("writes", plain(&engine.writing).first()));
    blocks.extend(known("reads", plain(&engine.reading)));
    blocks.extend(known(
        "busy",
        match engine.slots.value {
            Some(slots) => told(&engine.running, |running| format!("{running} of {slots}")),
            None => plain(&engine.running),
        },
    ));
    blocks.extend(engine.waiting.value.filter(|waiting| *waiting > 0).map(|waiting| {
        Block::Pair("waiting".to_owned(), Said::new(Role::Warn, waiting.to_string()))
    }));
    let share = engine.cache.value.map(|share| share.0 / 100.0);
    blocks.extend(
        share
            .is_some()
            .then(|| Block::Share(Line("cache".to_owned(), plain(&engine.cache)), share, FULL)),
    );
    blocks.extend(models(engine));
    blocks
}

/// Those in memory first, with what they hold; then those that could be loaded, and those that are only passed on.
fn models(engine: &Engine) -> Vec<Block> {
    let mut blocks: Vec<Block> =
        engine.loaded().flat_map(|(model, held)| of_loaded(model, held)).collect();
    let stored: Vec<&EngineModel> =
        engine.models.iter().filter(|model| model.loaded.is_none()).collect();
    for model in stored.iter().take(STORED) {
        let said = match &model.place {
            ModelPlace::Here => {
                model.size.map_or_else(|| "stored".to_owned(), |size| size.to_string())
            }
            ModelPlace::Cloud(_) => "cloud".to_owned(),
        };
        blocks.push(Block::Pair(name(&model.name).to_owned(), Said::new(Role::Label, said)));
    }
    if stored.len() > STORED {
        let more = format!("{} more are not loaded", stored.len() - STORED);
        blocks.push(Block::Words(vec![Said::new(Role::Label, more)]));
    }
    blocks
}

fn of_loaded(model: &EngineModel, held: &LoadedModel) -> Vec<Block> {
    let kind = [model.parameters.as_deref(), model.quantisation.as_deref()];
    let kind: Vec<&str> = kind.into_iter().flatten().collect();
    let context = held.context.map(|tokens| format!("context {tokens}")).unwrap_or_default();
    let mut blocks = vec![Block::Pair(name(&model.name).to_owned(), memory(held))];
    if !kind.is_empty() || held.context.is_some() {
        let label = format!("  {}", kind.join(" "));
        blocks.push(Block::Pair(label, Said::new(Role::Label, context)));
    }
    if let Some(spilled) = held.spilled().filter(|spilled| spilled.0 > 0) {
        let text = format!("  ▲ {spilled} of it in RAM");
        blocks.push(Block::Words(vec![Said::new(Role::Warn, text)]));
    }
    blocks
}

fn memory(held: &LoadedModel) -> Said {
    match held.held {
        Some(all) => Said::new(Role::Text, all.to_string()),
        None => Said::new(Role::Label, "loaded"),
    }
}

/// What is not as it should be about an engine.
fn trouble(state: &EngineState) -> Option<Said> {
    let warn = |text: String| Some(Said::new(Role::Warn, text));
    match state {
        EngineState::Ready | EngineState::Asleep => None,
        EngineState::Loading => Some(Said::new(Role::Value, "◐ loading")),
        EngineState::Locked => warn("▲ wants a key".to_owned()),
        EngineState::Unwell(said) => warn(format!("▲ unwell: {said}")),
        EngineState::Silent(said) => warn(format!("◌ silent: {said}")),
    }
}

/// The name of a model: of a path its last part, without the kind of file.
fn name(model: &str) -> &str {
    let last = model.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or(model);
    last.strip_suffix(".gguf").unwrap_or(last)
}

fn known(label: &str, said: Said) -> Option<Block> {
    (said.role != Role::Faint).then(|| Block::Pair(label.to_owned(), said))
}
