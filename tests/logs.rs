//! `shelter log`, as its users call it: after real runs on practice hosts, and over histories made and forged.

use shelter::fleet::Timestamp;
use shelter::records::{Entry, History, Level};

use crate::support::{Outcome, Shelter};

fn with_history(lines: usize) -> Shelter {
    let shelter = Shelter::new().file(".mountain_shelter/playbooks/none", "");
    let entry = |n: usize| {
        let (host, run, actor) = (None, None, "rc@console".to_owned());
        let text = format!("entry {n}");
        (Timestamp(0), Entry { level: Level::Info, host, run, actor, text })
    };
    let entries: Vec<_> = (1..=lines).map(entry).collect();
    let path = shelter.path(".mountain_shelter/history_main.log");
    History::open(&path).unwrap().append(&entries).unwrap();
    shelter
}

fn forge(shelter: &Shelter, from: &str, to: &str) -> Outcome {
    let path = shelter.path(".mountain_shelter/history_main.log");
    let text = std::fs::read_to_string(&path).unwrap().replace(from, to);
    std::fs::write(&path, text).unwrap();
    shelter.run(&["log", "verify"])
}

#[test]
fn a_run_is_listed_and_replayed_as_it_was_shown() {
    let shelter = Shelter::new();
    let ran = shelter.run(&["--lab", "--run", "00", "-l", "phantom"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let listed = shelter.run(&["--lab", "log"]);
    let line = listed.stdout.lines().nth(1).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!((words[2], words[3]), ("00_check_structure", "apply"), "{line}");
    assert!(line.ends_with("phantom  well"), "{line}");

    let replayed = shelter.run(&["--lab", "log", words[1]]);
    assert_eq!(replayed.code, 0, "{}", replayed.stderr);
    assert!(ran.stdout.starts_with(&replayed.stdout), "{}\n{}", ran.stdout, replayed.stdout);
    let events = shelter.run(&["--lab", "log", words[1], "--json"]).stdout;
    let kinds: Vec<serde_json::Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kinds[0]["event"], "run_began");
    assert_eq!(kinds[kinds.len() - 1]["event"], "run_ended");

    let history = shelter.run(&["--lab", "log", "--history"]).stdout;
    assert!(history.lines().count() >= 3 && history.contains(words[1]), "{history}");
    assert_eq!(shelter.run(&["--lab", "log", "--history", "-n", "1"]).stdout.lines().count(), 1);
    let verified = shelter.run(&["--lab", "log", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stderr);
    assert!(verified.stdout.contains("the chain holds"), "{}", verified.stdout);

    std::fs::write(shelter.path(".mountain_shelter/lab/home/history_main.log"), "").unwrap();
    let emptied = shelter.run(&["--lab", "log", "verify"]);
    assert_eq!(emptied.code, 1, "{}", emptied.stdout);
    assert!(emptied.stderr.contains("lines were cut off"), "{}", emptied.stderr);
}

#[test]
fn a_changed_line_of_the_history_is_found_with_its_place() {
    let shelter = with_history(5);
    assert_eq!(shelter.run(&["log", "verify"]).code, 0);
    let outcome = forge(&shelter, "entry 3", "entry x");
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.stderr.contains("history_main.log:3"), "{}", outcome.stderr);
    let json = shelter.run(&["log", "verify", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((json.code, &told["holds"], &told["line"]), (1, &false.into(), &3.into()));
}

#[test]
fn a_history_is_printed_so_that_no_forged_line_moves_the_terminal() {
    let shelter = with_history(2);
    forge(&shelter, "entry 2", "entry \u{1b}[2J");
    let printed = shelter.run(&["log", "--history"]).stdout;
    assert_eq!(printed.lines().count(), 2);
    assert!(!printed.contains('\u{1b}'), "{printed:?}");
}

#[test]
fn what_is_no_run_is_told_with_the_way_on() {
    let shelter = Shelter::new();
    assert_eq!(shelter.run(&["log"]).code, 0);
    let odd = shelter.run(&["log", "yesterday"]);
    assert!(odd.code == 1 && odd.stderr.contains("not the name of a run"), "{}", odd.stderr);
    let unknown = shelter.run(&["log", "R7K2M4"]);
    assert!(
        unknown.code == 1 && unknown.stderr.contains("nothing is known of run"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn the_schema_is_printed_as_json_with_every_resource() {
    let printed = Shelter::new().run(&["schema"]);
    let schema: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(schema, shelter::playbook::schema::schema());
}

#[test]
fn a_status_file_that_is_not_what_was_written_counts_as_unknown() {
    let shelter = Shelter::new()
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/status/here/00_check_structure.json", "{\"state\": \"we");
    let listed = shelter.run(&["playbooks"]).stdout;
    let line = listed.lines().find(|line| line.starts_with("00_check_structure")).unwrap();
    assert!(line.contains("  unknown  "), "{line}");
    let verified = shelter.run(&["log", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stderr);
}
