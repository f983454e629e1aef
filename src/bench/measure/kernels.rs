//! What `llama-bench -o json` says. Its fields change by version: what is not needed is not asked for.

use serde_json::Value;

use super::record::{Kernel, Subject};

/// Backends that compute on a card.
const CARDS: [&str; 8] = ["CUDA", "ROCm", "HIP", "Vulkan", "SYCL", "Metal", "MTL", "OpenCL"];

/// What the engine's own benchmark told.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernels {
    /// Of what.
    pub subject: Subject,
    /// Test by test.
    pub tests: Vec<Kernel>,
}

/// Why there is nothing to keep.
#[derive(Debug, thiserror::Error)]
pub enum KernelError {
    /// It is no JSON, or cut off.
    #[error("what `llama-bench` printed is no JSON: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is JSON, and holds no test.
    #[error("`llama-bench` told of no test with a speed")]
    Empty,
    /// It compared settings with each other, which is another question.
    #[error("`llama-bench` was told to try several settings: {0} and {1}")]
    Mixed(String, String),
}

/// Reads its JSON. The model is called as the caller calls it; the file's own words are no name.
pub fn kernels(json: &str, model: &str, quantisation: &str) -> Result<Kernels, KernelError> {
    let runs: Vec<Value> = serde_json::from_str(json)?;
    let mut told: Option<Kernels> = None;
    for run in &runs {
        let Some(test) = test(run) else { continue };
        let subject = subject(run, model, quantisation);
        let told =
            told.get_or_insert_with(|| Kernels { subject: subject.clone(), tests: Vec::new() });
        if told.subject != subject {
            return Err(KernelError::Mixed(told.subject.setting.clone(), subject.setting));
        }
        told.tests.push(test);
    }
    told.ok_or(KernelError::Empty)
}

fn text(run: &Value, field: &str) -> String {
    match &run[field] {
        Value::String(text) => text.clone(),
        Value::Null => "n/a".to_owned(),
        other => other.to_string(),
    }
}

fn subject(run: &Value, model: &str, quantisation: &str) -> Subject {
    let set = |name: &str, field: &str| format!("{name} {}", text(run, field));
    let setting = [
        set("threads", "n_threads"),
        set("ngl", "n_gpu_layers"),
        set("batch", "n_batch"),
        set("ubatch", "n_ubatch"),
        format!("cache {}/{}", text(run, "type_k"), text(run, "type_v")),
        set("fa", "flash_attn"),
    ];
    Subject {
        model: model.to_owned(),
        quantisation: quantisation.to_owned(),
        engine: "llama.cpp".to_owned(),
        build: format!("{} ({})", text(run, "build_commit"), text(run, "build_number")),
        backend: backend(run),
        setting: setting.join(", "),
    }
}

/// What it computes on. An engine names what it was built for also where there is no card for it: then it was the processor.
fn backend(run: &Value) -> String {
    let backends = text(run, "backends");
    let for_cards = CARDS.iter().any(|name| backends.contains(name));
    if for_cards && run["gpu_info"] == "" {
        format!("CPU, without a card for {backends}")
    } else {
        backends
    }
}

fn test(run: &Value) -> Option<Kernel> {
    let count = |field: &str| run[field].as_u64().unwrap_or(0);
    let (prompt, generated, depth) = (count("n_prompt"), count("n_gen"), count("n_depth"));
    let mut test = match (prompt, generated) {
        (0, 0) => return None,
        (prompt, 0) => format!("pp{prompt}"),
        (0, generated) => format!("tg{generated}"),
        (prompt, generated) => format!("pp{prompt}+tg{generated}"),
    };
    if depth > 0 {
        test.push_str(&format!("@d{depth}"));
    }
    let each = run["samples_ts"].as_array().into_iter().flatten().filter_map(Value::as_f64);
    let mut samples: Vec<f64> = each.filter(|speed| speed.is_finite() && *speed > 0.0).collect();
    if samples.is_empty() {
        samples.extend(run["avg_ts"].as_f64().filter(|speed| speed.is_finite() && *speed > 0.0));
    }
    (!samples.is_empty()).then_some(Kernel { test, samples })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by a real build for Vulkan, with a device in software; without one only `gpu_info` was another.
    const ON_VULKAN: &str = include_str!("../../../tests/bench/llama-bench-vulkan.json");
    const REAL: &str = include_str!("../../../tests/bench/llama-bench.json");

    #[test]
    fn what_a_real_one_printed_is_read() {
        let told = kernels(REAL, "tiny", "F32").unwrap();
        let tests: Vec<&str> = told.tests.iter().map(|test| test.test.as_str()).collect();
        assert_eq!(tests, ["pp64", "tg16"]);
        assert_eq!(told.tests[1].samples, [445.493, 19814.5, 6602.92]);
        assert_eq!(told.subject.build, "0c1e570 (1)");
        assert_eq!(told.subject.backend, "CPU");
        assert!(
            told.subject.setting.starts_with("threads 1, ngl -1, "),
            "{}",
            told.subject.setting
        );
    }

    #[test]
    fn a_card_that_is_not_there_is_not_what_was_measured() {
        let told = |text: &str| kernels(text, "tiny", "F32").unwrap().subject.backend;
        assert_eq!(told(ON_VULKAN), "Vulkan");
        let without = ON_VULKAN.replace("llvmpipe (LLVM 15.0.6, 256 bits)", "");
        assert_eq!(told(&without), "CPU, without a card for Vulkan");
    }

    #[test]
    fn an_older_or_newer_one_need_not_know_every_field() {
        let told = kernels(r#"[{"n_prompt":512,"n_depth":4096,"avg_ts":12.5}]"#, "m", "q").unwrap();
        assert_eq!(told.tests, [Kernel { test: "pp512@d4096".to_owned(), samples: vec![12.5] }]);
        assert_eq!(told.subject.backend, "n/a");
    }

    #[test]
    fn what_is_cut_off_empty_absurd_or_mixed_is_refused() {
        assert!(matches!(kernels(&REAL[..300], "m", "q"), Err(KernelError::Malformed(_))));
        for empty in ["[]", r#"[{"n_gen":8}]"#, r#"[{"n_gen":8,"samples_ts":[0,-1]}]"#] {
            assert!(matches!(kernels(empty, "m", "q"), Err(KernelError::Empty)), "{empty}");
        }
        let mixed = REAL.replacen("\"n_threads\": 1", "\"n_threads\": 2", 1);
        assert!(matches!(kernels(&mixed, "m", "q"), Err(KernelError::Mixed(..))));
    }
}
