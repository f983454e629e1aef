//! `shelter plan` and `shelter playbooks`, as their users call them.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::support::{Shelter, free_port};

const LOCAL: &str = "hosts:\n  here: {via: local}\n";
const TAGGED: &str = "playbook: 50_tagged\nname: Tagged\npurpose: Shows how a plan looks.\nhosts: all\n\
    steps:\n  - name: marker\n    tags: [mark]\n    \
    file: {path: \"{{ facts.home }}/marker\", content: \"{{ text }}\\n\", mode: \"0600\"}\n  \
    - name: by hand\n    check: test -e /etc\n    apply: 'true'\n    when: facts.os.family == 'plan9'\n\
    vars:\n  text: it's here\n";

fn with_tagged(inventory: &str) -> Shelter {
    let playbook = ".mountain_shelter/playbooks/50_tagged.yaml";
    Shelter::new().inventory(inventory).file(playbook, TAGGED)
}

#[test]
fn a_plan_shows_each_step_with_its_place_its_undo_and_why_it_is_skipped() {
    let shelter = with_tagged(LOCAL);
    let outcome = shelter.run(&["plan", "50"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let line = |name: &str| {
        let found = outcome.stdout.lines().find(|line| line.contains(name));
        found.unwrap_or_else(|| panic!("{name} is missing in\n{}", outcome.stdout)).to_owned()
    };
    let marker = line("marker ");
    for told in ["1", "file", "exact", "50_tagged.yaml:6:5"] {
        assert!(marker.contains(told), "{told} is missing in {marker}");
    }
    assert!(line("by hand").contains("its condition does not hold"), "{}", outcome.stdout);
    assert!(line("here ·").contains("2 steps"), "{}", outcome.stdout);

    let tagged = shelter.run(&["plan", "50", "-t", "mark"]);
    assert!(tagged.stdout.contains("1 left out"), "{}", tagged.stdout);
    assert!(!tagged.stdout.contains("by hand"), "{}", tagged.stdout);
}

#[test]
fn a_plan_for_a_host_that_cannot_be_reached_shows_the_steps_as_written() {
    let port = free_port();
    let dead = format!("hosts:\n  dead: {{address: 127.0.0.1, port: {port}, user: me}}\n");
    let shelter = with_tagged(&dead);
    let outcome = shelter.run(&["plan", "50"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for told in ["marker", "by hand", "shown as written, nothing is resolved"] {
        assert!(outcome.stdout.contains(told), "{told} is missing in\n{}", outcome.stdout);
    }
    let script = shelter.run(&["plan", "50", "--script"]);
    assert_eq!((script.code, script.stdout.as_str()), (4, ""), "{}", script.stderr);
}

#[test]
fn a_plan_in_json_is_one_object_per_playbook_and_host() {
    let outcome = with_tagged(LOCAL).run(&["plan", "50", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(told["playbook"], "50_tagged");
    assert_eq!(told["host"], "here");
    assert_eq!(told["steps"][0]["name"], "marker");
    assert_eq!(told["steps"][0]["undo"], "exact");
    assert_eq!(told["steps"][0]["skipped"], serde_json::Value::Null);
    assert!(told["steps"][1]["skipped"].is_string(), "{told}");
}

#[test]
fn the_program_of_a_plan_runs_by_hand_and_does_what_the_run_would() {
    let shelter = with_tagged(LOCAL).file("locks/none", "");
    let plan = shelter.command(&["plan", "50", "--script"]).output().unwrap();
    assert!(plan.status.success(), "{}", String::from_utf8_lossy(&plan.stderr));
    let locks = shelter.path("locks");
    std::fs::set_permissions(&locks, Permissions::from_mode(0o1777)).unwrap();
    // A lock of its own: the usual one is that of every run on this machine.
    let text =
        String::from_utf8(plan.stdout).unwrap().replace("/run/lock", &locks.display().to_string());
    let program = shelter.path("program");
    std::fs::File::create(&program).unwrap().write_all(text.as_bytes()).unwrap();
    let mut sh = Command::new("sh");
    sh.env("HOME", shelter.path("")).arg(&program).arg("go");
    let ran = sh.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    let written = std::fs::read_to_string(shelter.path("marker")).unwrap_or_default();
    assert_eq!(written, "it's here\n", "{said}");
}

#[test]
fn playbooks_are_listed_with_what_they_are_for_and_how_they_last_went() {
    let shelter = with_tagged(LOCAL);
    let before = shelter.run(&["--lab", "playbooks"]);
    let never = before.stdout.lines().find(|line| line.starts_with("50_tagged")).unwrap();
    assert!(never.contains("never") && never.contains("Shows how a plan looks."), "{never}");
    assert_eq!(shelter.run(&["--lab", "plan"]).stdout, before.stdout);
    let ran = shelter.run(&["--lab", "--run", "50", "-l", "phantom"]);
    let after = shelter.run(&["--lab", "playbooks"]).stdout;
    let json = shelter.run(&["--lab", "playbooks", "--json"]).stdout;
    shelter.run(&["lab", "stop"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let line = after.lines().find(|line| line.starts_with("50_tagged")).unwrap();
    assert!(line.contains("phantom: well, shadow: never"), "{line}");
    let told = json.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let tagged = told.into_iter().find(|one| one["playbook"] == "50_tagged").unwrap();
    assert_eq!(tagged["hosts"]["phantom"]["state"], "well");
}
