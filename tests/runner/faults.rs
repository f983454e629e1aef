//! Consoles that die, runners that die, disks that fill up, runs that are cancelled.

use std::io::Read;
use std::time::Duration;

use crate::support::{skipped, until};
use shelter::playbook::frame::{Framed, Obstacle, Reason, RunnerEvent, Verdict};
use shelter::playbook::plan::{HostPlan, OnFail, PlannedStep};
use shelter::playbook::{Aside, attach, cancel};

use super::machine::{Machine, decode, has, machine, machines, read_all, status, verdicts};
use super::plans::{action, file, plan};

fn aside(of: &HostPlan) -> Aside {
    Aside { run: of.run.clone(), as_root: false, console: "a test".into() }
}

fn read_again(machine: &Machine, of: &HostPlan) -> Vec<Framed> {
    machine.run(&machine.own(attach(&aside(of), 0).unwrap()))
}

/// Runs a plan until its output holds `word`, then kills the console's side. Returns what had come.
fn cut_off(machine: &Machine, plan: &HostPlan, word: &[u8]) -> Vec<u8> {
    let mut child = machine.start(&machine.compile(plan));
    let (mut out, mut buffer) = (Vec::new(), [0; 4096]);
    let mut stdout = child.stdout.take().unwrap();
    while !out.windows(word.len()).any(|w| w == word) {
        let read = stdout.read(&mut buffer).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&out));
        out.extend_from_slice(&buffer[..read]);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    out
}

/// Steps that each leave a mark and take a moment.
fn marks(count: usize) -> Vec<PlannedStep> {
    let mark = |n| action(&format!("m{n}"), &format!("echo {n} >>marks; sleep 0.02; echo {n}"));
    (0..count).map(mark).collect()
}

#[test]
fn a_killed_console_neither_stops_nor_doubles_nor_loses_a_step() {
    for (shell, machine) in machines() {
        for at in [" hello ", " start ", " begin 0 ", " end 1 ", " begin 5 ", " end 7 "] {
            let marks_file = machine.home().join("marks");
            let _first = std::fs::remove_file(&marks_file);
            let wished = plan(marks(8));
            cut_off(&machine, &wished, at.as_bytes());
            if !machine.run_dir(&wished.run).join("spool").exists() {
                continue;
            }
            let events = read_again(&machine, &wished);
            assert_eq!(status(&events), Some(0), "{shell:?} killed at {at}: {events:?}");
            assert_eq!(verdicts(&events).len(), 8, "{shell:?} killed at {at}");
            let done = std::fs::read_to_string(&marks_file).unwrap();
            assert_eq!(done, "0\n1\n2\n3\n4\n5\n6\n7\n", "{shell:?} killed at {at}");
        }
    }
}

/// Kills the console's side at so many moments; `SHELTER_KILLS=500` for the long form.
#[test]
fn consoles_killed_at_any_moment_double_nothing_and_lose_nothing() {
    let kills = std::env::var("SHELTER_KILLS").map_or(12, |n| n.parse().unwrap());
    let machines = machines();
    for kill in 0..kills {
        let (shell, machine) = &machines[usize::try_from(kill).unwrap() % machines.len()];
        let marks_file = machine.home().join("marks");
        let _earlier = std::fs::remove_file(&marks_file);
        let wished = plan(marks(6));
        let mut child = machine.start(&machine.compile(&wished));
        std::thread::sleep(Duration::from_millis(kill * 37 % 300));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut events = Vec::new();
        if machine.run_dir(&wished.run).join("spool").exists() {
            events = read_again(machine, &wished);
        }
        let began = has(&events, |e| matches!(e, RunnerEvent::Detached { .. }));
        let marked = std::fs::read_to_string(&marks_file).unwrap_or_default();
        let expected = if began { "0\n1\n2\n3\n4\n5\n" } else { "" };
        assert_eq!(marked, expected, "{shell:?}, kill {kill}: {events:?}");
        assert_eq!(status(&events), began.then_some(0), "{shell:?}, kill {kill}: {events:?}");
    }
}

#[test]
fn whoever_hears_that_a_run_is_over_finds_the_host_free() {
    for (shell, machine) in machines() {
        for _ in 0..4 {
            let out = cut_off(&machine, &plan(vec![action("mark", "true")]), b" over ");
            let locks = std::fs::read_dir(machine.locks()).unwrap();
            let texts: Vec<_> =
                locks.map(|l| std::fs::read_to_string(l.unwrap().path()).unwrap()).collect();
            let free = texts.iter().any(|text| text.ends_with("released\n"));
            assert!(free, "{shell:?}: {texts:?}, {}", String::from_utf8_lossy(&out));
        }
    }
}

#[test]
fn a_runner_that_dies_leaves_its_step_unknown() {
    for (shell, machine) in machines() {
        let wished = plan(vec![action("first", "true"), action("long", "echo here; sleep 20")]);
        let mut child = machine.start(&machine.compile(&wished));
        let pid = machine.run_dir(&wished.run).join("pid");
        let spool = machine.run_dir(&wished.run).join("spool");
        until("the step begins", || {
            std::fs::read_to_string(&spool).is_ok_and(|s| s.contains(" begin 1 "))
        });
        let pid = std::fs::read_to_string(pid).unwrap();
        let pid = pid.split(' ').next().unwrap();
        machine.shell(&format!("kill -KILL {pid}")).status().unwrap();
        let mut out = Vec::new();
        child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
        child.wait().unwrap();
        let events = decode(&out);
        assert_eq!(verdicts(&events), [(0, Verdict::Changed)], "{shell:?} {events:?}");
        assert!(has(&events, |e| *e == RunnerEvent::Lost), "{shell:?} {events:?}");
        assert_eq!(status(&events), None, "{shell:?}");
    }
}

#[test]
fn who_reads_a_run_may_be_killed_and_nobody_waits_for_what_it_leaves() {
    for (shell, machine) in machines() {
        // The runner's parent is who reads it for the console.
        let wished =
            plan(vec![action("kill", "kill -KILL $PPID; echo on"), action("next", "true")]);
        let child = machine.start(&machine.compile(&wished));
        let (told, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || told.send(read_all(child)));
        let read = heard.recv_timeout(Duration::from_secs(60));
        let read = read.unwrap_or_else(|_| panic!("{shell:?}: its console waits for the dead"));
        assert!(!String::from_utf8_lossy(&read).contains(" over "), "{shell:?}");
        let again = read_again(&machine, &wished);
        assert_eq!(status(&again), Some(0), "{shell:?} {again:?}");
    }
}

#[test]
fn a_cancelled_run_ends_its_step_undoes_and_says_so() {
    for (shell, machine) in machines() {
        let steps = vec![file("f", "f", "x"), action("long", "sleep 20"), action("never", "true")];
        let mut wished = plan(steps);
        wished.on_fail = OnFail::Undo;
        let child = machine.start(&machine.compile(&wished));
        let spool = machine.run_dir(&wished.run).join("spool");
        until("the step begins", || {
            std::fs::read_to_string(&spool).is_ok_and(|s| s.contains(" begin 1 "))
        });
        let asked = machine.run(&machine.own(cancel(&aside(&wished), false).unwrap()));
        assert!(has(&asked, |e| *e == RunnerEvent::Cancelling), "{asked:?}");
        let events = decode(&read_all(child));
        let cancelled = |e: &RunnerEvent| match e {
            RunnerEvent::Ended { outcome, .. } => outcome.reason == Some(Reason::Cancelled),
            _ => false,
        };
        assert!(has(&events, cancelled), "{shell:?} {events:?}");
        assert_eq!(status(&events), Some(130), "{shell:?} {events:?}");
        assert_eq!(verdicts(&events).len(), 2);
        assert!(!machine.home().join("f").exists(), "{shell:?} was not undone");
        let late = machine.run(&machine.own(cancel(&aside(&wished), true).unwrap()));
        assert!(has(&late, |e| *e == RunnerEvent::AlreadyOver), "{late:?}");
    }
}

#[test]
fn a_second_console_is_told_who_holds_the_host() {
    let machine = machine();
    let long = plan(vec![action("long", "echo here; while [ ! -e stop ]; do sleep 0.05; done")]);
    let child = machine.start(&machine.compile(&long));
    let spool = machine.run_dir(&long.run).join("spool");
    until("the step begins", || {
        std::fs::read_to_string(&spool).is_ok_and(|s| s.contains(" begin 0 "))
    });
    let second = machine.play(&plan(vec![action("other", "true")]));
    let told = |e: &RunnerEvent| matches!(e, RunnerEvent::Locked(h) if h.run == long.run);
    assert!(has(&second, told), "{second:?}");
    std::fs::write(machine.home().join("stop"), "").unwrap();
    assert_eq!(status(&decode(&read_all(child))), Some(0));
}

/// A small disk below a home directory, taken away however the test ends.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// One of so many KiB. `None` where we may not mount one.
    fn under(machine: &Machine, path: &str, size: u32) -> Option<Self> {
        let place = machine.home().join(path);
        std::fs::create_dir_all(&place).unwrap();
        let options = format!("size={size}k");
        let mount = ["-t", "tmpfs", "-o", &options, "none"];
        let mounted = std::process::Command::new("mount").args(mount).arg(&place).status();
        if !mounted.is_ok_and(|s| s.success()) {
            skipped("cannot mount a small disk here (needs root)");
            return None;
        }
        Some(Self(place))
    }
}

/// Whether a disk that is full was told of, and it is this one.
fn tells_full(events: &[Framed], disk: &SmallDisk) -> bool {
    let place = disk.0.display().to_string();
    has(events, |e| matches!(e, RunnerEvent::Full(room) if room.mount.as_deref() == Some(&place)))
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let umount = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
        let gone = umount.is_ok_and(|s| s.success());
        assert!(gone || std::thread::panicking(), "{} is still mounted", self.0.display());
    }
}

#[test]
fn a_full_disk_is_told_and_never_well() {
    for (shell, machine) in machines() {
        let runtime = ".mountain_shelter/runtime";
        let Some(disk) = SmallDisk::under(&machine, runtime, 384) else { return };
        let fill = "head -c 800000 /dev/zero || { echo no room >&2; exit 3; }";
        let filled = machine.play(&plan(vec![action("fill", fill), action("never", "true")]));
        // It is told to the end, for a little room is kept for that.
        assert_eq!(verdicts(&filled), [(0, Verdict::Failed)], "{shell:?} {filled:?}");
        assert_eq!(status(&filled), Some(2), "{shell:?} {filled:?}");
        assert!(tells_full(&filled, &disk), "{shell:?} {filled:?}");
        let all = machine.home().join(runtime).join("all");
        std::fs::write(all, vec![0; 400_000]).unwrap_err();
        let second = machine.play(&plan(vec![action("more", "true")]));
        let refused = |e: &RunnerEvent| {
            matches!(e, RunnerEvent::Refused(Obstacle::Write | Obstacle::Directory))
        };
        assert!(has(&second, refused), "{shell:?} {second:?}");
        assert!(tells_full(&second, &disk), "{shell:?} {second:?}");
    }
}

#[test]
fn a_full_disk_that_a_step_writes_to_is_told_beside_its_failure() {
    for (shell, machine) in machines() {
        let Some(disk) = SmallDisk::under(&machine, "small", 64) else { return };
        let place = disk.0.display();
        let fill = format!("printf '%70000s' x >{place}/full");
        let events = machine.play(&plan(vec![action("fill", &fill)]));
        assert_eq!(verdicts(&events), [(0, Verdict::Failed)], "{shell:?} {events:?}");
        assert!(tells_full(&events, &disk), "{shell:?} {events:?}");
        let other = machine.play(&plan(vec![action("other", "exit 1")]));
        assert!(!has(&other, |e| matches!(e, RunnerEvent::Full(_))), "{shell:?} {other:?}");
    }
}
