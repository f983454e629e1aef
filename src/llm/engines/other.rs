//! Any other server that speaks OpenAI's API: what it lists, and nothing that only one of them would know.

use crate::fleet::EngineModel;
use crate::llm::figure::words;
use crate::llm::look::Look;

pub async fn look(look: &mut Look<'_>) {
    let models = look.json("/v1/models").await;
    for model in models.map(|answer| look.list(&answer, "data")).unwrap_or_default() {
        if let Some(name) = words(&model["id"]) {
            look.model(EngineModel::named(name));
        }
    }
}
