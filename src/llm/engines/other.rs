//! Any other server that speaks OpenAI's API: what it lists, and nothing that only one of them would know.

use crate::fleet::{EngineModel, ModelPlace};
use crate::llm::figure::words;
use crate::llm::look::Look;

pub async fn look(look: &mut Look<'_>) {
    let models = look.json("/v1/models").await;
    for model in models.map(|answer| look.list(&answer, "data")).unwrap_or_default() {
        let Some(name) = words(&model["id"]) else { continue };
        look.model(EngineModel {
            name,
            place: ModelPlace::Here,
            size: None,
            quantisation: None,
            parameters: None,
            context_max: None,
            loaded: None,
        });
    }
}
