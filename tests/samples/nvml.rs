//! NVIDIA's library as the binary finds it when it runs: a stand-in, compiled here, is well, old, broken, lost or hangs.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::cases::in_repository;
use crate::support::llama::Llama;
use crate::support::{Shelter, skipped};

const HERE: &str = "hosts:\n  here:\n    via: local\n    vars: {engine_ports: PORTS}\n";

/// A folder with the library; `None`, loudly, where nothing compiles it.
fn library() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(folder.path().join("libnvidia-ml.so.1"))
        .arg(in_repository("tests/samples/nvml.c"))
        .output();
    match compiled {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(folder)
        }
        Err(_) => {
            skipped("no C compiler: NVIDIA's library was not stood in for");
            None
        }
    }
}

/// What `status --json` tells of this machine with the library in that state.
fn status(folder: &Path, how: &str, more: (&str, &str), ports: &str) -> Value {
    let shelter = Shelter::new().inventory(&HERE.replace("PORTS", ports));
    let mut command = shelter.command(&["status", "--json"]);
    command.env("LD_LIBRARY_PATH", folder).env("STUB_NVML", how).env(more.0, more.1);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let first = text.lines().next().unwrap_or_else(|| panic!("it told nothing: {output:?}"));
    let told: Value = serde_json::from_str(first).unwrap();
    // Whatever becomes of a card, everything else of the machine is told.
    assert!(told["sample"]["memory"]["total"]["value"].as_u64().unwrap() > 0, "{how}: {told}");
    told
}

fn sample(folder: &Path, how: &str) -> Value {
    status(folder, how, ("STUB_NVML_PID", ""), "[]")["sample"].clone()
}

#[test]
fn a_library_that_is_well_tells_every_figure_of_every_card() {
    let Some(folder) = library() else { return };
    let told = sample(folder.path(), "well");
    assert_eq!(told["nvidia"]["state"], "telling", "{told}");
    assert_eq!(told["gpus"].as_array().map(Vec::len), Some(2));
    let card = &told["gpus"][0];
    let of = |key: &str| card[key]["value"].clone();
    assert_eq!((&card["name"], &card["id"]), (&"Stub".into(), &"0000:01:00.0".into()));
    assert_eq!((of("busy"), of("temperature")), (97.0.into(), 84.0.into()));
    assert_eq!((of("vram"), of("vram_used")), ((4_u64 << 30).into(), (3_u64 << 30).into()));
    assert_eq!((of("power"), of("power_limit")), (58.21.into(), 60.0.into()));
    assert_eq!((of("clock"), of("memory_clock")), (1290.into(), 3504.into()));
    assert_eq!(of("throttled_by"), serde_json::json!(["heat"]));
    let link = &card["pcie"];
    assert_eq!(
        (&link["generation"]["value"], &link["width_max"]["value"]),
        (&3.into(), &16.into())
    );
    assert_eq!(card["busy"]["source"], "nvml");
    assert_eq!(card["fan"]["quality"], "absent", "a mobile card has no fan of its own");
}

#[test]
fn a_library_that_does_not_fit_is_lost_or_hangs_is_a_state_and_hides_nothing_else() {
    let Some(folder) = library() else { return };
    let state = |how: &str| sample(folder.path(), how)["nvidia"]["state"].clone();
    assert_eq!(state("mismatch"), "mismatch");
    assert_eq!(state("no driver"), "failed");
    assert_eq!(state("hangs"), "waiting", "one look does not wait for it");
    let lost = sample(folder.path(), "lost");
    assert_eq!(lost["nvidia"]["state"], "lost", "{lost}");
    assert_eq!(lost["gpus"].as_array().map(Vec::len), Some(1), "the other card is still told");
    let none = sample(folder.path(), "none");
    assert_eq!(
        (&none["nvidia"]["state"], &none["gpus"]),
        (&"telling".into(), &Value::Array(vec![]))
    );
}

#[test]
fn a_library_that_never_answers_is_told_to_hang_while_everything_else_goes_on() {
    let Some(folder) = library() else { return };
    let shelter = Shelter::new().inventory(&HERE.replace("PORTS", "[]"));
    let mut command = shelter.command(&["status", "--watch", "--json"]);
    command.env("LD_LIBRARY_PATH", folder.path()).env("STUB_NVML", "hangs");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut looks = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let hung = looks.find(|look| look["sample"]["nvidia"]["state"] == "hung").unwrap();
    assert_eq!(hung["sample"]["memory"]["available"]["quality"], "ok", "{hung}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn figures_that_cannot_be_are_no_numbers_and_memory_that_is_not_told_is_absent() {
    let Some(folder) = library() else { return };
    let absurd = &sample(folder.path(), "absurd")["gpus"][0];
    for figure in ["busy", "temperature", "vram_used", "power"] {
        assert_eq!(absurd[figure]["quality"], "nan", "{figure}: {absurd}");
    }
    assert_eq!(absurd["pcie"]["width"]["quality"], "nan", "{absurd}");
    let unified = &sample(folder.path(), "unified")["gpus"][0];
    assert_eq!(unified["vram"]["quality"], "absent", "{unified}");
    let gb10 = &sample(folder.path(), "gb10")["gpus"][0];
    assert_eq!(gb10["pcie"]["generation_max"]["quality"], "nan", "below what it runs at: {gb10}");
}

/// The card's process is a real llama-server, so its model is told to hold what the process holds.
#[tokio::test]
async fn the_model_of_a_server_whose_process_is_on_a_card_is_told_with_its_vram() {
    let Some(folder) = library() else { return };
    let Some(llama) = Llama::start(&[]).await else { return };
    let (pid, ports) = (llama.pid().to_string(), format!("[{}]", llama.port));
    let told = status(folder.path(), "well", ("STUB_NVML_PID", &pid), &ports);
    let process = &told["sample"]["gpus"][0]["processes"]["value"][0];
    assert_eq!(process["serves"], serde_json::json!([llama.port]), "{process}");
    assert!(!process["name"].as_str().unwrap().contains('\u{1b}'), "{process}");
    let loaded = &told["engines"][0]["models"][0]["loaded"];
    assert_eq!(loaded["by_processes"], 512 << 20, "{}", told["engines"]);
    assert_eq!(loaded["vram"], Value::Null, "the engine itself does not tell");
}
