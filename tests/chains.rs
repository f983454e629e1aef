//! Playbooks that need each other, over several hosts, as `--run` and `--rerun` take them.

use shelter::playbook::builtin;

use crate::support::Shelter;

const FIRST: &str = "playbook: 50_first\nname: First\npurpose: Goes wrong on shadow.\nhosts: all\n\
    provides: first_ok\nsteps:\n  - name: only on phantom\n    \
    check: test {{ host.name }} = phantom\n    apply: exit 7\n";
const SECOND: &str = "playbook: 51_second\nname: Second\npurpose: Needs the first.\nhosts: all\n\
    needs: first_ok\nsteps:\n  - name: nothing\n    check: 'true'\n    apply: 'true'\n";
const THIRD: &str = "playbook: 52_third\nname: Third\npurpose: Needs nothing.\nhosts: all\n\
    steps:\n  - name: nothing\n    check: 'true'\n    apply: 'true'\n";

fn chain() -> Shelter {
    Shelter::new()
        .file(".mountain_shelter/playbooks/50_first.yaml", FIRST)
        .file(".mountain_shelter/playbooks/51_second.yaml", SECOND)
        .file(".mountain_shelter/playbooks/52_third.yaml", THIRD)
}

/// A home whose action plan is one step per playbook, each leaving a file.
fn small_plan() -> (Shelter, Vec<String>) {
    let in_plan = |id: &String| id.starts_with('0');
    let ids: Vec<String> = builtin::playbooks()
        .map(|file| file.path.trim_end_matches(".yaml").to_owned())
        .filter(in_plan)
        .collect();
    let mut shelter = Shelter::new();
    for id in &ids {
        let text = format!(
            "playbook: {id}\nname: Small\npurpose: Does little.\nhosts: all\nsteps:\n  - name: mark\n    \
             file: {{path: \"{{{{ facts.home }}}}/{id}\", content: x, mode: \"0644\"}}\n"
        );
        shelter = shelter.file(&format!(".mountain_shelter/playbooks/{id}.yaml"), &text);
    }
    (shelter, ids)
}

/// The playbooks a run was of, in order.
fn ran(stdout: &str) -> Vec<&str> {
    let heads = stdout.lines().filter(|line| line.contains(" · run "));
    heads.filter_map(|line| line.split(' ').next()).collect()
}

#[test]
fn a_host_that_fails_is_left_out_of_what_needs_it_and_nothing_else() {
    let shelter = chain();
    let run = shelter.run(&["--lab", "--run", "50-52"]);
    let alone = shelter.run(&["--lab", "--run", "51", "-l", "shadow"]);
    let again = shelter.run(&["--lab", "--rerun", "failed"]);
    let listed = shelter.run(&["--lab", "playbooks"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert_eq!(ran(&run.stdout), ["50_first", "51_second", "52_third"]);
    let skipped = "skipping: [shadow] it needs the flag `first_ok`, which 50_first provides";
    assert_eq!(run.stdout.matches(skipped).count(), 1, "{}", run.stdout);
    assert_eq!(run.stdout.matches("ok: [phantom]").count(), 3, "{}", run.stdout);
    assert_eq!(run.stdout.matches("ok: [shadow]").count(), 1, "{}", run.stdout);

    assert_eq!(alone.code, 2, "{}", alone.stdout);
    assert!(alone.stdout.contains("shelter --lab --run 50_first -l shadow"), "{}", alone.stdout);
    assert_eq!(ran(&again.stdout), ["50_first"], "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.lines().next().unwrap().ends_with("· shadow"), "{}", again.stdout);
    // What was left out leaves no trace: it is as it was before.
    let second = listed.stdout.lines().find(|line| line.starts_with("51_second")).unwrap();
    assert!(second.contains("phantom: well, shadow: never"), "{second}");
}

#[test]
fn a_check_goes_along_a_chain_that_has_never_run() {
    let shelter = chain();
    let check = shelter.run(&["--lab", "--run", "50-51", "-l", "phantom", "--check"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(check.code, 0, "{}{}", check.stdout, check.stderr);
    assert!(!check.stdout.contains("skipping: [phantom] it needs"), "{}", check.stdout);
}

#[test]
fn next_takes_the_first_that_is_not_well_and_all_takes_the_rest() {
    let (shelter, ids) = small_plan();
    let next = shelter.run(&["--lab", "--run", "next", "-l", "phantom"]);
    let plan = shelter.run(&["--lab", "plan", "next"]);
    let all = shelter.run(&["--lab", "--run", "all"]);
    let done = shelter.run(&["--lab", "--run", "all"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(ran(&next.stdout), ids[..1], "{}{}", next.stdout, next.stderr);
    assert!(plan.stdout.starts_with(&ids[0]) && plan.stdout.contains("\nshadow ·"));
    assert_eq!(all.code, 0, "{}{}", all.stdout, all.stderr);
    assert_eq!(ran(&all.stdout), ids, "{}", all.stdout);
    assert!(all.stdout.lines().next().unwrap().ends_with("· shadow"), "{}", all.stdout);
    assert_eq!(ran(&done.stdout), Vec::<&str>::new());
    assert!(done.stderr.contains("nothing is due"), "{}", done.stderr);
}

#[test]
fn playbooks_that_wait_for_each_other_are_refused_with_the_place() {
    let playbook = |id: &str, needs: &str, provides: &str| {
        format!(
            "playbook: {id}\nname: One\npurpose: Waits.\nhosts: all\nneeds: {needs}\nprovides: {provides}\n\
             steps:\n  - name: nothing\n    check: 'true'\n    apply: 'true'\n"
        )
    };
    let shelter = Shelter::new()
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/58_one.yaml", &playbook("58_one", "b_ok", "a_ok"))
        .file(".mountain_shelter/playbooks/59_two.yaml", &playbook("59_two", "a_ok", "b_ok"));
    let outcome = shelter.run(&["--run", "58-59"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("`58_one` waits for itself"), "{}", outcome.stderr);
    // One of them alone may run, for what it waits for may stand: the circle is told all the same.
    let plan = shelter.run(&["plan", "59"]);
    assert!(plan.stdout.contains("59_two"), "{}{}", plan.stdout, plan.stderr);
    assert!(plan.stderr.contains("`59_two` waits for itself"), "{}", plan.stderr);
    assert!(outcome.stderr.contains("59_two.yaml:5:8"), "{}", outcome.stderr);
}
