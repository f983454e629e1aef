//! The probe really run, under every shell of this machine.

use std::fs::{File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::support::lint::shellchecked;
use shelter::fleet::{Facts, Timestamp};
use shelter::ops::Clock;
use shelter::telemetry::facts::{Exchange, KEY_FN, parse, probe};

use super::{parse_at, token};

const SHELLS: [&[&str]; 4] = [&["dash"], &["bash", "--posix"], &["bash"], &["busybox", "sh"]];

/// Gives a program to a shell's standard input, as a login would; `None` where the shell is not
/// there. A login always names the home and the shell; where nobody did, bash makes them up itself.
fn feed(shell: &[&str], program: &str) -> Option<Vec<u8>> {
    let spawned = Command::new(shell[0])
        .args(&shell[1..])
        .envs([("HOME", "/home/ops"), ("SHELL", "/bin/zsh")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        missing(shell[0]);
        return None;
    };
    child.stdin.take().unwrap().write_all(program.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{shell:?}: {errors}");
    Some(output.stdout)
}

/// Facts without what changes from one moment to the next.
fn lasting(mut facts: Facts) -> Facts {
    facts.memory.available = None;
    facts.memory.swap_free = None;
    facts.disks.iter_mut().for_each(|disk| (disk.used, disk.free) = (None, None));
    facts.clock_skew = None;
    facts.clock_doubt = None;
    facts.uptime_s = None;
    facts.battery = None;
    facts
}

fn now() -> i64 {
    Clock::system().now().0
}

fn missing(what: &str) {
    crate::support::skipped(&format!("this machine has no {what}"));
}

#[test]
fn every_shell_finds_the_same_facts() {
    let program = probe(&token());
    let mut found: Vec<(&[&str], Facts)> = Vec::new();
    for shell in SHELLS {
        if let Some(output) = feed(shell, &program) {
            found.push((shell, lasting(parse_at(&output, now()).unwrap())));
        }
    }
    let (first, facts) = found.first().expect("a machine without any POSIX shell");
    assert!(facts.hostname.is_some() && facts.memory.total.is_some() && !facts.tools.is_empty());
    assert!(!facts.key.digest.is_empty());
    assert_eq!(
        (facts.home.as_deref(), facts.shell.as_deref()),
        (Some("/home/ops"), Some("/bin/zsh"))
    );
    for (shell, others) in &found {
        // busybox may hold tools itself, and then tells no path; that is a difference of its own.
        let (mut ours, mut theirs) = (facts.clone(), others.clone());
        if shell[0] == "busybox" || first[0] == "busybox" {
            for facts in [&mut ours, &mut theirs] {
                facts.key.digest.clear();
                facts.tools.clear();
            }
        }
        assert_eq!(ours, theirs, "{first:?} and {shell:?}");
    }
}

#[test]
fn a_program_that_embeds_the_key_finds_what_the_probe_found() {
    let program = format!("{KEY_FN}shelter_key\nprintf '%s' \"$shelter_key\"\n");
    for shell in SHELLS {
        let Some(answer) = feed(shell, &probe(&token())) else { continue };
        let again = String::from_utf8(feed(shell, &program).unwrap()).unwrap();
        assert_eq!(parse_at(&answer, now()).unwrap().key.digest, again, "{shell:?}");
        assert!(again.len() >= 6, "{again}");
    }
}

#[test]
fn the_clock_of_this_machine_is_not_off_against_itself() {
    let program = probe(&token());
    let sent = now();
    let output = feed(&["sh"], &program).unwrap();
    let received = now();
    let exchange =
        Exchange { token: token(), sent: Timestamp(sent), received: Timestamp(received) };
    let facts = parse(&output, &exchange).unwrap();
    let (skew, doubt) = (facts.clock_skew.unwrap().0, facts.clock_doubt.unwrap().0);
    assert!(skew.abs() <= doubt + 1, "off by {skew} ms, ± {doubt} ms");
}

#[test]
fn shellcheck_finds_nothing_in_the_probe() {
    let probe = probe(&token());
    shellchecked("the probe", probe.as_bytes(), "");
}

#[test]
fn a_driver_that_hangs_beyond_signals_does_not_hold_the_probe_up() {
    std::thread::scope(|scope| {
        for shell in SHELLS {
            scope.spawn(move || outlives_a_hanging_driver(shell));
        }
    });
}

/// Had the probe waited for the tool, nothing would be left to end.
fn outlives_a_hanging_driver(shell: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let stub = format!("#!/bin/sh\necho $$ >{path}/pid\ntrap '' TERM\nexec sleep 60\n");
    let mut file = File::create(folder.path().join("nvidia-smi")).unwrap();
    file.write_all(stub.as_bytes()).unwrap();
    file.set_permissions(Permissions::from_mode(0o755)).unwrap();
    drop(file);
    let program = probe(&token()).replace("\nshelter_patience=8\n", "\nshelter_patience=1\n");
    let Some(output) = feed(shell, &format!("PATH={path}:$PATH\n{program}")) else { return };
    let hung = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    let ended = Command::new("kill").args(["-KILL", hung.trim()]).status().unwrap();
    assert!(ended.success(), "{shell:?} waited for the end of what hung");
    let text = String::from_utf8(output.clone()).unwrap();
    assert!(text.contains(" nvidia\n") && !text.contains(" nvidia-status\n"), "{shell:?}");
    assert!(parse_at(&output, now()).unwrap().memory.total.is_some(), "{shell:?}");
}
