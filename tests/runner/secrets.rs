//! Secrets on their way: in the step that wants them, and nowhere else that anybody could look.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use shelter::fleet::{Secret, Secrets};
use shelter::playbook::compile;
use shelter::playbook::frame::{Framed, Obstacle, Reason, RunnerEvent, Stream, Verdict};
use shelter::playbook::plan::{HostPlan, Mode, Payload, PlannedStep};
use shelter::playbook::{Aside, attach};

use super::machine::{Machine, has, machines, printed, read_all, status, verdicts};
use super::plans::{action, checked, file, plan};

const TOKEN: &str = "tok-'5e$(c)`r\"et\\n %s";
const KEY: &str = "-----BEGIN KEY-----\nQUJDRA==first\n\nWFlaWg==second\n-----END KEY-----\n";

fn with_secrets(steps: Vec<PlannedStep>) -> HostPlan {
    let secrets = [("token", TOKEN), ("key", KEY)];
    let secret = |(name, value): (&str, &str)| (name.to_owned(), Secret::new(value.to_owned()));
    HostPlan { secrets: secrets.map(secret).into(), ..plan(steps) }
}

/// A file that holds the token.
fn token_file() -> PlannedStep {
    let mut step = file("conf", "conf", "");
    let content = format!("token = {TOKEN}\n");
    step.items[0].legs.payloads = vec![Payload::Secret(Secret::new(content))];
    step.items[0].legs.preview = None;
    step
}

/// Files below a folder, and processes, that have a word of the secrets in them.
fn traces(below: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(below).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => traces(&path, found),
            kind if kind.is_file() && tells(&path) => found.push(path.display().to_string()),
            _ => {}
        }
    }
}

fn tells(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    [TOKEN, "QUJDRA==first", "WFlaWg==second"]
        .iter()
        .any(|word| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
}

/// Processes whose command line or environment tells.
fn talkers() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let files = processes.flat_map(|path| [path.join("cmdline"), path.join("environ")]);
    files.filter(|path| tells(path)).map(|path| path.display().to_string()).collect()
}

fn kept(machine: &Machine) -> Vec<String> {
    let mut found = Vec::new();
    traces(&machine.home().join(".mountain_shelter"), &mut found);
    traces(&machine.locks(), &mut found);
    found
}

#[test]
fn a_secret_is_in_the_step_that_wants_it_and_nowhere_else() {
    for (shell, machine) in machines() {
        let wait =
            "secret token >mine; secret key >key; echo at it; until [ -e go ]; do sleep 0.05; done";
        let wished = with_secrets(vec![token_file(), action("use", wait)]);
        let program = machine.compile(&wished);
        let text = program.text();
        assert!(!text.contains("5e$(c)") && !text.contains("QUJDRA"));
        assert!(!format!("{program:?}").contains("5e$(c)"));
        let child = machine.start(&program);
        let since = Instant::now();
        while !machine.home().join("key").exists() {
            assert!(since.elapsed() < Duration::from_secs(60), "{shell:?}");
            std::thread::yield_now();
        }
        let (files, processes) = (kept(&machine), talkers());
        fs::write(machine.home().join("go"), "").unwrap();
        let events = super::machine::decode(&read_all(child));
        assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
        assert!(files.is_empty() && processes.is_empty(), "{shell:?} {files:?} {processes:?}");
        assert!(kept(&machine).is_empty(), "{shell:?} {:?}", kept(&machine));
        let read = |name: &str| fs::read_to_string(machine.home().join(name)).unwrap();
        assert_eq!(read("conf"), format!("token = {TOKEN}\n"), "{shell:?}");
        assert_eq!((read("mine"), read("key")), (TOKEN.to_owned(), KEY.to_owned()), "{shell:?}");
        let left: Vec<_> = fs::read_dir(machine.run_dir(&wished.run)).unwrap().flatten().collect();
        let fifo = |name: &str| name.starts_with("veil") || name.starts_with("slots");
        assert!(!left.iter().any(|entry| fifo(entry.file_name().to_str().unwrap())), "{left:?}");
        let survivor = |e: &RunnerEvent| matches!(e, RunnerEvent::Survivor { .. });
        assert!(!has(&events, survivor), "{shell:?} {events:?}");
    }
}

/// What a script prints, and what is kept of it.
fn said(machine: &Machine, script: &str) -> (Vec<Framed>, String, String) {
    let events = machine.play(&with_secrets(vec![action("say", script)]));
    let text = |stream| String::from_utf8_lossy(&printed(&events, 0, stream)).into_owned();
    let (out, err) = (text(Stream::Out), text(Stream::Err));
    (events, out, err)
}

#[test]
fn what_steps_print_has_no_secret_in_it_however_it_is_printed() {
    for (shell, machine) in machines() {
        let script = "x=$(secret token)\nprintf 'a %s b\\n' \"$x\"; secret token >&2\n\
            y=${x%??????}; printf '%s' \"<$y\"; sleep 0.3; printf '%s' \"${x#\"$y\"}>\"\n\
            secret key; secret key | tr -d '\\n'; exit 3";
        let (events, out, err) = said(&machine, script);
        let key = "(secret)\n(secret)\n\n(secret)\n(secret)\n";
        let expected = format!("a (secret) b\n<(secret)>{key}{}", key.replace('\n', ""));
        assert_eq!((out, err), (expected, "(secret)".into()), "{shell:?} {events:?}");
        assert_eq!(verdicts(&events), [(0, Verdict::Failed)]);
        assert!(kept(&machine).is_empty(), "{shell:?} {:?}", kept(&machine));
    }
}

#[test]
fn what_is_no_secret_is_kept_to_the_byte() {
    for (shell, machine) in machines() {
        let (events, out, err) = said(&machine, "printf 'tok-'; printf '\\n\\n no end' >&2");
        assert_eq!((out, err), ("tok-".into(), "\n\n no end".into()), "{shell:?} {events:?}");
        let (_, out, err) = said(&machine, "seq 1 30000; echo -n; seq 5 >&2");
        let all: String = (1..=30000).map(|n| format!("{n}\n")).collect();
        assert!(out == all, "{shell:?}: {} bytes of {}", out.len(), all.len());
        assert_eq!(err, "1\n2\n3\n4\n5\n");
        let (events, ..) = said(&machine, "head -c 3000000 /dev/zero | tr '\\0' x");
        assert_eq!(status(&events), Some(0), "{shell:?}");
    }
}

#[test]
fn a_check_that_fails_says_no_secret_even_while_nothing_is_done() {
    for (shell, machine) in machines() {
        let mut broken = checked("look", 0);
        let script = "secret token; secret other; exit 4";
        broken.items[0].legs.check_inline = false;
        broken.items[0].legs.check =
            Some(shelter::playbook::plan::Sh::check_script(script).unwrap());
        let mut wished = with_secrets(vec![broken]);
        wished.mode = Mode::Check;
        let events = machine.play(&wished);
        let err = String::from_utf8(printed(&events, 0, Stream::Err)).unwrap();
        assert_eq!(err, "(secret)secret: there is no `other` here", "{shell:?} {events:?}");
        assert_eq!(verdicts(&events), [(0, Verdict::Failed)], "{shell:?}");
    }
}

#[test]
fn a_limit_ends_the_step_and_not_what_hides_its_secrets() {
    for (shell, machine) in machines() {
        let mut long =
            action("long", "echo begun; secret token; trap '' TERM; while :; do sleep 1; done");
        long.limits.total_s = Some(1);
        long.ignore_errors = true;
        let after = action("after", "secret token; echo after");
        let events = machine.play(&with_secrets(vec![long, after]));
        let timeout = |e: &RunnerEvent| matches!(e, RunnerEvent::Ended { step: 0, outcome, .. } if outcome.reason == Some(Reason::Timeout));
        assert!(has(&events, timeout), "{shell:?} {events:?}");
        assert_eq!(printed(&events, 0, Stream::Out), b"begun\n(secret)", "{shell:?}");
        assert_eq!(printed(&events, 1, Stream::Out), b"(secret)after\n", "{shell:?}");
    }
}

#[test]
fn a_run_keeps_its_secrets_when_its_console_dies() {
    for (shell, machine) in machines() {
        let wait =
            "echo at it; until [ -e go ]; do sleep 0.05; done; secret token >mine; secret token";
        let wished = with_secrets(vec![action("wait", wait)]);
        let mut child = machine.start(&machine.compile(&wished));
        let spool = machine.run_dir(&wished.run).join("spool");
        let begun = || fs::read_to_string(&spool).unwrap_or_default().contains(" begin 0");
        let since = Instant::now();
        while !begun() {
            assert!(since.elapsed() < Duration::from_secs(60), "{shell:?}");
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        fs::write(machine.home().join("go"), "").unwrap();
        let of = Aside { run: wished.run.clone(), as_root: false, console: "a test".into() };
        let events = machine.run(&machine.own(attach(&of, 0).unwrap()));
        assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
        assert_eq!(printed(&events, 0, Stream::Out), b"at it\n(secret)", "{shell:?}");
        assert_eq!(fs::read_to_string(machine.home().join("mine")).unwrap(), TOKEN);
    }
}

#[test]
fn without_its_secrets_a_program_does_nothing() {
    for (shell, machine) in machines() {
        let wished = with_secrets(vec![action("mark", "echo ran >mark")]);
        let mut program = machine.compile(&wished);
        program.slots.clear();
        let events = machine.run(&program);
        let refused = RunnerEvent::Refused(Obstacle::Secrets);
        assert!(has(&events, |e| *e == refused), "{shell:?} {events:?}");
        assert!(!machine.home().join("mark").exists());
    }
}

#[test]
fn a_secret_that_no_shell_can_carry_is_refused_without_being_told() {
    let secrets = Secrets::from([("bad".into(), Secret::new("hush\0hush".into()))]);
    let wished = HostPlan { secrets, ..plan(vec![action("x", "true")]) };
    let said = compile(&wished).unwrap_err().to_string();
    assert!(said.contains("NUL") && !said.contains("hush"), "{said}");
}
