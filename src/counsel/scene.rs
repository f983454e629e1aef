//! A host to try rules on: shadow, seen once, with what a test gives it. For tests only.

use std::sync::Arc;

use crate::fleet::{
    Bytes, Engine, EngineKind, EngineModel, Fleet, GpuSample, GpuVendor, HostName, LoadedModel,
    Look, Millis, ModelPlace, Pcie, Percent, Quality, Reachability, Reading, Sample, Source,
    Timestamp, Watts,
};

use super::Known;
use super::known::scene::{host, quiet};

/// Shadow as it was seen.
pub struct Scene {
    sample: Sample,
    fleet: Fleet,
    engines: Vec<Engine>,
}

impl Scene {
    /// Seen, and nothing told.
    pub fn new() -> Self {
        Self { sample: Sample::unknown(), fleet: Fleet::default(), engines: Vec::new() }.seen()
    }

    pub fn host() -> HostName {
        host("shadow")
    }

    pub fn with(mut self, change: impl FnOnce(&mut Sample)) -> Self {
        change(&mut self.sample);
        self.seen()
    }

    pub fn card(self, card: GpuSample) -> Self {
        self.with(|sample| sample.gpus.push(card))
    }

    pub fn engine(mut self, engine: Engine) -> Self {
        self.engines.push(engine);
        self.seen()
    }

    fn seen(mut self) -> Self {
        let engines = Some(Arc::new(self.engines.clone()));
        let look = Look {
            at: Timestamp(1_795_247_412_345),
            sample: Arc::new(self.sample.clone()),
            engines,
        };
        self.fleet.saw(&Self::host(), Reachability::Up(Millis(1)), Some(look));
        self
    }

    /// What is known of it.
    pub fn known(&self) -> Known<'_> {
        quiet(&self.fleet)
    }
}

/// A reading that can be believed.
pub fn ok<T>(value: T) -> Reading<T> {
    Reading {
        value: Some(value),
        quality: Quality::Ok,
        age: Some(Millis(0)),
        source: Source::Sysfs,
    }
}

fn absent<T>() -> Reading<T> {
    Reading::absent(Source::Sysfs)
}

/// An idle card of 4 GiB.
pub fn card() -> GpuSample {
    GpuSample {
        vendor: GpuVendor::Nvidia,
        id: "0000:01:00.0".to_owned(),
        name: Some("GTX 1050 Ti".to_owned()),
        asleep: false,
        busy: ok(Percent(0.0)),
        vram: ok(Bytes(4 << 30)),
        vram_used: ok(Bytes(300 << 20)),
        temperature: absent(),
        power: absent(),
        power_limit: ok(Watts(75.0)),
        clock: absent(),
        memory_clock: absent(),
        throttled_by: absent(),
        pcie: Pcie {
            generation: absent(),
            generation_max: absent(),
            width: absent(),
            width_max: absent(),
        },
        fan: absent(),
        fan_speed: absent(),
        state: absent(),
        processes: ok(Vec::new()),
    }
}

/// Ollama with a model that holds so much, so much of it on cards.
pub fn ollama(held: Option<u64>, vram: Option<u64>) -> Engine {
    let loaded =
        LoadedModel { held: held.map(Bytes), vram: vram.map(Bytes), ..LoadedModel::default() };
    with("mistral:7b", ModelPlace::Here, Some(loaded))
}

/// Ollama with a model that it passes on.
pub fn cloud() -> Engine {
    let to = Some("https://ollama.com:443".to_owned());
    with("gpt-oss:120b-cloud", ModelPlace::Cloud(to), None)
}

fn with(name: &str, place: ModelPlace, loaded: Option<LoadedModel>) -> Engine {
    let mut engine = Engine::new(EngineKind::Ollama, 11434, Timestamp(0));
    engine.models.push(EngineModel { place, loaded, ..EngineModel::named(name) });
    engine
}
