//! What the host decides by itself: when, until, changed_when, failed_when, needs, handlers, loops.

use shelter::playbook::frame::{Reason, RunnerEvent, Stream, Verdict};
use shelter::playbook::plan::{
    Cond, Mode, OnFail, PlannedItem, Sh, StepIndex, Subject, Surroundings,
};

use super::machine::{has, machine, machines, printed, status, verdicts};
use super::plans::{action, checked, file, file_legs, plan};

const FIRST: Subject = Subject::Step(StepIndex(0));

#[test]
fn when_looks_at_what_earlier_steps_did() {
    let has_word = || Cond::StdoutHas(FIRST, "b'c".into());
    let cases = [
        (Cond::Changed(FIRST), true),
        (Cond::Failed(FIRST), false),
        (Cond::Exit(FIRST, 0), true),
        (Cond::StdoutIs(FIRST, "a b'c *".into()), true),
        (Cond::StdoutIs(FIRST, "a b'c x".into()), false),
        (has_word(), true),
        (Cond::StderrHas(FIRST, "b".into()), false),
        (Cond::Not(Box::new(has_word())), false),
        (Cond::All(vec![has_word(), Cond::Const(true)]), true),
        (Cond::Any(vec![Cond::Const(false), Cond::Not(Box::new(has_word()))]), false),
        (Cond::Any(vec![Cond::Const(false), has_word()]), true),
    ];
    for (shell, machine) in machines() {
        let mut steps = vec![action("say", "echo \"a b'c *\"")];
        for (n, (cond, _)) in cases.iter().enumerate() {
            let mut step = action(&format!("s{n}"), "true");
            step.when = Some(cond.clone());
            steps.push(step);
        }
        let events = machine.play(&plan(steps));
        for (n, (cond, runs)) in cases.iter().enumerate() {
            let expected = if *runs { Verdict::Changed } else { Verdict::Skipped };
            assert_eq!(verdicts(&events)[n + 1].1, expected, "{shell:?} {cond:?}");
        }
    }
}

#[test]
fn what_was_skipped_before_the_run_was_let_go_counts_as_skipped() {
    for (shell, machine) in machines() {
        let mut never = action("never", "true");
        never.when = Some(Cond::Const(false));
        let mut after = action("after", "true");
        after.when = Some(Cond::Skipped(Subject::Step(StepIndex(1))));
        let mut other = action("other", "true");
        other.when = Some(Cond::Skipped(FIRST));
        let events = machine.play(&plan(vec![checked("met", 0), never, after, other]));
        let expected =
            [(0, Verdict::Ok), (1, Verdict::Skipped), (2, Verdict::Changed), (3, Verdict::Skipped)];
        assert_eq!(verdicts(&events), expected, "{shell:?} {events:?}");
    }
}

#[test]
fn a_step_is_tried_until_its_condition_comes_true() {
    for (shell, machine) in machines() {
        let mut step = action("count", "echo x >>n; wc -l <n");
        step.attempts.retries = 5;
        step.attempts.delay_s = 0;
        step.attempts.until = Some(Cond::StdoutHas(Subject::This, "3".into()));
        step.changed_when = Some(Cond::Const(false));
        let events = machine.play(&plan(vec![step]));
        assert_eq!(verdicts(&events), [(0, Verdict::Ok)], "{shell:?} {events:?}");
        assert_eq!(std::fs::read(machine.home().join("n")).unwrap(), b"x\nx\nx\n");
    }
}

#[test]
fn who_failed_waits_longer_each_time_and_who_looks_for_something_does_not() {
    for (shell, machine) in machines() {
        let mut failing = action("failing", "exit 1");
        (failing.attempts.retries, failing.attempts.delay_s) = (6, 5);
        failing.ignore_errors = true;
        let mut looking = action("looking", "true");
        (looking.attempts.retries, looking.attempts.delay_s) = (2, 5);
        looking.attempts.until = Some(Cond::Const(false));
        let mut program = machine.compile(&plan(vec![failing, looking]));
        // The pauses are written down instead.
        let text = program.text().replace("_pause \"$_wait\"", "echo \"$_wait\" >>\"$HOME/waits\"");
        program.pieces = vec![text.into()];
        machine.run(&program);
        let waits = std::fs::read_to_string(machine.home().join("waits")).unwrap();
        let waits: Vec<u32> = waits.lines().map(|line| line.parse().unwrap()).collect();
        let longest = [500, 1000, 2000, 4000, 6000, 6000];
        for (wait, longest) in waits.iter().zip(longest) {
            assert!((longest / 2..=longest).contains(wait), "{shell:?}: {waits:?}");
        }
        assert_eq!(&waits[6..], [500, 500], "{shell:?}");
    }
}

#[test]
fn failed_when_decides_in_place_of_the_exit_status() {
    let machine = machine();
    let mut well = action("well", "echo fine; exit 7");
    well.failed_when = Some(Cond::StdoutHas(Subject::This, "broken".into()));
    let mut ill = action("ill", "echo broken");
    ill.failed_when = well.failed_when.clone();
    let events = machine.play(&plan(vec![well, ill]));
    assert_eq!(verdicts(&events), [(0, Verdict::Changed), (1, Verdict::Failed)]);
}

#[test]
fn a_step_that_applied_but_is_not_so_has_failed() {
    for (shell, machine) in machines() {
        let events = machine.play(&plan(vec![checked("never", 10)]));
        let verify = |e: &RunnerEvent| match e {
            RunnerEvent::Ended { outcome, .. } => outcome.reason == Some(Reason::Verify),
            _ => false,
        };
        assert!(has(&events, verify), "{shell:?} {events:?}");
    }
}

#[test]
fn a_failure_skips_what_needs_it_and_nothing_else() {
    let machine = machine();
    let mut needing = action("needing", "true");
    needing.needs = vec![StepIndex(0)];
    let mut indirect = action("indirect", "true");
    indirect.needs = vec![StepIndex(1)];
    let steps = vec![action("bad", "false"), needing, indirect, action("free", "true")];
    let mut wished = plan(steps);
    wished.on_fail = OnFail::Continue;
    let expected =
        [(0, Verdict::Failed), (1, Verdict::Skipped), (2, Verdict::Skipped), (3, Verdict::Changed)];
    let events = machine.play(&wished);
    assert_eq!(verdicts(&events), expected);
    assert_eq!(status(&events), Some(2));
}

#[test]
fn an_ignored_failure_leaves_the_run_well() {
    let machine = machine();
    let mut bad = action("bad", "false");
    bad.ignore_errors = true;
    let events = machine.play(&plan(vec![bad, action("next", "true")]));
    assert_eq!(verdicts(&events), [(0, Verdict::Ignored), (1, Verdict::Changed)]);
    assert_eq!(status(&events), Some(0));
}

#[test]
fn a_loop_is_one_step_of_several_items() {
    for (shell, machine) in machines() {
        let mut step = file("files", "a", "a");
        for name in ["b b", "c\nc"] {
            let label = Some(name.to_owned());
            let legs = file_legs(name, name);
            step.items.push(PlannedItem { label, legs, around: None });
        }
        let events = machine.play(&plan(vec![step]));
        let items = events.iter().filter(|f| matches!(f.event, RunnerEvent::Item { .. })).count();
        assert_eq!((items, verdicts(&events)), (3, vec![(0, Verdict::Changed)]), "{shell:?}");
        assert_eq!(std::fs::read(machine.home().join("c\nc")).unwrap(), b"c\nc");
    }
}

#[test]
fn a_step_has_its_own_directory_and_environment() {
    let machine = machine();
    std::fs::create_dir(machine.home().join("it's")).unwrap();
    let mut step = action("where", "printf '%s|%s' \"$PWD\" \"$A\" >out");
    step.around.cwd = Some(machine.home().join("it's").display().to_string());
    step.around.env.insert("A".into(), "$(x) 'y'\n".into());
    machine.play(&plan(vec![step]));
    let out = std::fs::read_to_string(machine.home().join("it's/out")).unwrap();
    assert!(out.ends_with("/it's|$(x) 'y'\n"), "{out}");
}

#[test]
fn every_item_has_its_own_directory_and_environment() {
    for (shell, machine) in machines() {
        let mut step = action("where", "printf '%s|%s' \"$PWD\" \"$A\" >out");
        let legs = step.items[0].legs.clone();
        step.items.clear();
        for name in ["one", "it's"] {
            std::fs::create_dir(machine.home().join(name)).unwrap();
            let cwd = Some(machine.home().join(name).display().to_string());
            let around = Surroundings { env: [("A".into(), name.into())].into(), cwd };
            let (label, around) = (Some(name.to_owned()), Some(around));
            step.items.push(PlannedItem { label, legs: legs.clone(), around });
        }
        machine.play(&plan(vec![step]));
        for name in ["one", "it's"] {
            let out = std::fs::read_to_string(machine.home().join(name).join("out")).unwrap();
            assert!(out.ends_with(&format!("/{name}|{name}")), "{shell:?} {out}");
        }
    }
}

#[test]
fn a_script_is_told_what_an_earlier_step_printed() {
    for (shell, machine) in machines() {
        let says = action("says", "printf 'it'\\''s $(x)\\n\\n-e b\\n'");
        let mut asks = action("asks", "output says >got; output silent >>got; output other");
        let silent = action("silent", "true");
        asks.outputs = vec![("says".into(), StepIndex(0)), ("silent".into(), StepIndex(1))];
        let events = machine.play(&plan(vec![says, silent, asks]));
        let got = std::fs::read_to_string(machine.home().join("got")).unwrap();
        assert_eq!(got, "it's $(x)\n\n-e b\n", "{shell:?}");
        assert_eq!(verdicts(&events)[2].1, Verdict::Failed, "{shell:?} {events:?}");
        let said = printed(&events, 2, Stream::Err);
        assert!(String::from_utf8_lossy(&said).contains("registered as `other`"), "{said:?}");
    }
}

/// Who is asked tells its own number: a shell that was forked for it has another.
#[test]
fn what_a_light_step_does_is_done_by_the_runner_itself() {
    for (shell, machine) in machines() {
        let who = "read -r r_who r_n </proc/self/stat && echo $r_who >>who";
        let mut light = file("light", "a", "a");
        light.items[0].legs.apply = Sh::text("payload 0 >a")
            .then(&Sh::text("read -r r_who r_n </proc/self/stat && echo $r_who >>who"));
        light.items[0].legs.apply_inline = true;
        let plan = plan(vec![light, action("own", who)]);
        let events = machine.play(&plan);
        assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
        let leader = std::fs::read_to_string(machine.run_dir(&plan.run).join("pid")).unwrap();
        let who = std::fs::read_to_string(machine.home().join("who")).unwrap();
        let who: Vec<&str> = who.lines().collect();
        let leader = leader.split_whitespace().next().unwrap();
        assert_eq!(who[0], leader, "{shell:?}");
        assert_ne!(who[1], leader, "{shell:?}");
    }
}

#[test]
fn a_handler_owed_to_a_run_that_was_taken_back_is_owed_no_more() {
    for (shell, machine) in machines() {
        let mut changing = file("conf", "conf", "x");
        changing.notify = vec![0];
        let mut failing = plan(vec![changing, action("last", "false")]);
        failing.handlers = vec![action("restart", "echo fired >>log")];
        let mut undone = failing.clone();
        undone.on_fail = OnFail::Undo;
        let mut met = checked("conf", 0);
        met.notify = vec![0];
        let mut next = plan(vec![met, checked("last", 0)]);
        next.handlers = failing.handlers.clone();

        let events = machine.play(&undone);
        let (owed, waived) = (RunnerEvent::Owed { handler: 2 }, RunnerEvent::Waived { handler: 2 });
        assert!(has(&events, |e| *e == waived), "{shell:?} {events:?}");
        let events = machine.play(&next);
        assert!(!has(&events, |e| *e == owed), "{shell:?} {events:?}");
        assert!(!machine.home().join("log").exists(), "{shell:?}");

        // Two runs ask; taking back the second leaves it owed to the first.
        next.run.push('b');
        failing.run.push('b');
        undone.run.push('c');
        machine.play(&failing);
        std::fs::remove_file(machine.home().join("conf")).unwrap();
        let events = machine.play(&undone);
        assert!(!has(&events, |e| *e == waived), "{shell:?} {events:?}");
        let events = machine.play(&next);
        assert!(has(&events, |e| *e == owed), "{shell:?} {events:?}");
        assert_eq!(std::fs::read(machine.home().join("log")).unwrap(), b"fired\n", "{shell:?}");
    }
}

#[test]
fn what_cannot_be_on_a_host_is_skipped_with_the_reason_it_gives() {
    for (shell, machine) in machines() {
        let mut closed = checked("closed", 12);
        let say = Sh::text("echo 'it is closed here' >&2; return 12");
        closed.items[0].legs.check = Some(say);
        let mut after = action("after", "echo ran >>log");
        after.needs = vec![StepIndex(0)];
        for mode in [Mode::Check, Mode::Apply] {
            let mut wished =
                plan(vec![closed.clone(), file("f", "f", "x"), closed.clone(), after.clone()]);
            wished.mode = mode;
            let events = machine.play(&wished);
            let skipped = verdicts(&events)
                .iter()
                .filter(|(step, v)| [0, 2].contains(step) && *v == Verdict::Skipped)
                .count();
            assert_eq!(skipped, 2, "{shell:?} {events:?}");
            let said = printed(&events, 0, Stream::Err);
            assert_eq!(said.trim_ascii(), b"it is closed here", "{shell:?} {events:?}");
            let reason = |e: &RunnerEvent| matches!(e, RunnerEvent::Ended { step: 2, outcome, .. } if outcome.reason == Some(Reason::Impossible));
            assert!(has(&events, reason), "{shell:?} {events:?}");
            assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
        }
        assert!(machine.home().join("log").exists(), "{shell:?}: what needs it does not run");
    }
}

#[test]
fn a_handler_owed_by_a_failed_run_fires_in_the_next() {
    for (shell, machine) in machines() {
        let wished = |last: &str| {
            let mut changing = file("conf", "conf", "x");
            changing.notify = vec![0];
            let mut wished = plan(vec![changing, action("last", last)]);
            wished.handlers = vec![action("restart", "echo fired >>log")];
            wished
        };
        let log = machine.home().join("log");
        let failed = machine.play(&wished("false"));
        assert!(has(&failed, |e| *e == RunnerEvent::Owed { handler: 2 }), "{shell:?} {failed:?}");
        assert!(!log.exists(), "{shell:?}");
        let next = machine.play(&wished("true"));
        assert!(has(&next, |e| *e == RunnerEvent::Owed { handler: 2 }), "{shell:?} {next:?}");
        assert_eq!(verdicts(&next).last(), Some(&(2, Verdict::Changed)), "{shell:?} {next:?}");
        machine.play(&wished("true"));
        assert_eq!(std::fs::read(&log).unwrap(), b"fired\n", "{shell:?}");
    }
}
