//! Ollama: what it has, what it holds and how much of that the cards hold. It counts no tokens and tells no queue.

use serde_json::Value;

use crate::fleet::{Bytes, EngineModel, LoadedModel, ModelPlace};
use crate::llm::figure::{MOST_BYTES, MOST_TOKENS, whole, words};
use crate::llm::look::Look;

/// A model that is only passed on has a file that holds no weights.
const NO_WEIGHTS: u64 = 1 << 20;

pub async fn look(look: &mut Look<'_>) {
    let version = look.json("/api/version").await;
    look.engine.version = version.and_then(|answer| words(&answer["version"]));
    let tags = look.json("/api/tags").await;
    let held = look.json("/api/ps").await;
    let held = held.map(|answer| look.list(&answer, "models")).unwrap_or_default();
    let models = tags.map(|answer| look.list(&answer, "models")).unwrap_or_default();
    for model in &models {
        let loaded = held.iter().find(|one| one["name"] == model["name"]).map(loaded);
        if let Some(known) = read(model, loaded) {
            look.model(known);
        }
    }
    // One that was deleted while it is loaded is on the second list alone, where its size is that in memory.
    for model in &held {
        if let Some(known) = read(model, Some(loaded(model))) {
            look.model(EngineModel { size: None, ..known });
        }
    }
}

fn read(model: &Value, loaded: Option<LoadedModel>) -> Option<EngineModel> {
    let (name, details) = (words(&model["name"])?, &model["details"]);
    let size = whole(&model["size"], MOST_BYTES).known();
    Some(EngineModel {
        place: place(model, &name, size),
        name,
        size: size.map(Bytes),
        quantisation: words(&details["quantization_level"]),
        parameters: words(&details["parameter_size"]),
        context_max: whole(&details["context_length"], MOST_TOKENS).known(),
        loaded,
    })
}

/// Newer versions say whose machines a model runs on; older ones only give it a name.
fn place(model: &Value, name: &str, size: Option<u64>) -> ModelPlace {
    let host = words(&model["remote_host"]);
    let named = name.ends_with("-cloud") || name.ends_with(":cloud");
    let elsewhere = host.is_some()
        || words(&model["remote_model"]).is_some()
        || (named && size.is_some_and(|size| size < NO_WEIGHTS));
    if elsewhere { ModelPlace::Cloud(host) } else { ModelPlace::Here }
}

fn loaded(model: &Value) -> LoadedModel {
    let held = whole(&model["size"], MOST_BYTES).known();
    let vram = whole(&model["size_vram"], MOST_BYTES).known();
    LoadedModel {
        held: held.map(Bytes),
        vram: vram.filter(|vram| held.is_none_or(|held| *vram <= held)).map(Bytes),
        context: whole(&model["context_length"], MOST_TOKENS).known(),
        ..LoadedModel::default()
    }
}
