//! Playbooks run by the binary on practice hosts.

mod ends;
mod undo;

use std::io::{BufRead, BufReader};

use crate::support::{Outcome, Shelter, this_machine};

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
    // Practice is remembered apart: a real host of that name has not been touched.
    let home = shelter.user_home().join(".mountain_shelter");
    assert!(home.join("lab/home/status/phantom/structure_ok").exists());
    assert!(!home.join("status").exists() && !home.join("history_main.log").exists());
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
fn a_playbook_that_names_no_hosts_is_meant_for_all() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n").file(
        ".mountain_shelter/playbooks/50_all.yaml",
        "playbook: 50_all\nname: All\npurpose: Looks.\nsteps:\n  - { name: look, check: \"true\" }\n",
    );
    let outcome = shelter.run(&["--run", "50"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("ok: [here] 1 look"), "{}", outcome.stdout);
}

#[test]
fn a_failing_step_is_told_after_the_recap_with_its_place_and_its_last_words() {
    let _machine = this_machine();
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

/// A playbook whose second step lasts until a file appears.
fn waiting(shelter: Shelter) -> (Shelter, std::path::PathBuf) {
    let dir = shelter.user_home().to_owned();
    let place = dir.display().to_string();
    let text = format!(
        "playbook: 50_waits\nname: Waits\npurpose: Waits for a file.\nhosts: all\non_fail: undo\nsteps:\n  \
         - name: first\n    file: {{path: {place}/first, content: x, mode: \"0644\"}}\n  \
         - name: long\n    run: {{sh: 'echo at it; until [ -e {place}/go ]; do sleep 0.05; done; echo x >>{place}/count', creates: {place}/count}}\n  \
         - name: last\n    file: {{path: {place}/last, content: y, mode: \"0644\"}}\n"
    );
    let shelter = shelter
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/50_waits.yaml", &text);
    (shelter, dir)
}

/// Starts the run and waits until its long step has begun.
fn begun(shelter: &Shelter) -> (std::process::Child, String) {
    let mut command = shelter.command(&["--run", "50", "--json"]);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines {
        let event: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        if event["what"] == "step_began" && event["step"]["name"] == "long" {
            return (child, event["run"].as_str().unwrap().to_owned());
        }
    }
    panic!("the long step never began: {:?}", child.wait());
}

#[test]
fn a_run_whose_console_is_killed_goes_on_and_is_resumed_without_doubling_a_step() {
    let _machine = this_machine();
    let (shelter, dir) = waiting(Shelter::new());
    let (mut console, run) = begun(&shelter);
    console.kill().unwrap();
    console.wait().unwrap();
    let offered = shelter.run(&["--run", "50", "--check"]);
    assert!(offered.stderr.contains(&format!("shelter resume {run}")), "{}", offered.stderr);
    std::fs::write(dir.join("go"), "").unwrap();
    let resumed = shelter.run(&["resume"]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert!(resumed.stdout.contains("changed=3"), "{}", resumed.stdout);
    assert_eq!(std::fs::read_to_string(dir.join("count")).unwrap(), "x\n");
    assert_eq!(shelter.run(&["resume"]).code, 1);

    let undone = shelter.run(&["undo", &run]);
    assert_eq!(undone.code, 0, "{}{}", undone.stdout, undone.stderr);
    assert!(!dir.join("first").exists() && !dir.join("last").exists(), "{}", undone.stdout);
}

#[test]
fn what_somebody_changed_since_is_not_restored_over_unasked() {
    let _machine = this_machine();
    let (shelter, dir) = waiting(Shelter::new());
    std::fs::write(dir.join("go"), "").unwrap();
    let done = shelter.run(&["--run", "50"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    let run = done.stdout.split_whitespace().nth(3).unwrap();
    std::fs::write(dir.join("last"), "mine now").unwrap();
    let refused = shelter.run(&["undo", run]);
    assert_eq!(refused.code, 2, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stdout.contains("conflict: [here] last"), "{}", refused.stdout);
    let (_, told) = refused.stdout.split_once("failed=1").unwrap();
    let way_on = format!("`shelter undo {run} -l here --conflict keep`");
    for part in ["conflict: here: step 3 last", "50_waits.yaml:", "-mine now", "+y", &way_on] {
        assert!(told.contains(part), "{part} is missing in\n{}", refused.stdout);
    }
    assert_eq!(std::fs::read_to_string(dir.join("last")).unwrap(), "mine now");
    let kept = shelter.run(&["undo", run, "--conflict", "keep"]);
    assert!(!dir.join("first").exists(), "{}{}", kept.stdout, kept.stderr);
    assert_eq!(std::fs::read_to_string(dir.join("last")).unwrap(), "mine now");
}

#[test]
fn an_interrupted_run_ends_in_order_and_is_taken_back() {
    let _machine = this_machine();
    let (shelter, dir) = waiting(Shelter::new());
    let (mut console, _) = begun(&shelter);
    assert!(dir.join("first").exists());
    let pid = rustix::process::Pid::from_child(&console);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(console.wait().unwrap().code(), Some(130));
    assert!(!dir.join("first").exists());
    assert!(!dir.join("count").exists());
}

/// A host whose shell is had by a script that counts how often it is asked for, in `count`, and does this before.
fn by_way_of(shelter: Shelter, before: &str) -> Shelter {
    let place = shelter.user_home().display().to_string();
    let way = format!("cd {place}; echo >>count; n=$(wc -l <count); {before}\nexec sh");
    let inventory = format!("hosts:\n  here: {{via: {{shell: [sh, {place}/way]}}}}\n");
    shelter.inventory(&inventory).file("way", &way).file(
        ".mountain_shelter/playbooks/50_all.yaml",
        &format!(
            "playbook: 50_all\nname: All\npurpose: Writes.\nhosts: all\nsteps:\n  \
             - file: {{path: {place}/written, content: x, mode: \"0644\"}}\n"
        ),
    )
}

#[test]
fn a_program_that_does_not_arrive_whole_is_sent_again() {
    let _machine = this_machine();
    // The first time is for the facts.
    let torn = "if [ $n = 2 ]; then dd bs=1 count=20000 2>err | sh; exit; fi";
    let shelter = by_way_of(Shelter::new(), torn);
    let outcome = shelter.run(&["--run", "50"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("sent again"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("ok=1 "), "{}", outcome.stdout);
}

#[test]
fn a_program_that_never_arrives_whole_is_given_up_and_nothing_was_done() {
    let shelter =
        by_way_of(Shelter::new(), "[ $n = 1 ] || { dd bs=1 count=20000 2>err | sh; exit; }");
    let outcome = shelter.run(&["--run", "50"]);
    assert_eq!(outcome.code, 2, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("did not arrive whole"), "{}", outcome.stdout);
    assert!(!shelter.user_home().join("written").exists());
    let sent = std::fs::read_to_string(shelter.user_home().join("count")).unwrap().len();
    assert_eq!(sent, 1 + 3, "a bounded number of times");
}

/// A playbook of two steps, the first with a tag, that provides a flag.
const TAGGED: &str = "playbook: 53_tagged\nname: Tagged\npurpose: Has tags.\nhosts: all\nprovides: tagged_ok\n\
    steps:\n  - name: one\n    tags: quick\n    check: 'true'\n    apply: 'true'\n  \
    - name: two\n    check: 'true'\n    apply: 'true'\n";

fn tagged() -> Shelter {
    Shelter::new()
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/53_tagged.yaml", TAGGED)
}

#[test]
fn some_steps_that_went_well_prove_nothing_of_the_playbook() {
    let _machine = this_machine();
    let shelter = tagged();
    let part = shelter.run(&["--run", "53", "-t", "quick"]);
    assert_eq!(part.code, 0, "{}{}", part.stdout, part.stderr);
    assert!(part.stdout.contains(" · part · "), "{}", part.stdout);
    let status = shelter.path(".mountain_shelter/status/here");
    assert!(!status.join("tagged_ok").exists() && !status.join("53_tagged.json").exists());
    assert_eq!(shelter.run(&["--run", "53"]).code, 0);
    assert!(status.join("tagged_ok").exists());
    assert_eq!(shelter.run(&["--run", "53", "--start-at", "two"]).code, 0);
    assert!(status.join("tagged_ok").exists());
}

#[test]
fn a_mistyped_tag_or_step_chooses_neither_nothing_nor_everything() {
    let shelter = tagged();
    for (argument, word, near) in [
        ("--tags", "quik", "`quick`"),
        ("--skip-tags", "quik", "`quick`"),
        ("--start-at", "twoo", "`two`"),
    ] {
        let outcome = shelter.run(&["--run", "53", argument, word]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{argument}");
        assert!(outcome.stderr.contains(near), "{argument}: {}", outcome.stderr);
    }
    let several = shelter.run(&["--run", "00,53", "--start-at", "two"]);
    assert_eq!(several.code, 1, "{}", several.stderr);
}

#[test]
fn what_contradicts_itself_on_the_command_line_runs_nothing() {
    let shelter = tagged();
    let given: [&[&str]; 6] = [
        &["--run", "53", "hosts", "list"],
        &["run", "53"],
        &["--run", "53", "-f", "0"],
        &["--run", "53", "-e", "=1"],
        &["--run", "53", "-e", "facts=1"],
        &["--run", "53", "-l", "!here"],
    ];
    for arguments in given {
        let outcome = shelter.run(arguments);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{arguments:?}");
    }
    assert!(shelter.run(&["run", "53"]).stderr.contains("`shelter --run 53`"));
}

#[test]
fn commands_to_type_again_say_which_home_and_which_variables() {
    let _machine = this_machine();
    let text = TAGGED.replace("apply: 'true'", "apply: exit 7").replace("'true'", "'false'");
    let shelter = Shelter::new()
        .file("fleet/shelter.yaml", "hosts:\n  here: {via: local}\n")
        .file("fleet/playbooks/53_tagged.yaml", &text);
    let home = shelter.path("fleet").display().to_string();
    let outcome = shelter.run(&["--home", &home, "--run", "53", "-e", "greeting=good day"]);
    assert_eq!(outcome.code, 2, "{}{}", outcome.stdout, outcome.stderr);
    let again = "again: shelter --home ~/fleet --run 53_tagged -l here -e 'greeting=good day'";
    assert!(outcome.stdout.contains(again), "{}", outcome.stdout);
}

#[test]
fn what_no_single_field_can_tell_is_told_before_any_host_is_reached() {
    let playbook = "playbook: 50_other\nname: Wrong\npurpose: Shows errors.\nhosts: all\nsteps:\n  \
        - wait: {within: 1s}\n  - assert: {message: no}\n  - fetch: {path: /tmp/x, url: \"http://a/b\", from: y}\n  \
        - template: {path: /tmp/x, from: nowhere.j2}\nhandlers:\n  - name: a\n    run: 'true'\n  - name: a\n    run: 'true'\n";
    let shelter = Shelter::new()
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/50_wrong.yaml", playbook);
    let outcome = shelter.run(&["--run", "50"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    for told in [
        "exactly one of `port`, `path`, `url`",
        "exactly one of `that`, `check`",
        "exactly one of `url`, `from`",
        "two handlers are called `a`",
    ] {
        assert!(outcome.stderr.contains(told), "{told}: {}", outcome.stderr);
    }
}

#[test]
fn a_file_that_is_not_there_and_a_name_that_is_not_the_files_are_told_with_their_places() {
    let playbook = "playbook: 50_sends\nname: Sends\npurpose: Sends a file.\nhosts: all\nsteps:\n  \
        - template: {path: /tmp/x, from: nowhere.j2}\n";
    let shelter = Shelter::new()
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/50_sends.yaml", playbook)
        .file(".mountain_shelter/playbooks/51_else.yaml", TAGGED);
    let outcome = shelter.run(&["--run", "50-51"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.contains("50_sends.yaml:6:36"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("files/nowhere.j2"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("stands in a file called `51_else`"), "{}", outcome.stderr);
}

#[test]
fn a_run_that_was_interrupted_and_undone_is_not_gone_on_with() {
    let _machine = this_machine();
    let (shelter, dir) = waiting(Shelter::new());
    let (mut console, run) = begun(&shelter);
    let held = shelter.run(&["resume", &run]);
    assert_eq!(held.code, 1, "{}", held.stdout);
    assert!(held.stderr.contains("another console follows run"), "{}", held.stderr);
    console.kill().unwrap();
    console.wait().unwrap();
    std::fs::write(dir.join("go"), "").unwrap();
    let undone = wait_until_free(|| shelter.run(&["undo", &run]));
    assert_eq!(undone.code, 0, "{}{}", undone.stdout, undone.stderr);
    let resumed = shelter.run(&["resume", &run]);
    assert_eq!(resumed.code, 1, "{}", resumed.stdout);
    assert!(resumed.stderr.contains("was undone by run"), "{}", resumed.stderr);
    let state =
        std::fs::read_to_string(shelter.path(".mountain_shelter/status/here/50_waits.json"));
    assert!(state.unwrap().contains("\"undone\""));
    assert!(shelter.run(&["resume"]).stderr.contains("no run was interrupted"));
    let twice = undone.stdout.split_whitespace().nth(3).unwrap();
    let twice = shelter.run(&["undo", twice]);
    assert!(twice.stderr.contains(&format!("took run {run} back itself")), "{}", twice.stderr);
}

/// Does it again for as long as the run it is about holds the host.
fn wait_until_free(attempt: impl Fn() -> Outcome) -> Outcome {
    for _ in 0..100 {
        let outcome = attempt();
        if !outcome.stdout.contains("another run holds this host") {
            return outcome;
        }
    }
    panic!("the host was never free");
}

#[test]
fn a_check_whose_console_dies_leaves_nothing_to_resume() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n").file(
        ".mountain_shelter/playbooks/50_looks.yaml",
        "playbook: 50_looks\nname: Looks\npurpose: Looks.\nsteps:\n  - { name: look, check: \"true\" }\n",
    );
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = shelter.command(&["--run", "50", "-C"]).stdout(full).status().unwrap();
    assert_ne!(status.code(), Some(0));
    let next = shelter.run(&["--run", "50", "-C"]);
    assert_eq!((next.code, next.stderr.as_str()), (0, ""), "{}", next.stdout);
    // A mark that a home from before, or a full disk, left behind goes away when it is asked about.
    let mark = shelter.path(".mountain_shelter/status/open/R7K2M4");
    std::fs::create_dir_all(mark.parent().unwrap()).unwrap();
    std::fs::write(&mark, "").unwrap();
    let unknown = shelter.run(&["resume"]);
    assert!(unknown.stderr.contains("nothing is known of run R7K2M4"), "{}", unknown.stderr);
    assert!(!mark.exists());
}

#[test]
fn nothing_is_done_on_a_host_that_the_home_has_no_room_for() {
    let _machine = this_machine();
    let shelter = Shelter::new();
    let made = shelter.path("made");
    let playbook = format!(
        "playbook: 50_makes\nname: Makes\npurpose: Makes a file.\nsteps:\n  \
         - file: {{path: {}, content: x, mode: \"0644\"}}\n",
        made.display()
    );
    let shelter = shelter
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/50_makes.yaml", &playbook);
    assert_eq!(shelter.run(&["hosts", "facts"]).code, 0);
    assert_eq!(shelter.run(&["--run", "50"]).code, 0);
    std::fs::remove_file(&made).unwrap();
    // A folder in the place of the history stands for a disk without room: nobody can write there, not even root.
    let history = shelter.path(".mountain_shelter/history_main.log");
    std::fs::remove_file(&history).unwrap();
    std::fs::create_dir(&history).unwrap();
    let full = shelter.run(&["--run", "50"]);
    assert_eq!(full.code, 1, "{}{}", full.stdout, full.stderr);
    assert!(full.stderr.contains("nothing more is done"), "{}", full.stderr);
    assert!(!made.exists(), "{}{}", full.stdout, full.stderr);
}

/// A playbook that makes a folder.
fn folder(shelter: Shelter) -> Shelter {
    let made = shelter.path("made").display().to_string();
    let text = format!(
        "playbook: 50_folder\nname: Folder\npurpose: Makes a folder.\nsteps:\n  - dir: {made}\n"
    );
    shelter
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/50_folder.yaml", &text)
}

/// The name of the run that this outcome shows.
fn run_of(outcome: &Outcome) -> String {
    outcome.stdout.split_whitespace().nth(3).unwrap().to_owned()
}

#[test]
fn what_could_not_be_taken_back_is_told_with_the_reason() {
    let _machine = this_machine();
    let shelter = folder(Shelter::new());
    let done = shelter.run(&["--run", "50"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    std::fs::write(shelter.path("made/mine"), "").unwrap();
    let undone = shelter.run(&["undo", &run_of(&done)]);
    assert_eq!(undone.code, 2, "{}{}", undone.stdout, undone.stderr);
    let (_, told) = undone.stdout.split_once("failed=1").unwrap();
    assert!(told.contains("undo failed: here: step 1"), "{}", undone.stdout);
    assert!(told.to_lowercase().contains("not empty"), "{}", undone.stdout);
}

#[test]
fn an_older_run_does_not_take_away_what_a_newer_one_did() {
    let _machine = this_machine();
    let shelter = folder(Shelter::new());
    let older = run_of(&shelter.run(&["--run", "50"]));
    std::fs::remove_dir(shelter.path("made")).unwrap();
    let newer = run_of(&shelter.run(&["--run", "50"]));
    let refused = shelter.run(&["undo", &older]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{}", refused.stderr);
    assert!(refused.stderr.contains(&format!("`shelter undo {newer}` comes first")));
    assert!(shelter.path("made").exists());
    assert_eq!(shelter.run(&["undo", &newer]).code, 0);
    assert!(!shelter.path("made").exists());
}

#[test]
fn a_variable_that_nothing_here_uses_is_warned_of_with_the_nearest_one_and_one_in_a_template_is_not()
 {
    let shelter = Shelter::new()
        .inventory("hosts:\n  here: {via: local, vars: {of_the_host: x}}\n")
        .file(
            ".mountain_shelter/playbooks/50_says.yaml",
            "playbook: 50_says\nname: Says\npurpose: Says.\nvars: {greeting: hello}\nsteps:\n  \
             - template: {path: ~/said, from: said.j2}\n",
        )
        .file(".mountain_shelter/playbooks/files/said.j2", "{{ greeting }} {{ whom }}\n");
    let told = shelter.run(&["plan", "50", "-e", "greting=x", "-e", "whom=you"]);
    let warning =
        "warning: no playbook here uses the variable `greting`\n  = help: did you mean `greeting`?";
    assert!(told.stderr.contains(warning), "{}", told.stderr);
    assert!(!told.stderr.contains("`whom`"), "{}", told.stderr);
    for used in ["greeting=x", "of_the_host=y"] {
        let told = shelter.run(&["plan", "50", "-e", used, "-e", "whom=you"]);
        assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{used}");
    }
}

#[test]
fn what_failed_in_a_look_is_to_be_looked_at_again_and_not_run() {
    let _machine = this_machine();
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n").file(
        ".mountain_shelter/playbooks/54_asserts.yaml",
        "playbook: 54_asserts\nname: Asserts\npurpose: Asserts.\nsteps:\n  - assert: {check: 'false'}\n",
    );
    let looked = shelter.run(&["--run", "54", "--check"]);
    let again = "= again: shelter --run 54_asserts --check -l here\n";
    assert!(looked.stdout.contains(again), "{}{}", looked.stdout, looked.stderr);
    let ran = shelter.run(&["--run", "54"]);
    assert!(ran.stdout.contains("= again: shelter --run 54_asserts -l here\n"), "{}", ran.stdout);
}
