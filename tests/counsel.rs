//! "What didn't I ask you?" at the end of real runs on practice hosts.

use crate::support::Shelter;

const TITLE: &str = "\nWhat didn't I ask you?\n";

#[test]
fn every_run_ends_with_what_was_not_asked_and_each_line_has_evidence_and_a_command() {
    let shelter = Shelter::new();
    let run = shelter.run(&["--lab", "--run", "00", "-l", "phantom"]);
    let json = shelter.run(&["--lab", "--run", "00", "-l", "phantom", "--json"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let (_, section) = run.stdout.split_once(TITLE).unwrap_or_else(|| panic!("{}", run.stdout));
    let aside = "- shadow had no part in this (1 of 2 hosts were asked)\n    \
                 → shelter --lab --run 00_check_structure -l shadow\n";
    assert!(section.contains(aside), "{section}");
    assert!(section.contains("the action plan goes on with 00_check_structure on shadow"));

    let last: serde_json::Value =
        serde_json::from_str(json.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "counsel");
    let advice = last["advice"].as_array().unwrap();
    assert!(!advice.is_empty());
    for one in advice {
        for part in ["text", "evidence", "command"] {
            assert!(one[part].as_str().is_some_and(|text| !text.is_empty()), "{one}");
        }
    }
}

#[test]
fn a_handler_that_could_not_run_is_told_of_until_it_has() {
    let playbook = "playbook: 50_owes\nname: Owes\npurpose: Leaves a handler behind.\nhosts: all\nsteps:\n  \
                    - name: change\n    file: {path: \"{{ facts.home }}/changed\", content: x, mode: \"0644\"}\n    \
                    notify: catch up\n  \
                    - name: stumble\n    check: test -e {{ facts.home }}/mended\n    apply: exit 7\n\
                    handlers:\n  - name: catch up\n    run: {sh: 'true'}\n";
    let shelter = Shelter::new().file(".mountain_shelter/playbooks/50_owes.yaml", playbook);
    let args = ["--lab", "--run", "50", "-l", "phantom"];
    let failed = shelter.run(&args);
    let mended = playbook.replace("exit 7", "touch {{ facts.home }}/mended");
    let shelter = shelter.file(".mountain_shelter/playbooks/50_owes.yaml", &mended);
    let well = shelter.run(&args);
    shelter.run(&["lab", "stop"]);
    assert_eq!(failed.code, 2, "{}{}", failed.stdout, failed.stderr);
    let owed = "phantom owes the handler `catch up` of 50_owes";
    assert!(failed.stdout.contains(owed), "{}", failed.stdout);
    assert_eq!(well.code, 0, "{}{}", well.stdout, well.stderr);
    assert!(!well.stdout.contains(owed), "{}", well.stdout);
    assert!(!well.stdout.contains("handler owed"), "{}", well.stdout);
}
