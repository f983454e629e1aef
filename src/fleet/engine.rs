//! An engine that serves models on a host, as it answered when it was asked. What it did not tell is absent, never 0.

use super::{Bytes, GpuProcess, Millis, Percent, Reading, Timestamp, TokenRate};

/// An engine of a host.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Engine {
    /// Which.
    pub kind: EngineKind,
    /// The port of the host on which it listens.
    pub port: u16,
    /// Its version.
    pub version: Option<String>,
    /// How it is.
    #[serde(flatten)]
    pub state: EngineState,
    /// When it last told something.
    pub heard: Timestamp,
    /// The models it has.
    pub models: Vec<EngineModel>,
    /// Requests it can work on at a time.
    pub slots: Reading<u64>,
    /// Requests it works on.
    pub running: Reading<u64>,
    /// Requests that wait.
    pub waiting: Reading<u64>,
    /// The share of the memory for what was said so far that is taken.
    pub cache: Reading<Percent>,
    /// Tokens read in a second, by our own difference of its counters.
    pub reading: Reading<TokenRate>,
    /// Tokens written in a second, by our own difference of its counters, all requests together.
    pub writing: Reading<TokenRate>,
}

/// Which engine it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    /// Ollama.
    Ollama,
    /// llama.cpp's server.
    LlamaCpp,
    /// vLLM.
    Vllm,
    /// LM Studio.
    LmStudio,
    /// Another that speaks OpenAI's API.
    Other,
}

/// How an engine is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "state", content = "said", rename_all = "snake_case")]
pub enum EngineState {
    /// It answers.
    Ready,
    /// It loads a model.
    Loading,
    /// It has put its model away until somebody wants it.
    Asleep,
    /// It answers only to those with a key.
    Locked,
    /// It answers, but not everything as it should.
    Unwell(String),
    /// It told something before, and does not now.
    Silent(String),
}

/// A model that an engine has.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct EngineModel {
    /// Its name there.
    pub name: String,
    /// Where it is worked on.
    pub place: ModelPlace,
    /// Its weights on disk.
    pub size: Option<Bytes>,
    /// Its quantisation, as `Q4_K_M`.
    pub quantisation: Option<String>,
    /// Its number of parameters, as `7.2B`.
    pub parameters: Option<String>,
    /// The most tokens it was made for.
    pub context_max: Option<u64>,
    /// What it holds, if it is loaded.
    pub loaded: Option<LoadedModel>,
}

impl EngineModel {
    /// A model of which nothing is known but its name: on the host itself, not loaded.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            place: ModelPlace::Here,
            size: None,
            quantisation: None,
            parameters: None,
            context_max: None,
            loaded: None,
        }
    }
}

/// Where a model is worked on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "at", content = "host", rename_all = "snake_case")]
pub enum ModelPlace {
    /// On the host itself.
    Here,
    /// On somebody else's machines; the engine only passes on.
    Cloud(Option<String>),
}

/// A model in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LoadedModel {
    /// All memory it holds. `None` where the engine does not tell.
    pub held: Option<Bytes>,
    /// … of which on graphics cards.
    pub vram: Option<Bytes>,
    /// What its server's processes hold on graphics cards, as the cards' own tool tells it.
    pub by_processes: Option<Bytes>,
    /// Tokens that fit into one conversation.
    pub context: Option<u64>,
    /// The port of a server of its own, where its engine has started one for it.
    pub port: Option<u16>,
}

impl EngineKind {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ollama => "Ollama",
            Self::LlamaCpp => "llama.cpp",
            Self::Vllm => "vLLM",
            Self::LmStudio => "LM Studio",
            Self::Other => "OpenAI API",
        }
    }
}

impl EngineState {
    /// Whether it does what it is there for, as far as it tells.
    pub fn is_well(&self) -> bool {
        matches!(self, Self::Ready | Self::Asleep)
    }
}

impl LoadedModel {
    /// What it holds in the machine's own memory because the cards have no room.
    pub fn spilled(&self) -> Option<Bytes> {
        Some(Bytes(self.held?.0.checked_sub(self.vram?.0)?))
    }

    /// What it holds on graphics cards: as its engine tells it, else as the cards do.
    pub fn on_cards(&self) -> Option<Bytes> {
        self.vram.or(self.by_processes)
    }
}

impl Engine {
    /// An engine of which no more is known than what it is.
    pub fn new(kind: EngineKind, port: u16, heard: Timestamp) -> Self {
        let absent = || Reading::absent(super::Source::Engine);
        Self {
            kind,
            port,
            version: None,
            state: EngineState::Ready,
            heard,
            models: Vec::new(),
            slots: absent(),
            running: absent(),
            waiting: absent(),
            cache: Reading::absent(super::Source::Engine),
            reading: Reading::absent(super::Source::Engine),
            writing: Reading::absent(super::Source::Engine),
        }
    }

    /// The same engine at a later look at which it told nothing: what it told before is stale.
    #[must_use]
    pub fn silent(mut self, now: Timestamp, why: String) -> Self {
        let age = Millis(now.0.saturating_sub(self.heard.0).max(0));
        self.state = EngineState::Silent(why);
        self.slots = self.slots.stale(age);
        self.running = self.running.stale(age);
        self.waiting = self.waiting.stale(age);
        self.cache = self.cache.stale(age);
        self.reading = self.reading.stale(age);
        self.writing = self.writing.stale(age);
        self
    }

    /// Takes in what the cards tell of the processes that serve its models. Several models in one process cannot be told apart.
    pub fn weigh(&mut self, processes: &[&GpuProcess]) {
        let alone = (self.loaded().count() == 1).then_some(self.port);
        for loaded in self.models.iter_mut().filter_map(|model| model.loaded.as_mut()) {
            loaded.by_processes =
                loaded.port.or(alone).and_then(|port| held_by_server(processes, port));
        }
    }

    /// The models that it works on itself.
    pub fn local_models(&self) -> impl Iterator<Item = &EngineModel> {
        self.models.iter().filter(|model| model.place == ModelPlace::Here)
    }

    /// The models that are loaded.
    pub fn loaded(&self) -> impl Iterator<Item = (&EngineModel, &LoadedModel)> {
        self.models.iter().filter_map(|model| Some((model, model.loaded.as_ref()?)))
    }
}

/// What the processes that answer at a port hold on all cards. `None` where there is none, or one of which it is not told.
fn held_by_server(processes: &[&GpuProcess], port: u16) -> Option<Bytes> {
    let mut held = processes.iter().filter(|one| one.serves.contains(&port)).map(|one| one.memory);
    let first = held.next()?;
    held.try_fold(first?, |sum, more| Some(Bytes(sum.0.saturating_add(more?.0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_processes_hold_is_a_models_where_it_is_the_only_one_they_can_serve() {
        let model = |name: &str, port| EngineModel {
            loaded: Some(LoadedModel { port, ..LoadedModel::default() }),
            ..EngineModel::named(name)
        };
        let process = |serves: u16, memory: Option<u64>| GpuProcess {
            pid: 7,
            name: "server".to_owned(),
            memory: memory.map(Bytes),
            serves: vec![serves],
        };
        let told = |ports: &[Option<u16>], processes: Vec<GpuProcess>| -> Vec<Option<Bytes>> {
            let mut engine = Engine::new(EngineKind::LlamaCpp, 8080, Timestamp(0));
            engine.models = ports.iter().map(|port| model("m", *port)).collect();
            engine.weigh(&processes.iter().collect::<Vec<_>>());
            engine.loaded().map(|(_, held)| held.on_cards()).collect()
        };
        let both = || vec![process(8080, Some(3)), process(8080, Some(4)), process(9, Some(50))];
        assert_eq!(told(&[None], both()), [Some(Bytes(7))]);
        assert_eq!(told(&[None, None], both()), [None, None], "two models in one process");
        assert_eq!(
            told(&[Some(9), None], both()),
            [Some(Bytes(50)), None],
            "one has its own server"
        );
        assert_eq!(told(&[None], vec![process(8080, Some(3)), process(8080, None)]), [None]);
        assert_eq!(told(&[None], Vec::new()), [None]);
    }

    #[test]
    fn what_is_spilled_is_known_only_where_both_parts_are() {
        let model = |held: Option<u64>, vram: Option<u64>| LoadedModel {
            held: held.map(Bytes),
            vram: vram.map(Bytes),
            ..LoadedModel::default()
        };
        assert_eq!(model(Some(7), Some(3)).spilled(), Some(Bytes(4)));
        assert_eq!(model(Some(7), Some(7)).spilled(), Some(Bytes(0)));
        for unknown in [model(None, Some(3)), model(Some(7), None), model(Some(3), Some(7))] {
            assert_eq!(unknown.spilled(), None);
        }
    }
}
