//! Every built-in rule has a recording that raises it, one that clears it, and one just below that does neither.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use shelter::fleet::Notice;
use shelter::watchdog::{Replay, Rules, Told};

use crate::support::Shelter;
use crate::support::cases::in_repository;

/// What is told of alerts while a recording is played: the rule and the word.
fn play(rule: &str, kind: &str) -> Vec<(String, Notice)> {
    let path = in_repository(&format!("tests/watch/{rule}.{kind}.jsonl"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut replay = Replay::new(Rules::read(&[]).unwrap());
    let mut told = Vec::new();
    for line in text.lines() {
        told.extend(
            replay.play(line).unwrap_or_else(|e| panic!("{}: {e}\n{line}", path.display())),
        );
    }
    told.extend(replay.finish().0);
    let notice = |(_, told): (_, Told)| match told {
        Told::Alert { notice, alert, .. } => Some((alert.id.rule, notice)),
        _ => None,
    };
    told.into_iter().filter_map(notice).collect()
}

#[test]
fn every_built_in_rule_is_raised_cleared_and_left_alone_as_it_should_be() {
    let rules = Rules::read(&[]).unwrap();
    assert!(rules.rules.len() >= 16);
    for rule in &rules.rules {
        let name = rule.name.value.clone();
        let raised = (name.clone(), Notice::Raised);
        assert_eq!(play(&name, "raises"), std::slice::from_ref(&raised), "{name} raises");
        assert_eq!(
            play(&name, "clears"),
            [raised, (name.clone(), Notice::Cleared)],
            "{name} clears"
        );
        assert_eq!(play(&name, "below"), [], "{name} just below");
    }
}

#[test]
fn rules_are_tried_on_recorded_samples_from_a_file_and_from_a_pipe() {
    let shelter = Shelter::new().file("own.yaml", "rules:\n  - {rule: ram, raise: \"> 98 %\"}\n");
    let samples = in_repository("tests/watch/ram.raises.jsonl");
    let samples = samples.to_str().unwrap();
    let built_in = shelter.run(&["watch", "test", "built-in", samples]);
    assert_eq!(built_in.code, 0, "{}", built_in.stderr);
    assert!(
        built_in.stdout.contains("warning   ram@alder: RAM is 97 % full (16 GiB of 16 GiB"),
        "{}",
        built_in.stdout
    );
    assert!(built_in.stdout.contains("1 raised, 0 cleared, 1 stand"), "{}", built_in.stdout);
    let own = shelter.run(&["watch", "test", "own.yaml", samples]);
    assert!(own.stdout.contains(" 0 raised"), "{}{}", own.stdout, own.stderr);
    let mut command = shelter.command(&["watch", "test", "built-in", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(samples).unwrap()).unwrap();
    let piped = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), built_in.stdout);
}

#[test]
fn a_line_that_is_no_sample_is_told_with_its_number() {
    let shelter =
        Shelter::new().file("s", "{\"at\":\"2026-11-21T14:00:00.000Z\",\"host\":\"a\"}\nx\n");
    let told = shelter.run(&["watch", "test", "built-in", "s"]);
    assert_eq!(told.code, 1, "{}", told.stdout);
    assert!(told.stderr.contains("s:2: this is not a JSON object"), "{}", told.stderr);
}
