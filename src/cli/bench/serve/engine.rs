//! Which engine it is that answers, which build, and which of its models is meant: asked, not configured.

use serde_json::Value;

use crate::bench::Subject;
use crate::cli::args::Serve;
use crate::fleet::{EngineKind, ModelPlace};
use crate::llm::{Client, Inquiry, Session};
use crate::ops::Clock;
use crate::text::Report;

use super::stumble::Place;

/// What every engine answers that speaks OpenAI's API.
const MODELS: &str = "/v1/models";

/// An engine that answers.
pub struct Engine {
    /// The model, as it lists it.
    pub model: String,
    /// How it is set, as far as it tells.
    pub setting: String,
    name: &'static str,
    build: String,
    quantisation: String,
}

impl Engine {
    /// What is measured.
    pub fn subject(&self) -> Subject {
        Subject {
            model: self.model.clone(),
            quantisation: self.quantisation.clone(),
            engine: self.name.to_owned(),
            build: self.build.clone(),
            backend: "n/a".to_owned(),
            setting: String::new(),
        }
    }
}

/// Asks it for its models and for what it tells of itself.
pub async fn ask(client: &Client, asked: &Serve) -> Result<Engine, Report> {
    let place = Place { host: &asked.host, port: asked.port };
    let mut session = client.session();
    let listed = session.get(MODELS).await.and_then(|reply| reply.json::<Value>());
    let listed = listed.map_err(|error| place.no_engine(&error))?;
    let found = Inquiry::new(client, asked.port).look(Clock::system().now()).await;
    let found = found.ok_or_else(|| place.something_else())?;
    let ids = listed["data"].as_array().into_iter().flatten();
    let names: Vec<&str> = ids.filter_map(|model| model["id"].as_str()).collect();
    let wished = asked.model.as_deref();
    let model = place.choose(wished, &names).ok_or_else(|| place.not_chosen(wished, &names))?;
    let known = found.models.iter().find(|known| known.name == model);
    if let Some(ModelPlace::Cloud(to)) = known.map(|known| &known.place) {
        return Err(place.passed_on(model, to.as_deref()));
    }
    let props = told(&mut session, "/props").await;
    let file = props["model_path"].as_str().unwrap_or(model);
    let told = known.and_then(|known| known.quantisation.clone());
    let quantisation = quantisation(file).or(told);
    Ok(Engine {
        setting: slots(&props),
        name: match found.kind {
            EngineKind::LlamaCpp => "llama.cpp server",
            kind => kind.name(),
        },
        build: found.version.unwrap_or_else(unknown),
        quantisation: quantisation.unwrap_or_else(unknown),
        model: model.to_owned(),
    })
}

/// What a path tells, where the engine knows it; nothing where it does not.
async fn told(session: &mut Session, path: &str) -> Value {
    let reply = session.get(path).await;
    reply.ok().and_then(|reply| reply.json().ok()).unwrap_or(Value::Null)
}

fn slots(props: &Value) -> String {
    let context = &props["default_generation_settings"]["n_ctx"];
    match (props["total_slots"].as_u64(), context.as_u64()) {
        (Some(slots), Some(context)) => format!("{slots} slots of {context} tokens"),
        _ => "slots n/a".to_owned(),
    }
}

/// The last word of a file's name that names a quantisation.
fn quantisation(file: &str) -> Option<String> {
    let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".gguf").to_uppercase();
    let is = |word: &&str| {
        let rest = word
            .trim_start_matches('I')
            .strip_prefix('Q')
            .or(word.strip_prefix("BF"))
            .or(word.strip_prefix('F'));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    stem.rsplit(['-', '.', ':']).find(is).map(str::to_owned)
}

fn unknown() -> String {
    "n/a".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_tells_its_quantisation() {
        for (file, expected) in [
            ("/m/Mistral-7B-Instruct-v0.3-Q4_K_M.gguf", "Q4_K_M"),
            ("phi-3-mini-4k-instruct-q4.gguf", "Q4"),
            ("llama3.2:3b-instruct-iq2_xs", "IQ2_XS"),
            ("/m/tiny-F32.gguf", "F32"),
            ("tiny", "n/a"),
        ] {
            assert_eq!(quantisation(file).unwrap_or_else(unknown), expected, "{file}");
        }
    }
}
