//! From the first byte to the first step: garbage, truncation, stale facts, the lock, running twice.

use shelter::playbook::frame::{Obstacle, RunnerEvent, Verdict};
use shelter::playbook::plan::Sh;
use shelter::playbook::{Aside, attach};

use crate::support::skipped;

use super::machine::{
    Machine, NONCE, decode, has, machine, machines, printed, read_all, start, status, verdicts,
};
use super::plans::{action, file, plan};

#[test]
fn a_second_run_finds_everything_met_and_writes_nothing() {
    for (shell, machine) in machines() {
        let steps = || vec![file("a", "a file", "x\n"), file("b", "it's", "$(y) `z` \\ 'q'")];
        let first = machine.play(&plan(steps()));
        assert_eq!(verdicts(&first), [(0, Verdict::Changed), (1, Verdict::Changed)], "{shell:?}");
        assert_eq!(std::fs::read(machine.home().join("it's")).unwrap(), b"$(y) `z` \\ 'q'");
        let again = plan(steps());
        let second = machine.play(&again);
        let expected = [(0, Verdict::Ok), (1, Verdict::Ok)];
        assert_eq!(verdicts(&second), expected, "{shell:?}: {second:?}");
        assert_eq!(status(&second), Some(0));
        assert!(!machine.run_dir(&again.run).exists(), "{shell:?}: a converged run left files");
    }
}

#[test]
fn a_truncated_program_never_starts() {
    for (shell, machine) in machines() {
        let plan = plan(vec![action("mark", "echo ran >mark")]);
        let bytes = start().stdin(&machine.compile(&plan)).concat();
        for cut in (0..bytes.len()).step_by(bytes.len() / 12).chain([bytes.len() - 1]) {
            let out = read_all(machine.start_bytes(&bytes[..cut]));
            let events = decode(&out);
            let only = |e: &RunnerEvent| matches!(e, RunnerEvent::Refused(Obstacle::Truncated));
            assert!(events.iter().all(|f| only(&f.event)), "{shell:?} cut at {cut}: {events:?}");
            assert!(!machine.home().join("mark").exists(), "{shell:?} ran when cut at {cut}");
        }
        let text = machine.compile(&plan).text();
        for cut in (0..text.len()).filter(|c| text.is_char_boundary(*c)).step_by(997) {
            let half = machine.home().join("half");
            std::fs::write(&half, &text[..cut]).unwrap();
            let out = machine.shell("sh ./half go; sh ./half detached 0 0 - session").output();
            assert!(out.unwrap().stdout.is_empty());
            assert!(!machine.home().join("mark").exists(), "{shell:?}: file cut at {cut} ran");
        }
    }
}

#[test]
fn other_facts_than_the_program_was_made_from_send_it_back() {
    let machine = machine();
    let mut stale = plan(vec![action("mark", "echo ran >mark")]);
    stale.facts.boot_id = Some("another-boot".into());
    let events = machine.play(&stale);
    assert!(has(&events, |e| *e == RunnerEvent::Stale(Obstacle::Boot)), "{events:?}");
    let mut stale = plan(vec![action("mark", "echo ran >mark")]);
    let key_fn = Sh::text("shelter_key() { shelter_key=now; }");
    (stale.facts.digest, stale.key_fn) = ("then".into(), Some(key_fn.clone()));
    let command = shelter::playbook::Start::new(None, NONCE, Some(&key_fn)).unwrap();
    let stdin =
        [command.wake(false, false), command.stdin(&machine.compile(&stale)).concat()].concat();
    let mut shell = machine.shell(&command.command);
    shell.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = shell.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &stdin).unwrap();
    let events = decode(&read_all(child));
    assert!(has(&events, |e| *e == RunnerEvent::Stale(Obstacle::Facts)), "{events:?}");
    assert!(!machine.home().join("mark").exists());
}

#[test]
fn a_run_never_starts_twice_and_can_be_read_again() {
    for (shell, machine) in machines() {
        let once = plan(vec![action("mark", "echo ran >>mark; echo said")]);
        let program = machine.compile(&once);
        let first = machine.run(&program);
        assert_eq!(status(&first), Some(0), "{shell:?} {first:?}");
        let twice = machine.run(&program);
        assert!(has(&twice, |e| *e == RunnerEvent::Refused(Obstacle::Exists)), "{twice:?}");
        assert_eq!(std::fs::read(machine.home().join("mark")).unwrap(), b"ran\n");
        let of = Aside { run: once.run, as_root: false, console: "a test".into() };
        let again = machine.run(&machine.own(attach(&of, 0).unwrap()));
        assert_eq!(verdicts(&again), [(0, Verdict::Changed)], "{shell:?}");
        let stream = shelter::playbook::frame::Stream::Out;
        assert_eq!(printed(&again, 0, stream), b"said\n", "{shell:?}");
        let rest = machine.run(&machine.own(attach(&of, 4).unwrap()));
        assert!(rest.iter().all(|f| f.seq == 0 || f.seq > 4), "{rest:?}");
    }
}

#[test]
fn odd_files_in_the_place_of_locks_are_no_locks() {
    for (shell, machine) in machines() {
        let locks = machine.locks();
        let make = format!("mkfifo {0}/mountain_shelter.1999999999", locks.display());
        assert!(machine.shell(&make).status().unwrap().success());
        std::os::unix::fs::symlink("/etc/passwd", locks.join("mountain_shelter.1999999998"))
            .unwrap();
        for name in ["1x", "99999999999999999999", "1000000005", "1000000006 x"] {
            std::fs::write(locks.join(format!("mountain_shelter.{name}")), "a b c\nd").unwrap();
        }
        let events = machine.play(&plan(vec![action("mark", "true")]));
        assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
        std::fs::write(locks.join("mountain_shelter.9999999999"), "in the way").unwrap();
        let make = format!("mkfifo {0}/mountain_shelter.1000000002", locks.display());
        assert!(machine.shell(&make).status().unwrap().success());
        std::fs::create_dir(locks.join("mountain_shelter.1000000003")).unwrap();
        for _ in 0..2 {
            let events = machine.play(&plan(vec![action("mark", "true")]));
            assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
        }
    }
}

/// A lock as user `owner` can make one: it says that process `pid` of user `uid` holds the host.
fn forged(machine: &Machine, number: u64, owner: u32, line: &str) {
    let path = machine.locks().join(format!("mountain_shelter.{number}"));
    std::fs::write(&path, line).unwrap();
    std::os::unix::fs::chown(&path, Some(owner), Some(owner)).unwrap();
}

#[test]
fn another_user_can_neither_forge_a_holder_nor_hide_one_nor_use_the_numbers_up() {
    if !rustix::process::getuid().is_root() {
        skipped("only root can make files of other users, so no lock was forged");
        return;
    }
    let (boot, first, birth) = (boot_id(), birth("1"), birth("self"));
    let me = std::process::id();
    for (shell, machine) in machines() {
        forged(&machine, 1_000_000_009, 65534, &format!("{boot} 1 {first} 0 ABCDEF evil\n"));
        forged(&machine, 1_000_000_010, 65534, &format!("{boot} {me} {birth} 65534 ABCDEF evil\n"));
        forged(&machine, 9_999_999_999, 65534, &format!("{boot} 1 1 65534 ABCDEF evil\n"));
        let events = machine.play(&plan(vec![action("mark", "true")]));
        assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");

        std::fs::remove_file(machine.locks().join("mountain_shelter.9999999999")).ok();
        forged(&machine, 1_000_000_020, 0, &format!("{boot} {me} {birth} 0 R7K2M4 me at box\n"));
        forged(
            &machine,
            1_000_000_021,
            65534,
            &format!("{boot} 1 1 65534 ABCDEF evil\nreleased\n"),
        );
        let events = machine.play(&plan(vec![action("mark", "true")]));
        let Some(RunnerEvent::Locked(holder)) = events.last().map(|f| &f.event) else {
            panic!("{shell:?} {events:?}");
        };
        assert_eq!((holder.run.as_str(), holder.uid), ("R7K2M4", Some(0)), "{shell:?}");
        assert!(holder.lock.ends_with("/mountain_shelter.1000000020"), "{holder:?}");
    }
}

fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap().trim().to_owned()
}

/// When a process was born, as its lock says.
fn birth(process: &str) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    stat.rsplit(") ").next().unwrap().split(' ').nth(19).unwrap().to_owned()
}

#[test]
fn of_consoles_that_come_at_once_never_two_hold_the_host() {
    for (shell, machine) in machines() {
        let step = "mkdir held || echo >>clash; sleep 0.1; rmdir held";
        let plans: Vec<_> = (0..5).map(|_| plan(vec![action("hold", step)])).collect();
        let children: Vec<_> = plans.iter().map(|p| machine.start(&machine.compile(p))).collect();
        let ends: Vec<_> = children.into_iter().map(|child| decode(&read_all(child))).collect();
        let well = ends.iter().filter(|events| status(events) == Some(0)).count();
        let locked = |e: &RunnerEvent| matches!(e, RunnerEvent::Locked(_));
        let told = ends.iter().filter(|events| has(events, locked)).count();
        assert!(well >= 1 && well + told == ends.len(), "{shell:?} {ends:?}");
        assert!(!machine.home().join("clash").exists(), "{shell:?} {ends:?}");
    }
}

#[test]
fn a_live_holder_keeps_others_out_and_a_dead_one_is_taken_over() {
    for (shell, machine) in machines() {
        let (boot, birth, me) = (boot_id(), birth("self"), std::process::id());
        let user = rustix::process::getuid().as_raw();
        let lock = machine.locks().join("mountain_shelter.1000000007");
        let line = |birth: &str| format!("{boot} {me} {birth} {user} other-run me at box\n");
        std::fs::write(&lock, line(&birth)).unwrap();
        let held = machine.play(&plan(vec![action("mark", "echo ran >>mark")]));
        let Some(RunnerEvent::Locked(holder)) = held.last().map(|f| &f.event) else {
            panic!("{shell:?} {held:?}");
        };
        assert_eq!((holder.pid, holder.run.as_str()), (Some(me), "other-run"));
        assert_eq!(holder.console, "me at box");
        assert!(!machine.home().join("mark").exists());
        for stale in [line("1"), line(&birth).replace(&boot, "another-boot")] {
            std::fs::remove_dir_all(machine.locks()).unwrap();
            std::fs::create_dir(machine.locks()).unwrap();
            let sticky = std::os::unix::fs::PermissionsExt::from_mode(0o1777);
            std::fs::set_permissions(machine.locks(), sticky).unwrap();
            std::fs::write(&lock, stale).unwrap();
            let taken = machine.play(&plan(vec![action("mark", "true")]));
            assert!(has(&taken, |e| *e == RunnerEvent::TookOver), "{shell:?} {taken:?}");
            assert_eq!(status(&taken), Some(0));
        }
    }
}
