//! Check mode: read-only checks, and never a guess.

use shelter::playbook::frame::{RunnerEvent, Stream, Verdict};
use shelter::playbook::plan::{Cond, Mode, StepIndex, Subject};

use super::machine::{has, machine, machines, printed, verdicts};
use super::plans::{action, checked, file, plan};

#[test]
fn check_mode_changes_nothing_and_shows_the_difference() {
    for (shell, machine) in machines() {
        std::fs::write(machine.home().join("f"), "one\ntwo\n").unwrap();
        let mut wished = plan(vec![file("f", "f", "one\nthree\n"), action("act", "echo >mark")]);
        (wished.mode, wished.diff) = (Mode::Check, true);
        let events = machine.play(&wished);
        let expected = [(0, Verdict::WouldChange), (1, Verdict::Skipped)];
        assert_eq!(verdicts(&events), expected, "{shell:?} {events:?}");
        let diff = String::from_utf8(printed(&events, 0, Stream::Diff)).unwrap();
        assert!(diff.contains("-two\n+three"), "{shell:?}: {diff}");
        assert_eq!(std::fs::read(machine.home().join("f")).unwrap(), b"one\ntwo\n");
        assert!(!machine.home().join("mark").exists());
        assert!(!machine.home().join(".mountain_shelter").exists(), "{shell:?}");
    }
}

#[test]
fn what_hangs_on_an_unmet_step_is_unknown() {
    let machine = machine();
    let mut needing = checked("needing", 10);
    needing.needs = vec![StepIndex(1)];
    let mut asking = checked("asking", 0);
    asking.when = Some(Cond::Changed(Subject::Step(StepIndex(1))));
    let failing = checked("failing", 2);
    let steps = vec![checked("bad", 2), checked("unmet", 10), failing, needing, asking];
    let mut wished = plan(steps);
    wished.mode = Mode::Check;
    let events = machine.play(&wished);
    let expected = [
        (0, Verdict::Failed),
        (1, Verdict::WouldChange),
        (2, Verdict::Unknown),
        (3, Verdict::Unknown),
        (4, Verdict::Unknown),
    ];
    assert_eq!(verdicts(&events), expected, "{events:?}");
}

#[test]
fn a_check_that_fails_says_why() {
    for (shell, machine) in machines() {
        let mut step = checked("bad", 0);
        let says = shelter::playbook::plan::Sh::text("echo no such luck >&2; return 3");
        step.items[0].legs.check = Some(says);
        let mut wished = plan(vec![step]);
        wished.mode = Mode::Check;
        let events = machine.play(&wished);
        assert_eq!(printed(&events, 0, Stream::Err), b"no such luck", "{shell:?}");
        wished.mode = Mode::Apply;
        let events = machine.play(&wished);
        assert_eq!(verdicts(&events), [(0, Verdict::Failed)], "{shell:?} {events:?}");
        assert_eq!(printed(&events, 0, Stream::Err), b"no such luck\n", "{shell:?}");
    }
}

#[test]
fn a_check_that_hangs_is_ended() {
    let machine = machine();
    let mut step = checked("hangs", 0);
    step.items[0].legs.check = Some(shelter::playbook::plan::Sh::text("sleep 20"));
    step.limits.check_s = 1;
    let mut wished = plan(vec![step]);
    wished.mode = Mode::Check;
    let events = machine.play(&wished);
    assert_eq!(verdicts(&events), [(0, Verdict::Failed)], "{events:?}");
    assert!(!has(&events, |e| matches!(e, RunnerEvent::Detached { .. })));
}
