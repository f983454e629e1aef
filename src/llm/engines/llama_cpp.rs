//! llama.cpp's server, with one model or as a router of several. Nothing that is asked here wakes a model that sleeps
//! or loads one that is not.

use serde_json::Value;

use crate::fleet::{Bytes, EngineModel, EngineState, LoadedModel, ModelPlace};
use crate::llm::counters::Page;
use crate::llm::figure::{
    Figure, MOST_BYTES, MOST_REQUESTS, MOST_TOKENS, parameters, rounded, whole, words,
};
use crate::llm::look::Look;

/// Loaded models of one router that are asked one by one.
const MOST_ASKED: usize = 16;

/// What slots and counters add up to, over all models.
#[derive(Default)]
struct Sums {
    slots: Figure<u64>,
    running: Figure<u64>,
    waiting: Figure<u64>,
    read: Figure<f64>,
    written: Figure<f64>,
}

pub async fn look(look: &mut Look<'_>) {
    // While it loads it answers 503 to everything, and this path is open without a key.
    look.json("/health").await;
    let props = look.json("/props").await.unwrap_or_default();
    look.engine.version = words(&props["build_info"]);
    let models = look.json("/v1/models").await;
    let models = models.map(|answer| look.list(&answer, "data")).unwrap_or_default();
    let router = props["role"] == "router";
    let asleep = props["is_sleeping"] == true;
    if asleep && look.engine.state == EngineState::Ready {
        look.engine.state = EngineState::Asleep;
    }
    let mut sums = Sums::default();
    for model in &models {
        look.children.extend(child(model));
        if let Some(known) = read(model, !router && !asleep) {
            look.model(known);
        }
    }
    if router {
        let loaded = look.engine.loaded().map(|(model, _)| encoded(&model.name));
        for name in loaded.take(MOST_ASKED).collect::<Vec<_>>() {
            ask(look, &mut sums, &format!("?model={name}&autoload=false"), true).await;
        }
    } else if !look.is_over() {
        sums.slots = whole(&props["total_slots"], MOST_REQUESTS);
        ask(look, &mut sums, "", !asleep).await;
    }
    look.engine.slots = sums.slots.reading();
    look.engine.running = sums.running.reading();
    look.engine.waiting = sums.waiting.reading();
    look.count(sums.read, sums.written);
}

/// Asks for counters, and for slots where that wakes nobody.
async fn ask(look: &mut Look<'_>, sums: &mut Sums, query: &str, slots: bool) {
    // Its rates are over the time since anybody last asked; its counters are nobody's.
    if let Some(page) = look.text_if_there(&format!("/metrics{query}")).await {
        let page = Page::new(&page);
        let requests = |name: &str| rounded(page.sum(name), MOST_REQUESTS);
        sums.running = add(sums.running, requests("llamacpp:requests_processing"));
        sums.waiting = add(sums.waiting, requests("llamacpp:requests_deferred"));
        sums.read = plus(sums.read, page.counter("llamacpp:prompt_tokens"));
        sums.written = plus(sums.written, page.counter("llamacpp:tokens_predicted"));
    }
    if !slots {
        return;
    }
    let Some(Value::Array(list)) = look.json_if_there(&format!("/slots{query}")).await else {
        return;
    };
    let at_work = list.iter().filter(|slot| slot["is_processing"] == true);
    if sums.written != Figure::Nothing {
        // The counter takes in a request when it ends; until then its slot counts.
        let written =
            at_work.clone().map(|slot| whole(&slot["next_token"][0]["n_decoded"], MOST_TOKENS));
        sums.written = written.fold(sums.written, |sum, one| plus(sum, one.map(|n| n as f64)));
    } else {
        sums.running = add(sums.running, Figure::Told(at_work.count() as u64));
    }
    if !query.is_empty() {
        sums.slots = add(sums.slots, Figure::Told(list.len() as u64));
    }
}

fn read(model: &Value, alone: bool) -> Option<EngineModel> {
    let meta = &model["meta"];
    let loaded = match model["status"]["value"].as_str() {
        Some(status) => status == "loaded",
        None => alone,
    };
    let context = whole(&meta["n_ctx"], MOST_TOKENS).known();
    Some(EngineModel {
        name: words(&model["id"])?,
        place: ModelPlace::Here,
        size: whole(&meta["size"], MOST_BYTES).known().map(Bytes),
        quantisation: words(&meta["ftype"]).map(|kind| kind.replace("(guessed) ", "")),
        parameters: whole(&meta["n_params"], u64::MAX).known().map(parameters),
        context_max: whole(&meta["n_ctx_train"], MOST_TOKENS).known(),
        loaded: loaded.then(|| LoadedModel {
            context,
            port: child(model),
            ..LoadedModel::default()
        }),
    })
}

/// The port of the server that a router has started for a model; its own answers would tell the same again.
fn child(model: &Value) -> Option<u16> {
    let mut words = model["status"]["args"].as_array()?.iter();
    words.find(|word| *word == "--port")?;
    words.next()?.as_str()?.parse().ok().filter(|port| *port > 0)
}

fn add(sum: Figure<u64>, more: Figure<u64>) -> Figure<u64> {
    match (sum, more) {
        (Figure::Told(sum), Figure::Told(more)) => Figure::Told(sum.saturating_add(more)),
        (sum, more) => sum.or(more),
    }
}

fn plus(sum: Figure<f64>, more: Figure<f64>) -> Figure<f64> {
    match (sum, more) {
        (Figure::Told(sum), Figure::Told(more)) => Figure::Told(sum + more),
        (sum, more) => sum.or(more),
    }
}

/// A name as part of a query.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one =
        |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(one).collect()
}
