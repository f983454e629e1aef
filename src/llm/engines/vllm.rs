//! vLLM: one model, with LoRA adapters as further names of it, and a page of counters that is open even where
//! everything else takes a key.

use serde_json::Value;

use crate::fleet::{EngineModel, LoadedModel, Percent};
use crate::llm::counters::Page;
use crate::llm::figure::{Figure, MOST_REQUESTS, MOST_TOKENS, rounded, whole, words};
use crate::llm::look::Look;

pub async fn look(look: &mut Look<'_>) {
    let version = look.json_if_there("/version").await;
    look.engine.version = version.and_then(|answer| words(&answer["version"]));
    let models = look.json("/v1/models").await;
    for model in models.map(|answer| look.list(&answer, "data")).unwrap_or_default() {
        if let Some(known) = read(&model) {
            look.model(known);
        }
    }
    let Some(page) = look.text_if_there("/metrics").await else { return };
    let page = Page::new(&page);
    let requests = |name| rounded(page.sum(name), MOST_REQUESTS).reading();
    look.engine.running = requests("vllm:num_requests_running");
    look.engine.waiting = requests("vllm:num_requests_waiting");
    look.engine.cache = cache(&page).reading();
    look.count(page.counter("vllm:prompt_tokens"), page.counter("vllm:generation_tokens"));
}

/// A share from 0 to 1, under its new name or the old one.
fn cache(page: &Page<'_>) -> Figure<Percent> {
    match page.largest("vllm:kv_cache_usage_perc").or(page.largest("vllm:gpu_cache_usage_perc")) {
        Figure::Told(share) if share <= 1.0 => Figure::Told(Percent(share * 100.0)),
        Figure::Nothing => Figure::Nothing,
        Figure::Told(_) | Figure::Odd => Figure::Odd,
    }
}

/// Whatever it lists it has loaded: it serves nothing else.
fn read(model: &Value) -> Option<EngineModel> {
    let context = whole(&model["max_model_len"], MOST_TOKENS).known();
    Some(EngineModel {
        context_max: context,
        loaded: Some(LoadedModel { context, ..LoadedModel::default() }),
        ..EngineModel::named(words(&model["id"])?)
    })
}
