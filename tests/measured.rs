//! `04_llm_benchmark` and `shelter bench` as their users run them, on this machine: measured, kept, compared, refused.

use std::path::PathBuf;

use serde_json::Value;
use shelter::bench::gguf::tiny_model;

use crate::metrics::openmetrics::{Sample, parse};
use crate::support::{Outcome, Shelter, skipped, this_machine};

/// Stands for `llama-bench`: prints what a real one printed, at the speed and of the build that a file beside it says.
pub const STAND_IN: &str = r#"#!/bin/sh
read -r build speed <"${0%/*}/says" || exit 3
test "$1" != --help || { echo '  --progress'; exit; }
say() { printf 'llama-bench: benchmark %s\n' "$1" >&2; }
say '1/2: starting'; say '1/2: warmup prompt run'; say '1/2: prompt run 1/3'
case $speed in long) speed=100; sleep 2 ;; esac
say '1/2: prompt run 2/3'
printf '| model                          |       size |     params | backend    | threads |            test |                  t/s |\n' >&2
printf '| ------------------------------ | ---------: | ---------: | ---------- | ------: | --------------: | -------------------: |\n' >&2
printf '| llama ?B all F32               |   4.00 MiB |     1.05 M | CPU        |       1 |           pp512 |       1000.10 ± 9.00 |\n' >&2
test "$speed" != half || { printf '[ { "n_gen": 16, "samples_ts": [ 1' ; exit 0; }
test "$speed" != crash || exit 139
awk -v b="$build" -v s="$speed" 'BEGIN {
  form = "{ \"build_commit\": \"%s\", \"build_number\": 1, \"backends\": \"CPU\", \"n_threads\": 1, \"n_gpu_layers\": 0,\n  \"n_prompt\": %d, \"n_gen\": %d, \"n_depth\": 0, \"samples_ts\": [ %f, %f, %f ] }"
  printf "[\n" form ",\n" form "\n]\n", b, 512, 0, s * 10, s * 10.1, s * 9.9, b, 0, 128, s, s * 1.01, s * 0.99 }'
"#;

const FOLDERS: &str = "playbook: 03_build_llama_cpp\nname: Stand-in\npurpose: Puts an engine there.\nhosts: all\n\
    provides: [llama_cpp_built, models_ok]\nsteps:\n  - name: engine\n    \
    file: { path: \"{{ shelter }}/runtime/engines/llama.cpp/current/bin/llama-bench\", from: llama-bench, mode: \"0755\" }\n";
pub const ENGINE: &str = ".mountain_shelter/runtime/engines/llama.cpp/current/bin";
const MODEL: &str = ".mountain_shelter/models/gguf/mistral-7b-q4.gguf";

/// A home with an engine and a model, and the flags that 04 needs.
pub fn home() -> Shelter {
    let shelter = Shelter::new()
        .inventory("hosts:\n  here:\n    via: local\n")
        .file(".mountain_shelter/playbooks/03_build_llama_cpp.yaml", FOLDERS)
        .file(".mountain_shelter/playbooks/files/llama-bench", STAND_IN)
        .file(&format!("{ENGINE}/says"), "b1 100\n")
        .file(MODEL, "a model")
        .file(".mountain_shelter/scripts/.keep", "");
    let made = shelter.run(&["--run", "03_build_llama_cpp"]);
    assert_eq!(made.code, 0, "{}{}", made.stdout, made.stderr);
    shelter
}

fn says(shelter: &Shelter, text: &str) {
    std::fs::write(shelter.path(&format!("{ENGINE}/says")), text).unwrap();
}

fn measure(shelter: &Shelter) -> Outcome {
    shelter.run(&["--run", "04", "-e", "governor="])
}

fn listed(shelter: &Shelter) -> Vec<Value> {
    let told = shelter.run(&["bench", "--json"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_was_measured_is_kept_with_its_conditions_and_a_drop_beyond_noise_is_told() {
    let _machine = this_machine();
    let shelter = home();
    assert!(shelter.run(&["bench"]).stdout.contains("nothing was measured yet"));
    let first = measure(&shelter);
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    let told = "here  mistral-7b-q4 Q4  pp512 1000 · tg128 100 t/s  ○ first of its kind";
    assert!(first.stdout.contains(told), "{}", first.stdout);
    // How it goes is told in words; the figures for programs stay in their file.
    let kept = std::fs::read_dir(shelter.path(".mountain_shelter/runtime/bench")).unwrap();
    let kept = kept.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    assert!(kept.into_iter().any(|text| text.contains("shelter-bench json [")));
    let standing = &listed(&shelter)[0];
    let conditions = &standing["standing"]["newest"]["conditions"];
    assert!(conditions["looks"].as_u64().unwrap() >= 1, "{conditions}");
    assert!(conditions["load_before"].as_f64().is_some(), "{conditions}");
    let samples = &standing["standing"]["newest"]["measured"]["results"][1]["samples"];
    assert_eq!(samples.as_array().map(Vec::len), Some(3), "{standing}");

    // Other work on this machine comes and goes while tests run: only what was measured is to count here.
    let still = |shelter: &Shelter| {
        let folder = shelter.path(".mountain_shelter/logs/bench");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("baselines.json") {
                continue;
            }
            let mut record: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            record["conditions"] = serde_json::json!({ "looks": 1, "governors": [], "cards": [] });
            std::fs::write(path, record.to_string()).unwrap();
        }
    };
    says(&shelter, "b1 80\n");
    assert_eq!(measure(&shelter).code, 0);
    still(&shelter);
    let compared = shelter.run(&["bench", "compare", "--exit-drift"]);
    assert_eq!(compared.code, 3, "{}{}", compared.stdout, compared.stderr);
    let row = compared.stdout.lines().find(|line| line.contains("tg128")).unwrap();
    assert!(row.contains("-20.0 %") && row.ends_with("▼ worse"), "{row}");
    let list = shelter.run(&["bench"]);
    assert!(list.stdout.contains("worse by 20 %"), "{}{}", list.stdout, list.stderr);

    // The same, for other programs.
    let metrics = shelter.run(&["metrics"]).stdout;
    let families = parse(&metrics).unwrap_or_else(|said| panic!("{said}"));
    let of = |name: &str, test: &str| {
        let family = families.iter().find(|family| family.name == name).unwrap();
        let labels = |s: &&Sample| s.labels.iter().any(|(_, value)| value == test);
        family.samples.iter().find(labels).unwrap().value
    };
    assert_eq!(of("shelter_benchmark_tokens_per_second", "tg128"), 80.0);
    assert_eq!(of("shelter_benchmark_baseline_ratio", "tg128 tokens/s"), 0.8);
    assert_eq!(of("shelter_benchmark_worse", "kernels"), 1.0);

    // What became usual is made the baseline, and the next like it is the same.
    let newest = listed(&shelter)[0]["record"].as_str().unwrap().to_owned();
    assert_eq!(shelter.run(&["bench", "baseline", &newest]).code, 0);
    says(&shelter, "b1 81\n");
    assert_eq!(measure(&shelter).code, 0);
    still(&shelter);
    let again = shelter.run(&["bench", "compare", "--exit-drift"]);
    assert_eq!(again.code, 0, "{}", again.stdout);
    assert!(again.stdout.contains("● same"), "{}", again.stdout);
    let wrong = shelter.run(&["bench", "baseline", &format!("{newest}9")]);
    assert!(wrong.code == 1 && wrong.stderr.contains("did you mean"), "{}", wrong.stderr);
}

#[test]
fn how_it_goes_is_told_in_words_and_raw_figures_stay_in_their_file() {
    let _machine = this_machine();
    let shelter = home();
    // Long enough for its output to be shown as it comes.
    says(&shelter, "b1 long\n");
    let told = measure(&shelter);
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    for line in [
        "here | mistral-7b-q4: warming up",
        "here | mistral-7b-q4: reading 512 tokens, run 1 of 3",
        "here | mistral-7b-q4: pp512 1000.10 ± 9.00 tokens/s",
    ] {
        assert!(told.stdout.contains(line), "{line} is not in: {}", told.stdout);
    }
    let rate = told.stdout.lines().find(|line| line.contains("run 2 of 3 · ")).unwrap();
    assert!(rate.ends_with(" tokens/s"), "{rate}");
    assert!(
        !told.stdout.contains("samples_ts") && !told.stdout.contains("| llama"),
        "{}",
        told.stdout
    );
    assert_eq!(listed(&shelter).len(), 1);
}

#[test]
fn another_build_is_not_compared_unless_one_insists_and_the_difference_is_named() {
    let _machine = this_machine();
    let shelter = home();
    assert_eq!(measure(&shelter).code, 0);
    says(&shelter, "b2 50\n");
    assert_eq!(measure(&shelter).code, 0);
    let refused = shelter.run(&["bench", "compare", "--exit-drift"]);
    assert_eq!(refused.code, 0, "{}", refused.stdout);
    assert!(refused.stdout.contains("not alike build: b1 (1) → b2 (1)"), "{}", refused.stdout);
    assert!(refused.stdout.contains("not compared; --anyway does"), "{}", refused.stdout);
    assert!(!refused.stdout.contains("tg128"), "{}", refused.stdout);
    let anyway = shelter.run(&["bench", "compare", "--anyway"]);
    assert!(anyway.stdout.contains("tg128 tokens/s  100"), "{}", anyway.stdout);
    assert!(anyway.stdout.contains("? not alike"), "{}", anyway.stdout);
    let told: Value =
        serde_json::from_str(&shelter.run(&["bench", "compare", "--json"]).stdout).unwrap();
    assert_eq!(told["fair"], false);
}

#[test]
fn half_an_answer_and_a_crash_leave_no_benchmark() {
    let _machine = this_machine();
    let shelter = home();
    says(&shelter, "b1 half\n");
    let half = measure(&shelter);
    assert!(
        half.stdout.contains("was not kept: what `llama-bench` printed is no JSON"),
        "{}",
        half.stdout
    );
    says(&shelter, "b1 crash\n");
    let crash = measure(&shelter);
    assert_eq!(crash.code, 2, "{}", crash.stdout);
    assert!(crash.stdout.contains("llama-bench ended with 139"), "{}", crash.stdout);
    assert_eq!(listed(&shelter), Vec::<Value>::new());
}

#[test]
fn a_real_engine_measures_the_tiny_model() {
    let usual =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/shelter-llama"));
    let built = std::env::var_os("SHELTER_LLAMA_DIR").map(PathBuf::from).or(usual);
    let bench =
        built.map(|folder| folder.join("build/bin/llama-bench")).filter(|path| path.is_file());
    let Some(bench) = bench else {
        skipped("no llama-bench: SHELTER_LLAMA_DIR names no folder with build/bin/llama-bench");
        return;
    };
    let _machine = this_machine();
    let shelter = home();
    std::fs::remove_file(shelter.path(&format!("{ENGINE}/llama-bench"))).unwrap();
    std::os::unix::fs::symlink(&bench, shelter.path(&format!("{ENGINE}/llama-bench"))).unwrap();
    std::fs::write(shelter.path(MODEL), tiny_model()).unwrap();
    let wishes = ["-e", "prompt=32", "-e", "tokens=8", "-e", "repetitions=2", "-e", "threads=1"];
    let mut args = vec!["--run", "04", "-e", "governor="];
    args.extend(wishes);
    let outcome = shelter.run(&args);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    let record = &listed(&shelter)[0]["standing"]["newest"];
    let tests = record["measured"]["results"].as_array().unwrap();
    let names: Vec<&str> = tests.iter().map(|test| test["test"].as_str().unwrap()).collect();
    assert_eq!(names, ["pp32", "tg8"]);
    assert_eq!(tests[1]["samples"].as_array().unwrap().len(), 2);
    assert_eq!(record["subject"]["backend"], "CPU");
}
