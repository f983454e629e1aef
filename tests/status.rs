//! `shelter status` as its users call it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::support::engine::Engine;
use crate::support::{Shelter, free_port};

/// One object per host, and behind them what nobody asked.
fn hosts(stdout: &str) -> Vec<Value> {
    let mut told: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = told.pop().unwrap();
    assert_eq!(last["event"], "counsel", "{last}");
    assert!(last["advice"].is_array(), "{last}");
    told
}

#[test]
fn a_dead_host_is_told_and_takes_nothing_from_the_others() {
    let port = free_port();
    let shelter = Shelter::new().inventory(&format!(
        "hosts:\n  here:\n    via: local\n    vars: {{engine_ports: []}}\n  dead:\n    address: 127.0.0.1\n    port: {port}\n    user: me\n"
    ));
    let people = shelter.run(&["status"]);
    assert_eq!(people.code, 4, "{}", people.stderr);
    let heads: Vec<&str> =
        people.stdout.lines().filter(|line| line.starts_with(|c: char| c != ' ')).collect();
    assert!(heads.iter().any(|line| line.starts_with("here  ● up  ")), "{}", people.stdout);
    assert!(heads.iter().any(|line| line.starts_with("dead  ✕ down")), "{}", people.stdout);
    assert!(people.stdout.contains("  ram "), "{}", people.stdout);

    let programs = shelter.run(&["status", "--json"]);
    let told = hosts(&programs.stdout);
    let of = |name: &str| told.iter().find(|host| host["host"] == name).unwrap();
    assert_eq!(of("here")["state"], "up");
    let total = &of("here")["sample"]["memory"]["total"];
    assert!(total["value"].as_u64().unwrap() > 0 && total["quality"] == "ok", "{total}");
    assert_eq!(total["source"], "proc");
    assert_eq!(of("here")["trend"]["cpu"]["minutes"].as_array().map(Vec::len), Some(30));
    assert!(of("here")["sample"]["cpu"]["busy"]["value"].is_f64(), "a rate takes two looks");
    assert_eq!((&of("dead")["state"], &of("dead")["sample"]), (&"down".into(), &Value::Null));
    assert_eq!(of("dead")["failure"]["kind"], "network");
}

#[test]
fn a_link_that_breaks_is_told_and_made_anew() {
    // The first shell there is ended from outside once it has told something; the second one stays.
    let entry = "[ -e again ] && exec sh\ntouch again\nexec timeout 3 sh\n";
    let shelter = Shelter::new().file("entry", entry).inventory(
        "hosts:\n  box:\n    via:\n      shell: sh entry\n    vars: {engine_ports: []}\n",
    );
    let mut command = shelter.command(&["status", "--watch", "--json"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut states: Vec<String> = Vec::new();
    for line in lines {
        let told: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let state = told["state"].as_str().unwrap().to_owned();
        if states.last() != Some(&state) {
            states.push(state);
        }
        if states.len() == 3 {
            break;
        }
    }
    // Nobody reads on, and so it ends.
    assert!(child.wait().unwrap().success());
    assert_eq!(states, ["up", "down", "up"]);
}

#[test]
fn the_practice_hosts_show_sensors_that_are_marked_as_simulated() {
    let shelter = Shelter::new();
    let outcome = shelter.run(&["--lab", "status", "--json"]);
    let stopped = shelter.run(&["lab", "stop"]);
    assert_eq!((outcome.code, stopped.code), (0, 0), "{}{}", outcome.stderr, stopped.stderr);
    let told = hosts(&outcome.stdout);
    assert_eq!(told.len(), 2, "{}", outcome.stdout);
    for host in &told {
        assert_eq!((&host["state"], &host["simulated"]), (&"up".into(), &true.into()), "{host}");
        assert_eq!(host["sample"]["memory"]["total"]["quality"], "ok", "{host}");
    }
    let shadow = told.iter().find(|host| host["host"] == "shadow").unwrap();
    let gpu = &shadow["sample"]["gpus"][0];
    assert_eq!(shadow["sample"]["nvidia"]["state"], "telling", "{shadow}");
    assert!(gpu["name"].as_str().unwrap().contains("SIMULATED"), "{gpu}");
    assert_eq!(gpu["pcie"]["generation_max"]["value"], 3, "{gpu}");
}

#[test]
fn engines_are_found_by_asking_and_told_with_their_models_at_home_and_behind_a_shell() {
    let kept = Engine::of(include_str!("engines/ollama-spilled-and-cloud.http"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let port = runtime.block_on(kept.listen());
    let of = |name: &str, via: &str| {
        format!("  {name}:\n    via: {via}\n    vars: {{engine_ports: [{port}]}}\n")
    };
    let inventory = format!("hosts:\n{}{}", of("here", "local"), of("box", "{shell: sh}"));
    let shelter = Shelter::new().inventory(&inventory);
    let told = hosts(&shelter.run(&["status", "--json"]).stdout);
    for host in &told {
        let engine = &host["engines"][0];
        assert_eq!((&engine["kind"], &engine["port"]), (&"ollama".into(), &port.into()), "{host}");
        assert_eq!(engine["models"][0]["loaded"]["vram"], 3_221_225_472_u64, "{engine}");
    }
    assert_eq!(told.len(), 2);
    let people = shelter.run(&["status", "here"]);
    let spilled =
        "mistral:7b  Q4_K_M · holds 5.6 GiB: VRAM 3.0 GiB, ▲ spilled 2.6 GiB to RAM · context 4096";
    assert!(people.stdout.contains(spilled), "{}", people.stdout);
    let elsewhere =
        "passed on, not run here: gpt-oss:120b-cloud (https://ollama.com:443), kimi-k2:1t-cloud";
    assert!(people.stdout.contains(elsewhere), "{}", people.stdout);
}
