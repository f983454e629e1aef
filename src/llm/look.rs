//! One look at one engine: what its answers tell, part by part. A part that is refused, late or broken is noted and
//! hides none of the others.

use hyper::StatusCode;
use serde_json::Value;
use tokio::time::Instant;

use crate::fleet::{Engine, EngineModel, EngineState};

use super::error::LlmError;
use super::figure::Figure;
use super::session::{Reply, Session};

/// More models of one engine are not told of.
const MOST_MODELS: usize = 500;

/// A look under way.
pub(super) struct Look<'a> {
    pub session: &'a mut Session,
    pub engine: Engine,
    /// Tokens read and written so far, as far as counted.
    pub counted: [Counted; 2],
    /// Ports of engines that this one has started for itself.
    pub children: Vec<u16>,
    heard: bool,
    fault: Option<LlmError>,
}

/// A counter and when it was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub at: Option<Instant>,
    pub total: Figure<f64>,
}

impl<'a> Look<'a> {
    pub fn new(session: &'a mut Session, engine: Engine) -> Self {
        let (counted, children) = (Default::default(), Vec::new());
        Self { session, engine, counted, children, heard: false, fault: None }
    }

    /// What a path answers, where that is JSON. Everything else is noted.
    pub async fn json(&mut self, path: &str) -> Option<Value> {
        let reply = self.reply(path).await?;
        self.noted(reply.json())
    }

    /// … of a path that need not be there.
    pub async fn json_if_there(&mut self, path: &str) -> Option<Value> {
        let reply = self.reply(path).await.filter(is_there)?;
        self.noted(reply.json())
    }

    /// The text of a path that need not be there.
    pub async fn text_if_there(&mut self, path: &str) -> Option<String> {
        let reply = self.reply(path).await.filter(is_there)?;
        self.noted(reply.text())
    }

    /// The list of a path's answer; an answer without one is noted.
    pub fn list(&mut self, answer: &Value, key: &str) -> Vec<Value> {
        match &answer[key] {
            Value::Array(list) => list.iter().take(MOST_MODELS).cloned().collect(),
            // Ollama has `null` where it has no model.
            Value::Null if answer.get(key).is_some() => Vec::new(),
            _ => {
                self.note(LlmError::Malformed(format!("there is no list `{key}`")));
                Vec::new()
            }
        }
    }

    /// Takes in tokens read and written so far, counted now.
    pub fn count(&mut self, read: Figure<f64>, written: Figure<f64>) {
        let at = Some(Instant::now());
        self.counted = [Counted { at, total: read }, Counted { at, total: written }];
    }

    /// Takes in a model; a second one of the same name is another word for the first.
    pub fn model(&mut self, model: EngineModel) {
        if !self.engine.models.iter().any(|known| known.name == model.name) {
            self.engine.models.push(model);
        }
    }

    pub fn note(&mut self, error: LlmError) {
        let state = match &error {
            LlmError::Refused { status: 401 | 403, .. } => EngineState::Locked,
            LlmError::Refused { status: 503, said } if said.to_lowercase().contains("loading") => {
                EngineState::Loading
            }
            other => EngineState::Unwell(other.to_string()),
        };
        if rank(&state) > rank(&self.engine.state) {
            self.engine.state = state;
        }
        self.fault = Some(error);
    }

    /// Whether nothing more is to be had by going on.
    pub fn is_over(&self) -> bool {
        use LlmError::{NoWay, Nobody, Silent};
        let hopeless = matches!(self.fault, Some(Silent { .. } | NoWay(_) | Nobody));
        hopeless || self.engine.state == EngineState::Loading
    }

    /// Why it told nothing at all, if so.
    pub fn fault(&self) -> Option<&LlmError> {
        self.fault.as_ref().filter(|_| !self.heard)
    }

    async fn reply(&mut self, path: &str) -> Option<Reply> {
        if self.is_over() {
            return None;
        }
        match self.session.get(path).await {
            Ok(reply) => {
                self.heard = true;
                Some(reply)
            }
            Err(error) => {
                self.note(error);
                None
            }
        }
    }

    fn noted<T>(&mut self, told: Result<T, LlmError>) -> Option<T> {
        told.map_err(|error| self.note(error)).ok()
    }
}

/// Engines say in three ways that they do not know a path, or were told not to.
fn is_there(reply: &Reply) -> bool {
    let away = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_IMPLEMENTED];
    !away.iter().any(|status| status.as_u16() == reply.status)
}

/// What is told of an engine of which several things are true.
fn rank(state: &EngineState) -> u8 {
    match state {
        EngineState::Ready => 0,
        EngineState::Asleep => 1,
        EngineState::Unwell(_) => 2,
        EngineState::Locked => 3,
        EngineState::Loading => 4,
        EngineState::Silent(_) => 5,
    }
}
