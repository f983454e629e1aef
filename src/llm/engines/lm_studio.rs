//! LM Studio: its newer list of models where there is one, else the older. It tells no version, no queue and no
//! counters.

use serde_json::Value;

use crate::fleet::{Bytes, EngineModel, LoadedModel, ModelPlace};
use crate::llm::figure::{MOST_BYTES, MOST_TOKENS, whole, words};
use crate::llm::look::Look;

pub async fn look(look: &mut Look<'_>) {
    let (answer, key, read): (_, _, fn(&Value) -> Option<EngineModel>) =
        match look.json_if_there("/api/v1/models").await {
            Some(answer) if answer["models"].is_array() => (answer, "models", newer),
            _ => (look.json("/api/v0/models").await.unwrap_or_default(), "data", older),
        };
    if answer.is_null() {
        return;
    }
    for model in look.list(&answer, key) {
        if let Some(known) = read(&model) {
            look.model(known);
        }
    }
}

/// As of 0.4.
fn newer(model: &Value) -> Option<EngineModel> {
    let instances = model["loaded_instances"].as_array().map(Vec::as_slice).unwrap_or_default();
    let loaded = instances.first().map(|instance| {
        let context = whole(&instance["config"]["context_length"], MOST_TOKENS).known();
        LoadedModel { context, ..LoadedModel::default() }
    });
    Some(EngineModel {
        name: words(&model["key"])?,
        place: ModelPlace::Here,
        size: whole(&model["size_bytes"], MOST_BYTES).known().map(Bytes),
        quantisation: words(&model["quantization"]["name"]),
        parameters: words(&model["params_string"]),
        context_max: whole(&model["max_context_length"], MOST_TOKENS).known(),
        loaded,
    })
}

/// As of 0.3.6.
fn older(model: &Value) -> Option<EngineModel> {
    let context = whole(&model["loaded_context_length"], MOST_TOKENS).known();
    let loaded = model["state"] == "loaded";
    Some(EngineModel {
        quantisation: words(&model["quantization"]),
        context_max: whole(&model["max_context_length"], MOST_TOKENS).known(),
        loaded: loaded.then_some(LoadedModel { context, ..LoadedModel::default() }),
        ..EngineModel::named(words(&model["id"])?)
    })
}
