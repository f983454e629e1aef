//! The shell of every resource, read by shellcheck.

use crate::support::lint::shellchecked;
use shelter::playbook::resource::ALL;

/// What is not a fault here: `A && B || C` is meant, variables are set elsewhere, `-nt` is POSIX since 2024.
const ALLOWED: &str = "SC2015,SC2016,SC2034,SC2154,SC2317,SC2329,SC3013";

#[test]
fn shellcheck_finds_nothing_in_the_shell_of_resources() {
    let mut seen = Vec::new();
    let mut text = String::from("#!/bin/sh\n");
    for prelude in ALL.iter().flat_map(|resource| resource.preludes) {
        if !seen.contains(&prelude.name) {
            seen.push(prelude.name);
            text.push_str(prelude.text);
        }
    }
    shellchecked("the shell of resources", text.as_bytes(), ALLOWED);
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
