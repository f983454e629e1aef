//! Playbooks run by the binary on practice hosts.

use crate::support::Shelter;

fn recaps(stdout: &str) -> Vec<&str> {
    stdout.lines().filter(|line| line.contains(" : ok=")).collect()
}

#[test]
fn the_second_run_of_a_playbook_changes_nothing() {
    let shelter = Shelter::new();
    let first = shelter.run(&["--lab", "--run", "00"]);
    let second = shelter.run(&["--lab", "--run", "00"]);
    let check = shelter.run(&["--lab", "--run", "00", "--check", "--exit-drift"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    assert_eq!(recaps(&first.stdout).len(), 2, "{}", first.stdout);
    assert!(first.stdout.contains("changed: [phantom]"), "{}", first.stdout);
    assert_eq!(second.code, 0, "{}{}", second.stdout, second.stderr);
    let unchanged = |line: &&str| line.contains(" changed=0 ");
    assert_eq!(recaps(&second.stdout).iter().filter(|l| unchanged(l)).count(), 2);
    assert_eq!(check.code, 0, "{}{}", check.stdout, check.stderr);
}

#[test]
fn a_check_of_a_fresh_host_finds_drift_and_changes_nothing() {
    let shelter = Shelter::new();
    let check = shelter.run(&["--lab", "--run", "00", "--check", "--exit-drift"]);
    let again = shelter.run(&["--lab", "--run", "00", "--check", "--exit-drift"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(check.code, 3, "{}{}", check.stdout, check.stderr);
    assert_eq!(recaps(&check.stdout), recaps(&again.stdout));
}

#[test]
fn an_error_in_a_playbook_is_told_before_any_host_is_reached() {
    let shelter = Shelter::new()
        .inventory("hosts:\n  here: {via: local}\n")
        .file(
            ".mountain_shelter/playbooks/50_wrong.yaml",
            "playbook: 50_wrong\nname: Wrong\npurpose: Shows an error.\nhosts: all\nsteps:\n  \
             - name: a\n    dir: {path: /tmp/x, mode: 0755}\n  - name: b\n    fil: {path: /tmp/x}\n",
        );
    let outcome = shelter.run(&["--run", "50"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.contains("50_wrong.yaml:7:31"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("`file`"), "{}", outcome.stderr);
}

#[test]
fn a_failing_step_is_told_after_the_recap_with_its_place_and_its_last_words() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n").file(
        ".mountain_shelter/playbooks/50_fails.yaml",
        "playbook: 50_fails\nname: Fails\npurpose: Fails.\nhosts: all\nsteps:\n  \
             - name: break\n    check: exit 1\n    apply: echo last words; exit 7\n",
    );
    let outcome = shelter.run(&["--run", "50"]);
    assert_eq!(outcome.code, 2, "{}{}", outcome.stdout, outcome.stderr);
    let (_, after) = outcome.stdout.split_once(" : ok=").unwrap();
    for told in ["failed: here: step 1 break", "50_fails.yaml:6", "exit status 7", "last words"] {
        assert!(after.contains(told), "{told} is missing in\n{}", outcome.stdout);
    }
}
