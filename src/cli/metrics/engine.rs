//! One engine as metrics, and the models that it has loaded.

use super::exposition::Exposition;
use super::family;
use super::host::{fresh, truth};
use crate::fleet::{Bytes, Engine, EngineModel, LoadedModel};

/// Puts in everything an engine told.
pub fn put(out: &mut Exposition, host: &str, engine: &Engine) {
    let port = engine.port.to_string();
    let own = [("host", host), ("port", &*port)];
    let version = engine.version.as_deref().unwrap_or_default();
    let named = [own[0], own[1], ("kind", engine.kind.name()), ("version", version)];
    out.put(&family::ENGINE, &named, 1.0);
    out.put(&family::ENGINE_WELL, &own, truth(engine.state.is_well()));
    let count = |count: &u64| *count as f64;
    out.put_if(&family::ENGINE_SLOTS, &own, fresh(&engine.slots, count));
    out.put_if(&family::ENGINE_RUNNING, &own, fresh(&engine.running, count));
    out.put_if(&family::ENGINE_WAITING, &own, fresh(&engine.waiting, count));
    out.put_if(&family::ENGINE_CACHE, &own, fresh(&engine.cache, super::host::ratio));
    out.put_if(&family::ENGINE_READING, &own, fresh(&engine.reading, |rate| rate.0));
    out.put_if(&family::ENGINE_WRITING, &own, fresh(&engine.writing, |rate| rate.0));
    for (model, held) in engine.loaded() {
        loaded(out, own, model, held);
    }
}

fn loaded(out: &mut Exposition, own: [(&str, &str); 2], model: &EngineModel, held: &LoadedModel) {
    let own = [own[0], own[1], ("model", &*model.name)];
    let bytes = |bytes: Option<Bytes>| bytes.map(|bytes| bytes.0 as f64);
    out.put(&family::MODEL, &own, 1.0);
    out.put_if(&family::MODEL_HELD, &own, bytes(held.held));
    out.put_if(&family::MODEL_VRAM, &own, bytes(held.on_cards()));
}
