//! Taking back: at once after a failure, or later at request, and only over what the run left.

use shelter::playbook::frame::{Framed, RunnerEvent, UndoOutcome, Verdict};
use shelter::playbook::plan::{HostPlan, OnFail, PlannedStep, Survival};
use shelter::playbook::{Aside, OnConflict, prune, undo};

use super::machine::{Machine, has, machine, machines, status, verdicts};
use super::plans::{action, file, plan};

fn outcomes(events: &[Framed]) -> Vec<(u32, UndoOutcome)> {
    events
        .iter()
        .filter_map(|f| match f.event {
            RunnerEvent::Undone { step, outcome, .. } => Some((step, outcome)),
            _ => None,
        })
        .collect()
}

fn take_back(machine: &Machine, of: &HostPlan, conflict: OnConflict) -> Vec<Framed> {
    let as_run = format!("{}-u{}", of.run, conflict as u8);
    let of = Aside { run: of.run.clone(), as_root: false, console: "a test".into() };
    machine.run(&machine.own(undo(&of, &as_run, Survival::Session, conflict).unwrap()))
}

fn two_files() -> Vec<PlannedStep> {
    vec![file("old", "old", "new content"), file("fresh", "fresh", "x")]
}

#[test]
fn a_failed_run_takes_its_changes_back_in_reverse_order() {
    for (shell, machine) in machines() {
        std::fs::write(machine.home().join("old"), "before").unwrap();
        let mut steps = two_files();
        steps.push(file("old2", "old", "newer content"));
        steps.push(action("bad", "false"));
        let mut wished = plan(steps);
        wished.on_fail = OnFail::Undo;
        let events = machine.play(&wished);
        assert_eq!(status(&events), Some(2), "{shell:?}");
        use UndoOutcome::{Impossible, Restored};
        let expected = [(3, Impossible), (2, Restored), (1, Restored), (0, Restored)];
        assert_eq!(outcomes(&events), expected, "{shell:?} {events:?}");
        assert_eq!(std::fs::read(machine.home().join("old")).unwrap(), b"before");
        assert!(!machine.home().join("fresh").exists(), "{shell:?}");
    }
}

#[test]
fn a_past_run_is_taken_back_once() {
    for (shell, machine) in machines() {
        std::fs::write(machine.home().join("old"), "before").unwrap();
        let wished = plan(two_files());
        assert_eq!(status(&machine.play(&wished)), Some(0));
        let events = take_back(&machine, &wished, OnConflict::Ask);
        let expected = [(1, UndoOutcome::Restored), (0, UndoOutcome::Restored)];
        assert_eq!(outcomes(&events), expected, "{shell:?} {events:?}");
        assert_eq!(std::fs::read(machine.home().join("old")).unwrap(), b"before");
        let again = take_back(&machine, &wished, OnConflict::Keep);
        assert!(outcomes(&again).is_empty(), "{shell:?} {again:?}");
    }
}

#[test]
fn what_somebody_has_changed_since_is_a_conflict_and_left_alone() {
    for (shell, machine) in machines() {
        let fresh = machine.home().join("fresh");
        let wished = plan(two_files());
        machine.play(&wished);
        std::fs::write(&fresh, "mine").unwrap();
        let asked = take_back(&machine, &wished, OnConflict::Ask);
        assert_eq!(outcomes(&asked), [(1, UndoOutcome::Conflict)], "{shell:?} {asked:?}");
        assert_eq!(status(&asked), Some(2));
        assert_eq!(std::fs::read(&fresh).unwrap(), b"mine");
        let kept = take_back(&machine, &wished, OnConflict::Keep);
        let expected = [(1, UndoOutcome::Kept), (0, UndoOutcome::Restored)];
        assert_eq!(outcomes(&kept), expected, "{shell:?} {kept:?}");
        let forced = take_back(&machine, &wished, OnConflict::Overwrite);
        assert_eq!(outcomes(&forced), [(1, UndoOutcome::Restored)], "{shell:?}");
        assert!(!fresh.exists());
    }
}

#[test]
fn nothing_is_applied_where_the_state_before_cannot_be_saved() {
    let machine = machine();
    std::fs::create_dir_all(machine.home().join(".mountain_shelter/runtime")).unwrap();
    std::fs::write(machine.home().join(".mountain_shelter/runtime/saves"), "in the way").unwrap();
    let events = machine.play(&plan(vec![file("f", "f", "x")]));
    assert_eq!(verdicts(&events), [(0, Verdict::Failed)], "{events:?}");
    assert!(!machine.home().join("f").exists());
}

#[test]
fn old_runs_are_removed_with_what_they_saved_and_young_ones_kept() {
    for (shell, machine) in machines() {
        let (old, young) = (plan(two_files()), plan(vec![action("a", "true")]));
        machine.play(&old);
        machine.play(&young);
        let saves = machine.home().join(".mountain_shelter/runtime/saves").join(&old.run);
        assert!(saves.exists());
        let month = std::time::Duration::from_secs(40 * 86_400);
        let then = std::time::SystemTime::now() - month;
        let dir = std::fs::File::open(machine.run_dir(&old.run)).unwrap();
        dir.set_times(std::fs::FileTimes::new().set_modified(then)).unwrap();
        let of = Aside { run: "prune".into(), as_root: false, console: "a test".into() };
        let events = machine.run(&machine.own(prune(&of, 30).unwrap()));
        let removed = events.iter().filter(|f| f.event == RunnerEvent::Pruned).count();
        assert_eq!(removed, 1, "{shell:?} {events:?}");
        assert!(!machine.run_dir(&old.run).exists() && !saves.exists(), "{shell:?}");
        assert!(machine.run_dir(&young.run).exists(), "{shell:?}");
    }
}

#[test]
fn a_run_that_changed_nothing_has_nothing_to_take_back() {
    let machine = machine();
    let events = take_back(&machine, &plan(vec![]), OnConflict::Ask);
    let nothing = shelter::playbook::frame::Obstacle::Nothing;
    assert!(has(&events, |e| *e == RunnerEvent::Refused(nothing)), "{events:?}");
}
