//! The shell of every resource, read by shellcheck.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::skipped;
use shelter::playbook::resource::ALL;

/// What is not a fault here: `A && B || C` is meant, variables are set elsewhere, `-nt` is POSIX since 2024.
const ALLOWED: &str = "SC2015,SC2016,SC2034,SC2154,SC2317,SC2329,SC3013";

#[test]
fn shellcheck_finds_nothing_in_the_shell_of_resources() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        skipped("shellcheck is not installed, the shell of resources was not read");
        return;
    }
    let mut seen = Vec::new();
    let mut text = String::from("#!/bin/sh\n");
    for prelude in ALL.iter().flat_map(|resource| resource.preludes) {
        if !seen.contains(&prelude.name) {
            seen.push(prelude.name);
            text.push_str(prelude.text);
        }
    }
    let mut command = Command::new("shellcheck");
    command.args(["-s", "sh", "-e", ALLOWED, "-f", "gcc", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{found}");
}

#[test]
fn preludes_of_one_name_are_one() {
    let all: Vec<_> = ALL.iter().flat_map(|resource| resource.preludes).collect();
    for one in &all {
        assert!(
            all.iter().all(|other| other.name != one.name || other.text == one.text),
            "{}",
            one.name
        );
    }
}
