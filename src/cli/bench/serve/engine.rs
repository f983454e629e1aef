//! Which engine it is that answers, which build, and which of its models is meant: asked, not configured.

use serde_json::Value;

use crate::bench::Subject;
use crate::llm::{Client, Session};

/// An engine that answers.
pub struct Engine {
    /// The model, as it lists it.
    pub model: String,
    /// How it is set, as far as it tells.
    pub setting: String,
    name: String,
    build: String,
    quantisation: String,
}

impl Engine {
    /// What is measured.
    pub fn subject(&self) -> Subject {
        Subject {
            model: self.model.clone(),
            quantisation: self.quantisation.clone(),
            engine: self.name.clone(),
            build: self.build.clone(),
            backend: "n/a".to_owned(),
            setting: String::new(),
        }
    }
}

/// Asks it for its models and for what it tells of itself.
pub async fn ask(client: &Client, wished: Option<&str>) -> Result<Engine, String> {
    let mut session = client.session();
    let models = session.get("/v1/models").await.map_err(|error| error.to_string())?;
    let models: Value = models.json().map_err(|error| error.to_string())?;
    let names: Vec<&str> = models["data"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|model| model["id"].as_str())
        .collect();
    let model = match (wished, names.as_slice()) {
        (Some(wished), names) if names.contains(&wished) => wished,
        (Some(wished), names) => {
            return Err(format!("it has no model `{wished}`, only {}", names.join(", ")));
        }
        (None, [only]) => only,
        (None, []) => return Err("it has no model".to_owned()),
        (None, names) => return Err(format!("it has several models: {}", names.join(", "))),
    };
    let owner = models["data"][0]["owned_by"].as_str().unwrap_or("n/a");
    let props = told(&mut session, "/props").await;
    let version = match props["build_info"].as_str() {
        Some(build) => build.to_owned(),
        None => version(&mut session).await,
    };
    let file = props["model_path"].as_str().unwrap_or(model);
    Ok(Engine {
        model: model.to_owned(),
        setting: slots(&props),
        name: if owner == "llamacpp" { "llama.cpp server" } else { owner }.to_owned(),
        build: version,
        quantisation: quantisation(file),
    })
}

/// What a path tells, where the engine knows it; nothing where it does not.
async fn told(session: &mut Session, path: &str) -> Value {
    let reply = session.get(path).await;
    reply.ok().and_then(|reply| reply.json().ok()).unwrap_or(Value::Null)
}

async fn version(session: &mut Session) -> String {
    for path in ["/api/version", "/version"] {
        if let Some(version) = told(session, path).await["version"].as_str() {
            return version.to_owned();
        }
    }
    "n/a".to_owned()
}

fn slots(props: &Value) -> String {
    let context = &props["default_generation_settings"]["n_ctx"];
    match (props["total_slots"].as_u64(), context.as_u64()) {
        (Some(slots), Some(context)) => format!("{slots} slots of {context} tokens"),
        _ => "slots n/a".to_owned(),
    }
}

/// The last word of a file's name that names a quantisation.
fn quantisation(file: &str) -> String {
    let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".gguf").to_uppercase();
    let is = |word: &&str| {
        let rest = word
            .trim_start_matches('I')
            .strip_prefix('Q')
            .or(word.strip_prefix("BF"))
            .or(word.strip_prefix('F'));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    stem.rsplit(['-', '.', ':']).find(is).unwrap_or("n/a").to_owned()
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
            assert_eq!(quantisation(file), expected, "{file}");
        }
    }
}
