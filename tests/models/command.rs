//! `shelter models` as its users call it.

use crate::support::skipped;
use shelter::bench::gguf::tiny_model;

use super::hosts::GTX_1050_TI;
use crate::support::Shelter;

/// A home that remembers a host with a GTX 1050 Ti, which nobody could reach now.
fn shelter() -> Shelter {
    let facts = format!("{{\"at\":\"2026-11-21T07:50:12.345Z\",\"facts\":{GTX_1050_TI}}}");
    Shelter::new()
        .inventory("hosts:\n  shadow:\n    via:\n      shell: /nowhere/sh\n")
        .file(".mountain_shelter/status/shadow/facts.json", &facts)
}

#[test]
fn remembered_facts_are_enough_and_their_age_is_told() {
    let outcome = shelter().run(&["models"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines[0].starts_with("shadow  HD Graphics 630 (12 GiB shared), "), "{lines:?}");
    assert!(lines[0].contains("NVIDIA GeForce GTX 1050 Ti (4.0 GiB)"), "{lines:?}");
    assert!(lines[0].ends_with("as of 2026-11-21T07:50:12.345Z"), "{lines:?}");
    assert!(lines[1].contains("CUDA 12") && lines[1].contains("vLLM"), "{lines:?}");
    let about = |name: &str| lines.iter().find(|line| line.contains(name)).unwrap();
    assert!(about("mistral-7b-instruct").contains("◐ split  not whole: 20 of 32"), "{lines:?}");
    assert!(about("phi-3-mini").contains("25 of 32 layers"), "{lines:?}");
    assert!(about("llama-3.2-3b-instruct").contains("● card"), "{lines:?}");
    assert!(about("qwen2.5-32b-instruct").contains("unverified: size"), "{lines:?}");
}

#[test]
fn what_a_practice_host_of_the_same_name_left_is_not_taken_for_a_real_host() {
    let facts = GTX_1050_TI.replace("GTX 1050 Ti", "GTX 1050 Ti (SIMULATED)");
    let facts = format!("{{\"at\":\"2026-11-21T07:50:12.345Z\",\"facts\":{facts}}}");
    let shelter = shelter().file(".mountain_shelter/status/shadow/facts.json", &facts);
    let outcome = shelter.run(&["models"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (4, ""));
}

#[test]
fn programs_get_one_object_a_host_with_every_figure() {
    let outcome = shelter().run(&["models", "--json", "--context", "8192", "--cache-type", "q8_0"]);
    let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&told["host"], &told["context"]), (&"shadow".into(), &8192.into()));
    assert_eq!(told["cache_type"], "q8_0");
    let mistral = &told["models"][0];
    assert_eq!(mistral["name"], "mistral-7b-instruct");
    assert_eq!(mistral["fit"]["placement"]["where"], "split");
    assert_eq!(mistral["fit"]["demand"]["cache"], 32 * 8192 * 2 * 1024 / 32 * 34);
    assert_eq!(mistral["fit"]["margin"], 1 << 30);
}

#[test]
fn a_host_that_is_not_remembered_is_asked_and_one_that_is_silent_hides_nothing() {
    let outcome = Shelter::new()
        .inventory("hosts:\n  here:\n    via: local\n  gone:\n    via:\n      shell: /nowhere/sh\n")
        .run(&["models", "--json"]);
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&told["host"], &told["facts_at"]), (&"here".into(), &serde_json::Value::Null));
    assert!(outcome.stderr.contains("gone"), "{}", outcome.stderr);
}

#[test]
fn a_models_yaml_of_ones_own_is_read_and_every_error_in_it_is_told_at_once() {
    let mine = "models:\n  mine:\n    url: https://example.org/m/mine.gguf\n    sha256: unknown\n    \
                size: 2000000000\n    quantisation: Q4_K_M\n    shape: {layers: 24, embedding: 2048, \
                kv_heads: 8, head_size: 64, feed_forward: 8192, vocabulary: 32000, input: q4_k, output: tied}\n";
    let good = shelter().file(".mountain_shelter/models.yaml", mine).run(&["models"]);
    assert!(good.stdout.lines().any(|line| line.contains("  mine ")), "{}", good.stdout);

    let slips = mine.replace("sha256: unknown", "sha256: abc").replace("24,", "many,");
    let slips = slips.replace("q4_k,", "q4_x,").replace("url:", "uri:");
    let outcome = shelter().file(".mountain_shelter/models.yaml", &slips).run(&["models"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    for told in
        ["64 hexadecimal digits", "models.yaml:7:21", "such as `q4_k`", "did you mean `url`?"]
    {
        assert!(outcome.stderr.contains(told), "{told}:\n{}", outcome.stderr);
    }

    let small = mine.replace("size: 2000000000", "size: 1000");
    let outcome = shelter().file(".mountain_shelter/models.yaml", &small).run(&["models"]);
    assert!(outcome.stderr.contains("contradict each other"), "{}", outcome.stderr);
}

#[test]
fn a_model_file_is_inspected_and_what_is_none_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tiny.gguf");
    let file = path.to_str().unwrap();
    assert_eq!(Shelter::new().run(&["models", "tiny", file]).code, 0);
    let again = Shelter::new().run(&["models", "tiny", file]);
    assert!(again.code == 1 && again.stderr.contains("is there already"), "{}", again.stderr);
    assert_eq!(std::fs::read(&path).unwrap(), tiny_model());
    let outcome = Shelter::new().run(&["models", "inspect", file]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.contains("architecture  llama\n"), "{}", outcome.stdout);
    let outcome = Shelter::new().run(&["models", "inspect", file, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&told["layers"], &told["trained_context"]), (&4.into(), &4096.into()));

    std::fs::write(&path, &tiny_model()[..900_000]).unwrap();
    let outcome = Shelter::new().run(&["models", "inspect", file]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("it is not whole"), "{}", outcome.stderr);
    let outcome = Shelter::new().run(&["models", "inspect", "/etc"]);
    assert!(outcome.stderr.contains("it is not a file"), "{}", outcome.stderr);
}

#[test]
fn practice_hosts_are_marked_as_such() {
    let shelter = Shelter::new();
    let outcome = shelter.run(&["--lab", "models", "shadow"]);
    let stopped = shelter.run(&["lab", "stop"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.starts_with("shadow  SIMULATED  "), "{}", outcome.stdout);
    if outcome.stdout.contains("GTX 1050 Ti (SIMULATED)") {
        assert!(outcome.stdout.contains("CUDA 12"), "{}", outcome.stdout);
    } else {
        skipped("no simulated card behind the walls that can be had here");
    }
    assert_eq!(stopped.code, 0, "{}", stopped.stderr);
}
