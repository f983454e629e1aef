//! The binary as its users call it.

use crate::support::{Shelter, free_port};

/// Everything but the parts of a line that differ from machine to machine.
fn names_and_states(stdout: &str) -> Vec<String> {
    let words = |line: &str| line.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    let mut lines: Vec<String> = stdout.lines().map(words).collect();
    lines.sort();
    lines
}

#[test]
fn without_an_inventory_the_way_on_is_told() {
    let outcome = Shelter::new().run(&["hosts", "list"]);
    assert_eq!(
        outcome.stderr,
        "error: there is no `~/.mountain_shelter/shelter.yaml`\n  \
         = help: `shelter init` writes one to begin with; `--lab` works without\n"
    );
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
}

#[test]
fn what_cannot_be_read_among_the_playbooks_stands_in_no_others_way() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n");
    let folder = shelter.path(".mountain_shelter/playbooks");
    std::fs::create_dir_all(folder.join("62_folder.yaml")).unwrap();
    std::os::unix::fs::symlink("root@host.1:2", folder.join(".#60_ok.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.join("61_gone.yaml")).unwrap();
    let planned = shelter.run(&["plan", "00_check_structure"]);
    assert_eq!((planned.code, planned.stderr.as_str()), (0, ""));
    let listed = shelter.run(&["playbooks"]);
    assert!(listed.stdout.contains("00_check_structure"), "{}", listed.stdout);
    let told = format!("{}{}", listed.stdout, listed.stderr);
    assert!(told.contains("61_gone") && told.contains("62_folder"), "{told}");
    assert!(!told.contains("60_ok"), "{told}");
    let chosen = shelter.run(&["plan", "61"]);
    assert_eq!(chosen.code, 1);
    assert!(chosen.stderr.contains("cannot read `"), "{}", chosen.stderr);
}

#[test]
fn a_fresh_inventory_lists_the_two_founding_hosts_and_is_never_written_over() {
    let shelter = Shelter::new();
    assert_eq!(shelter.run(&["init"]).code, 0);
    let listed = shelter.run(&["hosts", "list"]);
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    assert_eq!(listed.stderr, "");
    let names: Vec<&str> =
        listed.stdout.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert_eq!(names, ["HOST", "phantom", "shadow"]);

    let again = shelter.run(&["init"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
}

#[test]
fn every_error_of_an_inventory_is_told_at_once_with_its_place() {
    let outcome = Shelter::new()
        .inventory("hosts:\n  alder:\n    adress: 10.0.0.1\n    port: 70000\n")
        .run(&["hosts", "list"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("shelter.yaml:3:5"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("`address`"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("shelter.yaml:4:11"), "{}", outcome.stderr);
}

#[test]
fn a_misspelt_host_in_a_pattern_is_told_with_the_nearest_name() {
    let shelter = Shelter::new().inventory("hosts:\n  alder:\n    via: local\n");
    let outcome = shelter.run(&["hosts", "ping", "adler"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("`alder`"), "{}", outcome.stderr);
}

#[test]
fn what_clap_refuses_is_an_error_in_what_was_given() {
    let outcome = Shelter::new().run(&["hosts", "pong"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("ping"), "{}", outcome.stderr);
    assert_eq!(Shelter::new().run(&["--version"]).code, 0);
}

#[test]
fn a_dead_host_does_not_keep_another_from_answering() {
    let port = free_port();
    let outcome = Shelter::new()
        .inventory(&format!(
            "hosts:\n  here:\n    via: local\n  dead:\n    address: 127.0.0.1\n    port: {port}\n    user: me\n"
        ))
        .run(&["hosts", "ping"]);
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    let first: Vec<String> = outcome.stdout.lines().map(|l| l.replace(['●', '✕'], "")).collect();
    assert!(first.iter().any(|l| l.starts_with("here") && l.contains(" up")), "{first:?}");
    assert!(first.iter().any(|l| l.starts_with("dead") && l.contains(" down")), "{first:?}");
}

#[test]
fn a_host_reached_through_a_shell_command_answers_with_its_facts() {
    let outcome = Shelter::new()
        .inventory("hosts:\n  box:\n    via:\n      shell: env -i PATH=/usr/bin:/bin sh\n")
        .run(&["hosts", "facts", "--json"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(told["host"], "box");
    assert_eq!(told["facts"]["os"]["family"], "linux");
}

#[test]
fn the_practice_hosts_answer_with_nothing_prepared() {
    let shelter = Shelter::new();
    let outcome = shelter.run(&["--lab", "hosts", "ping"]);
    let stopped = shelter.run(&["lab", "stop"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert_eq!(names_and_states(&outcome.stdout), ["phantom ● up", "shadow ● up"]);
    assert!(outcome.stdout.lines().all(|l| l.ends_with("SIMULATED")), "{}", outcome.stdout);
    assert_eq!(stopped.code, 0, "{}", stopped.stderr);
}

#[test]
fn an_error_is_told_once_with_its_cause_beneath() {
    let outcome = Shelter::new().file("home", "no directory").run(&["--home", "home", "init"]);
    assert_eq!(outcome.code, 1);
    assert_eq!(outcome.stderr.matches("home").count(), 1, "{}", outcome.stderr);
}

#[test]
fn an_inventory_without_hosts_or_that_is_no_file_is_named() {
    let empty = Shelter::new().inventory("hosts: {}\n").run(&["hosts", "ping"]);
    assert_eq!(empty.code, 1);
    assert!(empty.stderr.contains("there is no host in `~/.mountain_shelter"), "{}", empty.stderr);
    let folder =
        Shelter::new().file(".mountain_shelter/shelter.yaml/x", "").run(&["hosts", "ping"]);
    assert_eq!(folder.code, 1);
    assert!(folder.stderr.contains("is not a file"), "{}", folder.stderr);
}

#[test]
fn without_a_home_none_is_made_where_one_happens_to_stand() {
    let shelter = Shelter::new();
    let output = shelter.command(&["hosts", "list"]).env("HOME", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!shelter.path(".mountain_shelter").exists());
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    let shelter = Shelter::new();
    for shell in ["bash", "zsh", "fish"] {
        let outcome = shelter.run(&["completions", shell]);
        assert!(outcome.code == 0 && outcome.stdout.contains("shelter"), "{shell}");
    }
    assert!(shelter.run(&["man"]).stdout.starts_with(".ie"));
}
