//! How runs end in the records: whatever happened to the console, to the home and to the runner, all views agree.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::{begun, run_of, waiting};
use crate::support::{Outcome, Shelter, this_machine};

/// A playbook that writes a file and sets a flag.
fn writing(shelter: Shelter) -> Shelter {
    let place = shelter.user_home().display().to_string();
    let text = format!(
        "playbook: 51_writes\nname: Writes\npurpose: Writes.\nprovides: written_ok\nsteps:\n  \
         - file: {{path: {place}/written, content: x, mode: \"0644\"}}\n"
    );
    shelter
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/51_writes.yaml", &text)
}

fn status(shelter: &Shelter, playbook: &str) -> serde_json::Value {
    let path = format!(".mountain_shelter/status/here/{playbook}.json");
    serde_json::from_slice(&std::fs::read(shelter.path(&path)).unwrap()).unwrap()
}

#[test]
fn a_run_or_an_undo_that_is_refused_leaves_what_was_known() {
    let _machine = this_machine();
    let (shelter, dir) = waiting(writing(Shelter::new()));
    let well = shelter.run(&["--run", "51"]);
    assert_eq!(well.code, 0, "{}{}", well.stdout, well.stderr);
    let well_run = run_of(&well);
    let well_run = well_run.as_str();
    std::fs::remove_file(dir.join("written")).unwrap();
    let (mut console, _) = begun(&shelter);
    let refused = [vec!["--run", "51"], vec!["undo", well_run]].map(|args| {
        let refused = shelter.run(&args);
        (refused, status(&shelter, "51_writes"))
    });
    let stands = shelter.path(".mountain_shelter/status/here/written_ok").exists();
    std::fs::write(dir.join("go"), "").unwrap();
    console.wait().unwrap();
    for (refused, told) in refused {
        assert_eq!(refused.code, 2, "{}{}", refused.stdout, refused.stderr);
        assert!(refused.stdout.contains("another run holds this host"), "{}", refused.stdout);
        assert_eq!((&told["state"], &told["run"]), (&"well".into(), &well_run.into()), "{told}");
        assert_eq!(told["tried"]["state"], "refused", "{told}");
        assert_eq!(told["tried"]["run"], run_of(&refused), "{told}");
    }
    assert!(stands);
    // What was refused is what did not go well, and what is run again.
    let again = shelter.run(&["--rerun", "failed"]);
    assert!(again.stdout.contains("51_writes"), "{}{}", again.stdout, again.stderr);
    assert_eq!(status(&shelter, "51_writes")["tried"], serde_json::Value::Null);
}

/// A host that answers once a file appears.
fn silent() -> Shelter {
    let shelter = writing(Shelter::new());
    let place = shelter.user_home().display().to_string();
    let way = format!("until [ -e {place}/go ]; do sleep 0.05; done\nexec sh");
    let inventory = format!("hosts:\n  here: {{via: {{shell: [sh, {place}/way]}}}}\n");
    shelter.inventory(&inventory).file("way", &way)
}

#[test]
fn a_run_whose_console_dies_before_the_host_answers_is_ended_by_resuming_it() {
    let shelter = silent();
    let mut console =
        shelter.command(&["--run", "51", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(console.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let event: serde_json::Value = serde_json::from_str(&first).unwrap();
    assert_eq!(event["event"], "run_began");
    let run = event["run"].as_str().unwrap();
    console.kill().unwrap();
    console.wait().unwrap();
    let listed = shelter.run(&["log"]).stdout;
    assert!(listed.contains("interrupted"), "{listed}");
    assert!(shelter.run(&["log", run]).stderr.contains(&format!("shelter resume {run}")));
    // The host need not answer for that.
    let resumed = shelter.run(&["resume", run]);
    assert_eq!(resumed.code, 2, "{}{}", resumed.stdout, resumed.stderr);
    assert!(resumed.stdout.contains("had died before it began there"), "{}", resumed.stdout);
    let listed = shelter.run(&["log"]).stdout;
    assert!(listed.contains("left_out"), "{listed}");
    assert_eq!(shelter.run(&["log", run]).stderr, "");
    let over = shelter.run(&["resume", run]);
    assert!(over.code == 1 && over.stderr.contains("is over on all its hosts"), "{}", over.stderr);
    std::fs::write(shelter.path("go"), "").unwrap();
    assert!(!shelter.path("written").exists());
}

#[test]
fn what_a_full_home_kept_out_of_the_status_comes_back_from_the_log() {
    let _machine = this_machine();
    let shelter = writing(Shelter::new());
    let run = run_of(&shelter.run(&["--run", "51"]));
    // As it is when there is room for the log's last lines and for nothing behind them.
    let here = shelter.path(".mountain_shelter/status/here");
    for missing in ["51_writes.json", "written_ok"] {
        std::fs::remove_file(here.join(missing)).unwrap();
    }
    let resumed = shelter.run(&["resume", &run]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    let told = status(&shelter, "51_writes");
    assert_eq!((&told["state"], &told["run"]), (&"well".into(), &run.as_str().into()), "{told}");
    assert!(here.join("written_ok").exists());
    assert_eq!(shelter.run(&["log", "verify"]).code, 0);
    let over = shelter.run(&["resume", &run]);
    assert!(over.stderr.contains("is over on all its hosts"), "{}", over.stderr);
}

/// Runs the binary where no file can be written, as on a disk without room.
fn without_room(shelter: &Shelter, args: &[&str]) -> Outcome {
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_shelter"))
        .args(args)
        .env_clear()
        .env("HOME", shelter.user_home())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    Outcome { code: output.status.code().unwrap_or(-1), stdout, stderr }
}

#[test]
fn a_home_without_room_keeps_nobody_from_seeing_what_hosts_say() {
    let shelter = writing(Shelter::new());
    for (args, told) in [
        (&["hosts", "ping"][..], "● up"),
        (&["hosts", "facts"], "here"),
        (&["plan", "51"], "51_writes"),
        (&["models"], "here"),
        (&["report"], "## Hosts"),
    ] {
        let outcome = without_room(&shelter, args);
        assert_eq!(outcome.code, 0, "{args:?}: {}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stdout.contains(told), "{args:?}: {}", outcome.stdout);
        let warned = outcome.stderr.contains("what was seen is not remembered");
        assert!(warned, "{args:?}: {}", outcome.stderr);
    }
}

#[test]
fn the_recap_of_a_run_that_was_lost_counts_the_steps_that_ended() {
    let _machine = this_machine();
    let shelter = writing(Shelter::new());
    let place = shelter.user_home().display().to_string();
    let text = format!(
        "playbook: 52_kills\nname: Kills\npurpose: Kills its runner.\nsteps:\n  \
         - file: {{path: {place}/before, content: x, mode: \"0644\"}}\n  \
         - name: kill\n    check: 'false'\n    apply: kill -9 $$\n"
    );
    let shelter = shelter.file(".mountain_shelter/playbooks/52_kills.yaml", &text);
    let lost = shelter.run(&["--run", "52"]);
    assert_eq!(lost.code, 2, "{}{}", lost.stdout, lost.stderr);
    assert!(lost.stdout.contains("lost"), "{}{}", lost.stdout, lost.stderr);
    let counted = ["ok=1 ", "changed=1 "].iter().all(|count| lost.stdout.contains(count));
    assert!(counted, "{}", lost.stdout);
}

/// A playbook with one step of this shell, and a file behind it.
fn with(shelter: Shelter, check: &str, apply: &str) -> Shelter {
    let place = shelter.user_home().display().to_string();
    let text = format!(
        "playbook: 52_kills\nname: Kills\npurpose: Kills.\nsteps:\n  \
         - name: kill\n    check: {check}\n    apply: {apply}\n    verify: 'true'\n  \
         - file: {{path: {place}/after, content: x, mode: \"0644\"}}\n"
    );
    shelter.file(".mountain_shelter/playbooks/52_kills.yaml", &text)
}

#[test]
fn a_run_whose_reader_is_killed_is_found_again_and_read_to_its_end() {
    let _machine = this_machine();
    let shelter = with(writing(Shelter::new()), "'false'", "kill -9 $PPID; sleep 0.3");
    let told = shelter.run(&["--run", "52"]);
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    assert!(told.stdout.contains("the process that read it was killed there"), "{}", told.stdout);
    assert!(told.stdout.contains("changed=2"), "{}", told.stdout);
    assert!(shelter.path("after").exists());
}

#[test]
fn a_runner_that_is_killed_is_told_with_the_step_it_was_at() {
    let _machine = this_machine();
    let shelter = with(writing(Shelter::new()), "'false'", "kill -9 $$; sleep 0.1");
    let told = shelter.run(&["--run", "52"]);
    assert_eq!(told.code, 2, "{}{}", told.stdout, told.stderr);
    let where_it_was = "its runner was killed in step 1, kill: what that step did is not known";
    assert!(told.stdout.contains(where_it_was), "{}", told.stdout);
    assert!(!shelter.path("after").exists());
}

#[test]
fn a_program_that_is_killed_while_it_looks_has_changed_nothing_and_says_so() {
    let _machine = this_machine();
    let shelter = with(writing(Shelter::new()), "kill -9 $$", "'true'");
    for args in [&["--run", "52"][..], &["--run", "52", "--check"]] {
        let told = shelter.run(args);
        assert_eq!(told.code, 2, "{}{}", told.stdout, told.stderr);
        let said = "the program was killed there while it looked, and has changed nothing";
        assert!(told.stdout.contains(said), "{}", told.stdout);
        assert!(!shelter.path("after").exists());
    }
}

#[test]
fn a_run_that_was_taken_back_is_not_taken_back_twice() {
    let _machine = this_machine();
    let shelter = writing(Shelter::new());
    let run = run_of(&shelter.run(&["--run", "51"]));
    let first = shelter.run(&["undo", &run]);
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    let second = shelter.run(&["undo", &run]);
    assert_eq!((second.code, second.stdout.as_str()), (1, ""), "{}", second.stderr);
    let told = format!("run {run} was undone by run {}", run_of(&first));
    assert!(second.stderr.contains(&told), "{}", second.stderr);
}

#[test]
fn a_process_that_a_step_leaves_running_is_told_with_the_name_of_its_program() {
    let _machine = this_machine();
    let shelter = writing(Shelter::new()).file(
        ".mountain_shelter/playbooks/52_leaves.yaml",
        "playbook: 52_leaves\nname: Leaves\npurpose: Leaves a process.\nsteps:\n  \
         - name: leave\n    check: 'false'\n    apply: sleep 60 >/dev/null 2>&1 </dev/null &\n    verify: 'true'\n",
    );
    let outcome = shelter.run(&["--run", "52"]);
    let (before, _) = outcome
        .stdout
        .split_once(" (sleep) was left running")
        .unwrap_or_else(|| panic!("{}{}", outcome.stdout, outcome.stderr));
    let pid: i32 = before.rsplit(' ').next().unwrap().parse().unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}
