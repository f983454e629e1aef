//! Each `tests/engines/NAME.http` is an engine that is asked, and `NAME.txt` what is made of it.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use shelter::fleet::{Engine, EngineKind, EngineState, ModelPlace, Quality, Timestamp};
use shelter::llm::{Client, Inquiry, Patience};

use crate::support::cases::{are_told_of, cases, compare_kept, in_repository};
use crate::support::engine;

const NOW: Timestamp = Timestamp(1_795_269_091_000);

fn kept() -> Vec<PathBuf> {
    cases("tests/engines", "http")
}

fn sample(name: &str) -> String {
    std::fs::read_to_string(in_repository(&format!("tests/engines/{name}.http"))).unwrap()
}

fn inquiry(sample: &str) -> Inquiry {
    Inquiry::new(&Client::new(engine::Engine::of(sample).way(), Patience::ASKING), 11434)
}

async fn look(name: &str) -> Engine {
    inquiry(&sample(name)).look(NOW).await.unwrap_or_else(|| panic!("{name}: no engine"))
}

/// One line for each value.
fn flat(at: &str, value: &serde_json::Value, out: &mut String) {
    use serde_json::Value;
    let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match value {
        Value::Object(map) if map.contains_key("quality") => {
            writeln!(out, "{at}: {} ({})", map["value"], map["quality"].as_str().unwrap()).unwrap();
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| flat(&below(key), value, out)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, value)| flat(&below(&n.to_string()), value, out));
        }
        other => writeln!(out, "{at}: {other}").unwrap(),
    }
}

#[tokio::test]
async fn every_kept_engine_tells_what_stands_beside_it() {
    for path in kept() {
        let found = inquiry(&std::fs::read_to_string(&path).unwrap()).look(NOW).await;
        let mut text = String::new();
        flat("", &serde_json::to_value(&found).unwrap(), &mut text);
        compare_kept(&path.with_extension("txt"), &text);
    }
}

#[test]
fn every_kept_engine_is_told_of_in_the_readme() {
    are_told_of(&kept(), include_str!("../engines/README.md"));
}

#[tokio::test]
async fn what_is_spilled_and_what_runs_elsewhere_is_told_apart() {
    let engine = look("ollama-spilled-and-cloud").await;
    assert_eq!((engine.kind, &engine.state), (EngineKind::Ollama, &EngineState::Ready));
    let spilled = engine.loaded().next().unwrap().1.spilled();
    assert_eq!(spilled.map(|bytes| bytes.0), Some(6_022_193_152 - 3_221_225_472));
    let here: Vec<&str> = engine.local_models().map(|model| model.name.as_str()).collect();
    assert_eq!(here, ["mistral:7b", "phi3:mini"]);
    let elsewhere = Some("https://ollama.com:443".to_owned());
    assert_eq!(engine.models[2].place, ModelPlace::Cloud(elsewhere));
}

#[tokio::test]
async fn an_engine_that_loads_or_wants_a_key_is_a_state_and_what_it_still_tells_is_told() {
    assert_eq!(look("llama-cpp-loading").await.state, EngineState::Loading);
    assert_eq!(look("llama-cpp-locked").await.state, EngineState::Locked);
    let vllm = look("vllm-locked-and-absurd").await;
    assert_eq!((&vllm.state, vllm.running.value), (&EngineState::Locked, Some(3)));
    assert_eq!((vllm.waiting.quality, vllm.cache.quality), (Quality::Nan, Quality::Nan));
}

#[tokio::test]
async fn half_an_answer_hides_nothing_of_the_other_half() {
    let engine = look("ollama-half").await;
    assert!(
        matches!(&engine.state, EngineState::Unwell(why) if why.contains("broke")),
        "{engine:?}"
    );
    assert_eq!(engine.version.as_deref(), Some("0.12.6"));
    let (model, loaded) = engine.loaded().next().unwrap();
    assert_eq!((model.name.as_str(), loaded.context), ("mistral:7b", Some(8192)));
}

#[tokio::test]
async fn a_model_that_sleeps_is_not_woken_by_a_look() {
    let kept = engine::Engine::of(&sample("llama-cpp-asleep"));
    let mut inquiry = Inquiry::new(&Client::new(kept.way(), Patience::ASKING), 8080);
    let engine = inquiry.look(NOW).await.unwrap();
    assert_eq!((&engine.state, engine.loaded().count()), (&EngineState::Asleep, 0));
    let asked = kept.requests().join("\n");
    assert!(!asked.contains("GET /slots"), "this wakes it: {asked}");
}

#[tokio::test]
async fn what_is_no_engine_is_asked_once_and_no_more() {
    let kept = engine::Engine::of(&sample("no-engine"));
    let mut inquiry = Inquiry::new(&Client::new(kept.way(), Patience::ASKING), 8123);
    for _ in 0..40 {
        assert_eq!(inquiry.look(NOW).await, None);
    }
    assert_eq!(kept.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn tokens_a_second_are_our_own_difference_of_what_it_counts() {
    let (before, after) = (sample("vllm"), sample("vllm").replace("} 92034.0", "} 92534.0"));
    let engines = [engine::Engine::of(&before), engine::Engine::of(&after)];
    let mut turn = 0;
    // A new connection for each look: the engine closes it, as engines may.
    let opened = std::sync::Mutex::new(move || {
        turn += 1;
        engines[usize::from(turn > 1)].clone()
    });
    let way = shelter::llm::Way::new(move || {
        let engine = (opened.lock().unwrap())();
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(async move {
            tokio::select! {
                () = engine.serve(theirs) => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        });
        async move { Ok(Box::new(ours) as shelter::llm::ByteStream) }
    });
    let mut inquiry = Inquiry::new(&Client::new(way, Patience::ASKING), 8000);
    let first = inquiry.look(NOW).await.unwrap();
    assert_eq!((first.kind, first.writing.quality), (EngineKind::Vllm, Quality::Absent));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let second = inquiry.look(NOW).await.unwrap();
    assert_eq!(second.writing.value.map(|rate| rate.0.round()), Some(250.0));
    assert_eq!(second.reading.value.map(|rate| rate.0), Some(0.0), "quiet is 0, and known");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_falls_silent_keeps_what_it_told_as_stale() {
    let engine = engine::Engine::of(&sample("vllm"));
    let silent = engine::Engine::of(">>> /v1/models silent\n\n>>> /version silent\n\n");
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let way = shelter::llm::Way::new(move || {
        let first = turn.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        let engine = if first { engine.clone() } else { silent.clone() };
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(async move {
            tokio::select! {
                () = engine.serve(theirs) => {}
                () = tokio::time::sleep(Duration::from_secs(if first { 1 } else { 600 })) => {}
            }
        });
        async move { Ok(Box::new(ours) as shelter::llm::ByteStream) }
    });
    let mut inquiry = Inquiry::new(&Client::new(way, Patience::ASKING), 8000);
    inquiry.look(NOW).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let later = inquiry.look(Timestamp(NOW.0 + 2000)).await.unwrap();
    assert!(matches!(&later.state, EngineState::Silent(why) if why.contains("did not answer")));
    assert_eq!((later.heard, later.running.value), (NOW, Some(3)));
    assert_eq!(later.running.quality, Quality::Stale);
    assert_eq!(later.running.age.map(|age| age.0), Some(2000));
    assert_eq!(later.models.len(), 2);
}
