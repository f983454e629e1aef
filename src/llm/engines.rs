//! The engines that are known, each in a file that knows its paths and its words. Which one listens on a port is
//! found out by asking, never by the port.

mod llama_cpp;
mod lm_studio;
mod ollama;
mod other;
mod vllm;

use serde_json::Value;

use crate::fleet::EngineKind;

use super::error::LlmError;
use super::look::Look;
use super::session::Session;

/// What stands in place of a body that is no JSON.
const NOTHING: Value = Value::Null;

/// Looks at an engine of that kind.
pub(super) async fn look(look: &mut Look<'_>) {
    match look.engine.kind {
        EngineKind::Ollama => ollama::look(look).await,
        EngineKind::LlamaCpp => llama_cpp::look(look).await,
        EngineKind::Vllm => vllm::look(look).await,
        EngineKind::LmStudio => lm_studio::look(look).await,
        EngineKind::Other => other::look(look).await,
    }
}

/// Which engine listens there. `None`: something else.
pub(super) async fn find(session: &mut Session) -> Result<Option<EngineKind>, LlmError> {
    let models = session.get("/v1/models").await?;
    if models.server.as_deref() == Some("llama.cpp") {
        return Ok(Some(EngineKind::LlamaCpp));
    }
    match models.status {
        200 => {}
        401 | 403 => return locked(session).await,
        // LM Studio before 0.3.6 and Ollama before 0.1.24 are not known; what else has no such list serves no model.
        _ => return Ok(None),
    }
    let list: Value = models.json().unwrap_or(NOTHING);
    if list["object"] != "list" || list.get("data").is_none() {
        return Ok(None);
    }
    let owners = list["data"].as_array().into_iter().flatten();
    let mut owners = owners.filter_map(|model| model["owned_by"].as_str());
    match owners.next() {
        Some("vllm") => Ok(Some(EngineKind::Vllm)),
        Some("llamacpp") => Ok(Some(EngineKind::LlamaCpp)),
        Some("organization_owner") => Ok(Some(EngineKind::LmStudio)),
        _ => by_its_own_words(session).await.map(Some),
    }
}

/// Only vLLM keeps its models behind a key and its version before it.
async fn locked(session: &mut Session) -> Result<Option<EngineKind>, LlmError> {
    let version: Value = session.get("/version").await?.json().unwrap_or(NOTHING);
    Ok(version["version"].is_string().then_some(EngineKind::Vllm))
}

/// Ollama names whoever made a model as its owner, and an engine without models names nobody.
async fn by_its_own_words(session: &mut Session) -> Result<EngineKind, LlmError> {
    let root = session.get("/").await?;
    if root.status == 200 && root.body.starts_with(b"Ollama is running") {
        return Ok(EngineKind::Ollama);
    }
    let models: Value = session.get("/api/v0/models").await?.json().unwrap_or(NOTHING);
    Ok(if models["data"].is_array() { EngineKind::LmStudio } else { EngineKind::Other })
}
