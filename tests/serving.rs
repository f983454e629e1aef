//! A load on an engine: scripted ones in this process, and a real llama-server through the binary.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;

use shelter::bench::{Level, Load};
use shelter::llm::{Client, LlmError, Patience};
use shelter::ops::{Beat, Serving};
use tokio::sync::mpsc;

use crate::metrics::openmetrics::parse;
use crate::support::Shelter;
use crate::support::engine::Engine;
use crate::support::llama::Llama;

/// Two pieces that are three tokens, as the engine counts them.
const GOOD: &str = ">>> /v1/chat/completions\nHTTP/1.1 200 OK\ncontent-type: text/event-stream\n\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"b c\"}}]}\n\n\
    data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\n\
    data: [DONE]\n\n";

async fn put(engine: &Engine, warm_up: u32) -> (Result<Vec<Level>, LlmError>, Vec<Beat>) {
    let client = Client::new(engine.way(), Patience::ASKING);
    let concurrencies = vec![1, 3];
    let load = Load { concurrencies, requests: 6, words: 4, tokens: 8, warm_up, seed: 7 };
    let serving = Serving { client, model: "m".to_owned(), load };
    let (sender, mut receiver) = mpsc::channel(64);
    let levels = serving.run(&sender).await;
    drop(sender);
    let mut beats = Vec::new();
    while let Some(beat) = receiver.recv().await {
        beats.push(beat);
    }
    (levels, beats)
}

#[tokio::test]
async fn tokens_are_the_engines_own_count_and_no_prompt_comes_twice() {
    let engine = Engine::of(GOOD);
    let (levels, beats) = put(&engine, 2).await;
    let levels = levels.unwrap();
    let told: Vec<(u32, usize)> =
        levels.iter().map(|level| (level.concurrency, level.requests.len())).collect();
    assert_eq!(told, [(1, 6), (3, 6)]);
    for request in levels.iter().flat_map(|level| &level.requests) {
        assert_eq!((request.tokens, request.prompt_tokens), (3, 9));
        assert_eq!(request.pieces_ms.len(), 2);
        assert!(request.pieces_ms[0] <= request.pieces_ms[1], "{request:?}");
        assert!(request.pieces_ms[1] <= request.done_ms, "{request:?}");
    }
    let bodies = engine.requests();
    assert_eq!(bodies.len(), 2 + 6 + 6);
    let prompts: BTreeSet<&str> =
        bodies.iter().map(|body| body.split("\"content\":\"").nth(1).unwrap()).collect();
    assert_eq!(prompts.len(), bodies.len());
    assert!(bodies.iter().all(|body| body.contains("\"cache_prompt\":false")), "{}", bodies[0]);
    let ended = beats.iter().filter(|beat| matches!(beat, Beat::Ended { .. })).count();
    assert_eq!((ended, beats.len()), (12, 14));
}

#[tokio::test]
async fn a_stream_that_dies_or_counts_nothing_is_a_failure_and_no_number() {
    let dies = GOOD.replace("completions\n", "completions dies\n").replace("data: [DONE]\n\n", "");
    let counts_nothing =
        GOOD.replace(",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}", "");
    let refuses = ">>> /v1/chat/completions\nHTTP/1.1 503 Service Unavailable\n\n{}";
    for (script, why) in [(dies.as_str(), "stream"), (&counts_nothing, "count"), (refuses, "503")] {
        let (levels, _) = put(&Engine::of(script), 0).await;
        let levels = levels.unwrap();
        assert!(levels.iter().all(|level| level.requests.is_empty()), "{levels:?}");
        assert!(levels.iter().all(|level| level.failures.len() == 6), "{levels:?}");
        assert!(levels[0].failures[0].contains(why), "{}", levels[0].failures[0]);
        // While warming up it is the end: nothing would come of the rest.
        assert!(put(&Engine::of(script), 1).await.0.is_err());
    }
}

#[tokio::test]
async fn a_real_server_is_measured_level_by_level_and_the_record_is_kept() {
    let Some(llama) = Llama::start(&["-np", "2", "-c", "1024"]).await else { return };
    let shelter = Shelter::new().inventory("hosts:\n  here:\n    via: local\n");
    let port = llama.port.to_string();
    let told = shelter.run(&[
        "bench", "serve", "here", "--port", &port, "-c", "1,2", "-n", "3", "--words", "12",
        "--tokens", "8", "--json",
    ]);
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let record = &told["benchmark"];
    assert_eq!(record["subject"]["engine"], "llama.cpp server");
    assert_eq!(record["subject"]["model"], "tiny");
    let levels = record["measured"]["results"].as_array().unwrap();
    assert_eq!(levels.len(), 2);
    for level in levels {
        let requests = level["requests"].as_array().unwrap();
        assert_eq!(
            (requests.len(), level["failures"].as_array().unwrap().len()),
            (3, 0),
            "{level}"
        );
        for request in requests {
            assert_eq!(request["tokens"], 8, "{request}");
            // A prompt that was new to it: nothing but its very beginning can have been known.
            assert!(request["cached_tokens"].as_u64().unwrap_or(0) <= 8, "{request}");
        }
    }
    assert!(record["conditions"]["looks"].as_u64().unwrap() >= 1, "{record}");
    let listed = shelter.run(&["bench"]);
    assert!(
        listed.stdout.contains("serving") && listed.stdout.contains("c2 "),
        "{}",
        listed.stdout
    );
    let history =
        std::fs::read_to_string(shelter.path(".mountain_shelter/history_main.log")).unwrap();
    assert_eq!(history.lines().count(), 1, "{history}");
    let name = told["record"].as_str().unwrap();
    let line = &history.lines().next().unwrap();
    assert!(line.contains(" INFO here ") && line.contains("| tiny served c1 "), "{line}");
    assert!(line.contains(&format!("; kept as {name} |")), "{line}");

    let metrics = shelter.run(&["metrics"]).stdout;
    let families = parse(&metrics).unwrap_or_else(|said| panic!("{said}"));
    let first = families.iter().find(|f| f.name == "shelter_benchmark_first_token_seconds");
    let samples = &first.unwrap().samples;
    assert_eq!(samples.len(), 2 * 3, "two levels, three percentiles: {samples:?}");
    assert!(samples.iter().all(|s| s.label("by") == "serving" && s.value > 0.0), "{samples:?}");

    let baseline = shelter.run(&["bench", "baseline", name]);
    assert_eq!(baseline.code, 0, "{}", baseline.stderr);
    let verified = shelter.run(&["log", "verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
}

/// A port on which nothing listens: it was somebody's a moment ago.
fn closed_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn a_port_on_which_nothing_listens_is_named_with_its_host_and_the_way_on() {
    let shelter = Shelter::new()
        .inventory("hosts:\n  here:\n    via: local\n  aside:\n    via: { shell: sh }\n");
    for host in ["here", "aside"] {
        let port = closed_port().to_string();
        let told = shelter.run(&["bench", "serve", host, "--port", &port]);
        let expected = format!(
            "error: nothing answers on port {port} of `{host}`: nothing listens there\n  = help: start \
             the engine, or name its port with --port; `shelter status {host}` finds those that run\n"
        );
        assert_eq!((told.code, told.stderr), (1, expected));
    }
}

/// An engine on a port of this machine that answers everything alike, for as long as the test goes on.
fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            // Whoever asked may have gone.
            let _ = stream.read(&mut [0; 4096]).and_then(|_| stream.write_all(answer));
        }
    });
    port.to_string()
}

#[test]
fn what_stands_in_the_way_of_a_load_is_said_with_what_to_do() {
    let shelter = Shelter::new().inventory("hosts:\n  here:\n    via: local\n");
    let cases: [(&[u8], &[&str]); 6] = [
        (b"SSH-2.0-OpenSSH_9.2\r\n", &["is no engine", "--port"]),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", &["wants a key", "--key"]),
        (
            b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 44\r\n\r\n\
              {\"error\":{\"message\":\"Loading model\",\"a\":12}}",
            &["is not ready", "Loading model", "status here --watch"],
        ),
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            &["does not tell its models", "404"],
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", &["does not tell its models"]),
        (
            b"HTTP/1.1 200 OK\r\nServer: llama.cpp\r\nContent-Length: 27\r\n\r\n\
              {\"object\":\"list\",\"data\":[]}",
            &["has no model"],
        ),
    ];
    for (answer, words) in cases {
        let port = answering(answer);
        let told = shelter.run(&["bench", "serve", "here", "--port", &port]);
        assert_eq!(told.code, 1, "{}", told.stderr);
        for word in words.iter().chain(&[&*format!("port {port} of `here`"), "help: "]) {
            assert!(told.stderr.contains(word), "{word} is not in: {}", told.stderr);
        }
        assert!(!told.stderr.contains("the stream broke: connection closed"), "{}", told.stderr);
    }
}

#[tokio::test]
async fn a_model_that_is_passed_on_is_not_measured_as_this_hosts() {
    let kept = include_str!("engines/ollama-spilled-and-cloud.http");
    let port = Engine::of(kept).listen().await.to_string();
    let told = tokio::task::spawn_blocking(move || {
        let shelter = Shelter::new().inventory("hosts:\n  here:\n    via: local\n");
        let serve = |model: &str| {
            let ask = ["bench", "serve", "here", "--port", &port, "--model", model];
            shelter.run(&ask).stderr
        };
        (serve("gpt-oss:120b-cloud"), serve("mistral:7"))
    });
    let (cloud, near) = told.await.unwrap();
    let why = "`gpt-oss:120b-cloud` is passed on to https://ollama.com:443, and not run on `here`";
    assert!(cloud.contains(why), "{cloud}");
    assert!(near.contains("has no model `mistral:7`") && near.contains("did you mean"), "{near}");
}
