//! `shelter --watchdog` as its users run it: on this machine, as a service, twice on one home.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Shelter, free_port, until};

fn fleet() -> Shelter {
    let port = free_port();
    Shelter::new().inventory(&format!(
        "hosts:\n  here: {{via: local}}\n  dead: {{address: 127.0.0.1, port: {port}, user: me}}\n"
    ))
}

fn end(child: &mut Child) -> i32 {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    child.wait().unwrap().code().unwrap_or(-1)
}

#[test]
fn one_round_tells_what_is_wrong_with_evidence_and_the_way_on() {
    let shelter = fleet();
    let once = shelter.run(&["--watchdog", "--once"]);
    assert_eq!(once.code, 4, "{}{}", once.stdout, once.stderr);
    for told in [
        "critical  unreachable@dead: the machine is up, but its SSH server is not",
        "connection refused",
        "→ shelter hosts ping dead",
        "What didn't I ask you?",
    ] {
        assert!(once.stdout.contains(told), "{told} is missing in\n{}", once.stdout);
    }
    let list = shelter.run(&["watch", "list", "--json"]);
    let told: Value = serde_json::from_str(&list.stdout).unwrap();
    assert_eq!(told["standing"]["alerts"][0]["id"], "unreachable@dead");
    assert_eq!(told["watcher"], Value::Null);
    let history =
        std::fs::read_to_string(shelter.path(".mountain_shelter/history_main.log")).unwrap();
    assert!(history.contains("unreachable@dead raised"), "{history}");
    // A second round says nothing again of what stands.
    let again = shelter.run(&["--watchdog", "--once", "--json"]);
    assert!(!again.stdout.contains("\"notice\":\"raised\""), "{}", again.stdout);
    assert!(
        shelter.run(&["log", "verify"]).stdout.contains("the chain holds")
            || shelter.run(&["log", "verify"]).code == 0
    );
}

#[test]
fn a_service_says_when_it_is_ready_and_alive_and_ends_when_it_is_told_to() {
    let shelter = fleet();
    let socket = shelter.path("notify");
    let heard = UnixDatagram::bind(&socket).unwrap();
    heard.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut command = shelter.command(&["--watchdog"]);
    command.env("NOTIFY_SOCKET", &socket).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut bytes = [0; 4096];
    let mut say = || {
        let read = heard.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..read]).into_owned()
    };
    let first = say();
    assert!(first.contains("READY=1") && first.contains("WATCHDOG=1"), "{first}");
    // Ready means that a round is over: where it stands can be read.
    assert!(shelter.path(".mountain_shelter/status/_watch/standing.json").exists());
    assert!(say().contains("WATCHDOG=1"));

    let second = shelter.run(&["--watchdog", "--once"]);
    assert_eq!(second.code, 1, "{}", second.stdout);
    let who = format!("(pid {})", child.id());
    assert!(
        second.stderr.contains("another watchdog watches this home")
            && second.stderr.contains(&who),
        "{}",
        second.stderr
    );
    let list = shelter.run(&["watch", "list"]);
    assert!(list.stdout.contains(&who), "{}", list.stdout);

    assert_eq!(end(&mut child), 0);
    let mut last = String::new();
    while !last.contains("STOPPING=1") {
        last = say();
    }
}

#[test]
fn the_hook_is_told_and_a_silence_is_heard_by_the_service() {
    let shelter = fleet()
        .file(".mountain_shelter/watch/rules.yaml", "rules:\n  - {rule: unreachable, for: 0s}\n");
    let hook = ".mountain_shelter/watch/hook";
    let told = shelter.path("told");
    let shelter =
        shelter.file(hook, &format!("#!/bin/sh\necho \"$1 $2 $3\" >>{}\n", told.display()));
    std::fs::set_permissions(shelter.path(hook), PermissionsExt::from_mode(0o755)).unwrap();
    let silence = shelter.run(&["watch", "silence", "@here", "--for", "1h", "--why", "a test"]);
    assert_eq!(silence.code, 0, "{}", silence.stderr);
    let mut child = shelter
        .command(&["--watchdog"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("the hook", || {
        std::fs::read_to_string(&told)
            .is_ok_and(|text| text.contains("raised critical unreachable@dead"))
    });
    let ack = shelter.run(&["watch", "ack", "unreachable@dead", "--for", "2h"]);
    assert_eq!(ack.code, 0, "{}", ack.stderr);
    until("the acknowledgement", || {
        shelter.run(&["watch", "list"]).stdout.contains("acknowledged by")
    });
    assert_eq!(shelter.run(&["watch", "ack", "unreachable@dead", "--lift"]).code, 0);
    until("its end", || !shelter.run(&["watch", "list"]).stdout.contains("acknowledged by"));
    assert_eq!(end(&mut child), 0);
}

#[test]
fn an_alert_stands_over_kill_9_and_is_not_told_twice() {
    let shelter = fleet()
        .file(".mountain_shelter/watch/rules.yaml", "rules:\n  - {rule: unreachable, for: 0s}\n");
    let spawn = || {
        let mut command = shelter.command(&["--watchdog", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut first = spawn();
    let mut lines = BufReader::new(first.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("\"notice\":\"raised\"")));
    let standing = || shelter.run(&["watch", "list"]).stdout.contains("unreachable@dead");
    until("the standing", standing);
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(standing(), "it stands though nobody watches");
    let mut second = spawn();
    until("the second watchdog", || {
        shelter.run(&["watch", "list"]).stdout.contains(&format!("(pid {}) watches", second.id()))
    });
    let rounds = |text: &str| text.split("last round ").nth(1).map(|rest| rest[..24].to_owned());
    let before = rounds(&shelter.run(&["watch", "list"]).stdout);
    until("two more rounds", || rounds(&shelter.run(&["watch", "list"]).stdout) > before);
    assert_eq!(end(&mut second), 0);
    let mut rest = String::new();
    second.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("\"notice\":\"raised\""), "{rest}");
}

#[test]
fn a_rule_that_names_no_playbook_there_is_refused_before_anything_is_looked_at() {
    let shelter = fleet().file(
        ".mountain_shelter/watch/own.yaml",
        "rules:\n  - rule: service\n    heal: {playbook: 90_start_servic}\n",
    );
    let refused = shelter.run(&["--watchdog", "--once"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    assert!(
        refused.stderr.contains("own.yaml:3:22")
            && refused.stderr.contains("did you mean `90_start_service`?"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_hook_that_hangs_holds_up_no_round_and_what_it_was_not_told_is_told_later() {
    let dead =
        |name: &str| format!("  {name}: {{address: 127.0.0.1, port: {}, user: me}}\n", free_port());
    let inventory = ["a", "b", "c"].map(dead).concat();
    let shelter = Shelter::new()
        .inventory(&format!("hosts:\n  here: {{via: local}}\n{inventory}"))
        .file(".mountain_shelter/watch/rules.yaml", "rules:\n  - {rule: unreachable, for: 0s}\n");
    let (hook, told, go) =
        (".mountain_shelter/watch/hook", shelter.path("told"), shelter.path("go"));
    let script = format!(
        "#!/bin/sh\nwhile [ ! -e {} ]; do sleep 0.1; done\necho \"$3\" >>{}\n",
        go.display(),
        told.display()
    );
    let shelter = shelter.file(hook, &script);
    std::fs::set_permissions(shelter.path(hook), PermissionsExt::from_mode(0o755)).unwrap();
    let spawn = || {
        let mut command = shelter.command(&["--watchdog", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let standing = || -> Value {
        let text = shelter.run(&["watch", "list", "--json"]).stdout;
        serde_json::from_str(&text).unwrap_or_default()
    };
    let mut first = spawn();
    until("the alerts", || {
        standing()["standing"]["alerts"].as_array().is_some_and(|alerts| alerts.len() == 3)
    });
    let (began, before) = (Instant::now(), standing()["standing"]["at"].clone());
    until("another round", || standing()["standing"]["at"] != before);
    assert!(began.elapsed() < Duration::from_secs(18), "the hook held up a round");
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!told.exists(), "it hangs");
    std::fs::write(&go, "").unwrap();
    let mut second = spawn();
    until("all three", || {
        std::fs::read_to_string(&told).is_ok_and(|text| {
            ["unreachable@a", "unreachable@b", "unreachable@c"].iter().all(|id| text.contains(id))
        })
    });
    assert_eq!(end(&mut second), 0);
}

#[test]
fn that_a_hook_fails_is_told_once() {
    let shelter = fleet().file(".mountain_shelter/watch/hook", "#!/bin/sh\nexit 7\n");
    let hook = shelter.path(".mountain_shelter/watch/hook");
    std::fs::set_permissions(hook, PermissionsExt::from_mode(0o755)).unwrap();
    let once = shelter.run(&["--watchdog", "--once"]);
    assert_eq!(once.code, 4, "{}{}", once.stdout, once.stderr);
    let failures = once.stdout.matches("fails: exit status: 7").count();
    assert_eq!(failures, 1, "{}", once.stdout);
}

#[test]
fn what_does_not_stand_cannot_be_acknowledged() {
    let shelter = fleet();
    assert_eq!(shelter.run(&["--watchdog", "--once"]).code, 4);
    let refused = shelter.run(&["watch", "ack", "unreachable@deat"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    assert!(refused.stderr.contains("did you mean `unreachable@dead`?"), "{}", refused.stderr);
    let heard = shelter.run(&["watch", "ack", "unreachable@dead"]);
    assert_eq!(heard.code, 0, "{}", heard.stderr);
    assert!(heard.stdout.contains("as soon as somebody watches"), "{}", heard.stdout);
}

#[test]
fn commands_are_offered_with_the_home_they_are_about() {
    let shelter = fleet();
    let other = shelter.path("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::copy(shelter.path(".mountain_shelter/shelter.yaml"), other.join("shelter.yaml"))
        .unwrap();
    let other = other.to_str().unwrap();
    let list = shelter.run(&["--home", other, "watch", "list"]);
    assert!(list.stdout.contains("`shelter --home ~/other --watchdog`"), "{}", list.stdout);
    let once = shelter.run(&["--home", other, "--watchdog", "--once"]);
    assert!(once.stdout.contains("→ shelter --home ~/other hosts ping dead"), "{}", once.stdout);
}

#[test]
fn hosts_that_refuse_are_named_though_they_are_most_of_the_fleet() {
    let dead =
        |name: &str| format!("  {name}: {{address: 127.0.0.1, port: {}, user: me}}\n", free_port());
    let inventory = ["a", "b"].map(dead).concat();
    let shelter = Shelter::new().inventory(&format!("hosts:\n  here: {{via: local}}\n{inventory}"));
    let once = shelter.run(&["--watchdog", "--once"]);
    assert_eq!(once.code, 4, "{}{}", once.stdout, once.stderr);
    for host in ["unreachable@a", "unreachable@b"] {
        assert!(once.stdout.contains(&format!("critical  {host}: ")), "{}", once.stdout);
    }
    assert!(!once.stdout.contains("own_link"), "{}", once.stdout);
}

#[test]
fn hosts_outside_the_limit_stay_out_of_the_verdict() {
    let shelter = fleet();
    assert_eq!(shelter.run(&["--watchdog", "--once"]).code, 4);
    let here = shelter.run(&["--watchdog", "--once", "-l", "here"]);
    assert_eq!(here.code, 0, "{}{}", here.stdout, here.stderr);
    assert!(!here.stdout.contains("unreachable@dead"), "{}", here.stdout);
    let list = shelter.run(&["watch", "list"]).stdout;
    assert!(list.contains("unreachable@dead"), "it stands all the same: {list}");
    assert_eq!(shelter.run(&["--watchdog", "--once", "-l", "dead"]).code, 4);
}

#[test]
fn a_silence_is_listed_though_nothing_is_hit_by_it() {
    let shelter = fleet();
    assert_eq!(shelter.run(&["watch", "silence", "disk@here", "--why", "a move"]).code, 0);
    let list = shelter.run(&["watch", "list"]);
    for told in ["silence   disk@here: by ", "(a move)", "→ shelter watch silence disk@here --lift"]
    {
        assert!(list.stdout.contains(told), "{told} is missing in\n{}", list.stdout);
    }
    let json = shelter.run(&["watch", "list", "--json"]);
    let told: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(told["silences"][0]["about"], "disk@here");
    assert_eq!(shelter.run(&["watch", "silence", "disk@here", "--lift"]).code, 0);
    assert!(!shelter.run(&["watch", "list"]).stdout.contains("silence "));
}

#[test]
fn a_silence_of_what_nobody_knows_is_refused_with_the_nearest_name() {
    let shelter = fleet();
    for (about, near) in [("@her", "here"), ("dsik@here", "disk"), ("dsik", "disk")] {
        let refused = shelter.run(&["watch", "silence", about]);
        assert_eq!(refused.code, 1, "{about}: {}", refused.stdout);
        let help = format!("did you mean `{near}`?");
        assert!(refused.stderr.contains(&help), "{about}: {}", refused.stderr);
    }
    assert_eq!(shelter.run(&["watch", "silence", "all"]).code, 0);
}

#[test]
fn every_mistake_in_the_rules_is_told_at_once_wherever_rules_are_read() {
    let rules = "rules:\n  - {rule: service, heal: {playbook: 99_nope}}\n  - {rule: unit_failed, \
                 heal: {playbook: 90_start_servic}}\n  - {rule: ram, raise: \"> 150 %\"}\n  \
                 - {rule: disk, hosts: nobody}\n";
    let shelter = fleet().file(".mountain_shelter/watch/own.yaml", rules);
    let asked: [(&[&str], i32); 3] =
        [(&["watch", "rules"], 1), (&["--watchdog", "--once"], 1), (&["doctor"], 1)];
    for (asked, code) in asked {
        let told = shelter.run(asked);
        assert_eq!(told.code, code, "{asked:?}: {}", told.stdout);
        for text in [
            "own.yaml:2:38",
            "there is no playbook `99_nope`",
            "did you mean `90_start_service`?",
            "so `ram` could never be raised: it is never more than 100 %",
            "own.yaml:5:25",
        ] {
            assert!(told.stderr.contains(text), "{asked:?}: {text} is missing in\n{}", told.stderr);
        }
    }
}

#[test]
fn a_hook_that_cannot_be_run_is_told_of_when_the_watch_begins() {
    let shelter = fleet().file(".mountain_shelter/watch/hook", "#!/bin/sh\nexit 0\n");
    for asked in [&["--watchdog", "--once"][..], &["doctor"]] {
        let told = shelter.run(asked);
        assert!(
            told.stderr.contains("is told of nothing: it is not executable"),
            "{}",
            told.stderr
        );
        assert!(told.stderr.contains("chmod +x "), "{}", told.stderr);
    }
}
