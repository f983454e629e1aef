//! Steps that misbehave: silent, endless, deaf to signals, forking away, reading stdin, forging events.

use shelter::playbook::frame::{Reason, RunnerEvent, Stream, Verdict};
use shelter::playbook::plan::PlannedStep;

use super::machine::{has, machine, machines, printed, status, verdicts};
use super::plans::{action, file, plan};

fn limited(script: &str, total: Option<u32>, silence: Option<u32>) -> PlannedStep {
    let mut step = action("slow", script);
    (step.limits.total_s, step.limits.silence_s) = (total, silence);
    step
}

fn reason(events: &[shelter::playbook::frame::Framed]) -> Option<Reason> {
    events.iter().find_map(|f| match &f.event {
        RunnerEvent::Ended { outcome, .. } => outcome.reason,
        _ => None,
    })
}

#[test]
fn a_command_that_prints_events_and_binary_forges_nothing() {
    for (shell, machine) in machines() {
        let forged = "e 25 9 99 end 1 c - 0 12 4\\ne 29 10 99 over 0 9 9 0 0 0 0\\n";
        let script = format!("printf '{forged}a\\000b\\377'; printf '{forged}' >&2; exit 3");
        let events = machine.play(&plan(vec![action("forge", &script), action("next", "true")]));
        assert_eq!(verdicts(&events), [(0, Verdict::Failed)], "{shell:?}");
        assert_eq!(status(&events), Some(2));
        let out = printed(&events, 0, Stream::Out);
        assert_eq!(
            out,
            format!("{}a\0b", forged.replace("\\n", "\n"))
                .bytes()
                .chain([0xff])
                .collect::<Vec<_>>()
        );
    }
}

#[test]
fn the_events_cannot_be_reached_from_a_step() {
    for (shell, machine) in machines() {
        let script = "for fd in 3 4 5 6 7 8 9; do echo forged >&$fd; done 2>/dev/null; true";
        let events = machine.play(&plan(vec![action("forge", script)]));
        assert_eq!(verdicts(&events), [(0, Verdict::Changed)], "{shell:?} {events:?}");
    }
}

#[test]
fn a_run_of_a_large_program_is_read_by_a_small_one() {
    for (shell, machine) in machines() {
        let large = file("large", "large", &"0123456789\n".repeat(40_000));
        let plan = plan(vec![large, action("talk", "echo spoken; echo aside >&2")]);
        let events = machine.play(&plan);
        assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
        assert_eq!(printed(&events, 1, Stream::Out), b"spoken\n", "{shell:?}");
        assert_eq!(printed(&events, 1, Stream::Err), b"aside\n", "{shell:?}");
        let reader = std::fs::metadata(machine.run_dir(&plan.run).join("reader")).unwrap();
        assert!(reader.len() < 40_000, "{shell:?}: {} bytes", reader.len());
    }
}

#[test]
fn a_step_reads_nothing_from_stdin() {
    for (shell, machine) in machines() {
        let events = machine.play(&plan(vec![action("cat", "wc -c; cat"), action("b", "true")]));
        assert_eq!(printed(&events, 0, Stream::Out), b"0\n", "{shell:?}");
        assert_eq!(status(&events), Some(0));
    }
}

#[test]
fn a_step_over_its_time_is_ended() {
    for (shell, machine) in machines() {
        let events = machine.play(&plan(vec![limited("echo on; sleep 20", Some(1), None)]));
        assert_eq!(reason(&events), Some(Reason::Timeout), "{shell:?} {events:?}");
        assert_eq!(status(&events), Some(2));
    }
}

#[test]
fn a_silent_step_is_ended_and_a_talking_one_is_not() {
    for (shell, machine) in machines() {
        let silent = machine.play(&plan(vec![limited("echo on; sleep 20", None, Some(1))]));
        assert_eq!(reason(&silent), Some(Reason::Silence), "{shell:?} {silent:?}");
        let talk = "for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 0.3; done";
        let talking = machine.play(&plan(vec![limited(talk, None, Some(2))]));
        assert_eq!(verdicts(&talking), [(0, Verdict::Changed)], "{shell:?} {talking:?}");
    }
}

#[test]
fn a_step_deaf_to_term_is_killed_with_all_it_started() {
    let machine = machine();
    let deaf = "trap '' TERM; (trap '' TERM; echo >child; while :; do sleep 1; done) & wait";
    let events = machine.play(&plan(vec![limited(deaf, Some(1), None)]));
    assert_eq!(reason(&events), Some(Reason::Timeout), "{events:?}");
    assert!(machine.home().join("child").exists());
    assert!(!has(&events, |e| matches!(e, RunnerEvent::Survivor { .. })), "{events:?}");
}

#[test]
fn a_process_that_forks_away_holds_nothing_up_and_is_reported() {
    for (shell, machine) in machines() {
        let events = machine.play(&plan(vec![action("fork", "sleep 3 & echo gone")]));
        assert_eq!(verdicts(&events), [(0, Verdict::Changed)], "{shell:?}");
        assert!(
            has(&events, |e| matches!(e, RunnerEvent::Survivor { .. })),
            "{shell:?} {events:?}"
        );
    }
}

#[test]
fn endless_output_is_bounded_on_the_host() {
    let machine = machine();
    let mut plan = plan(vec![limited("yes 0123456789abcdef", Some(2), None)]);
    plan.output_cap = 1 << 16;
    let events = machine.play(&plan);
    assert_eq!(reason(&events), Some(Reason::Timeout));
    let kept: u64 = ["0.out.head", "0.out.tail"]
        .iter()
        .map(|name| std::fs::metadata(machine.run_dir(&plan.run).join(name)).unwrap().len())
        .sum();
    assert_eq!(kept, 1 << 16);
    let offsets: Vec<u64> = events
        .iter()
        .filter_map(|f| match f.event {
            RunnerEvent::Output { stream: Stream::Out, offset, .. } => Some(offset),
            _ => None,
        })
        .collect();
    assert!(offsets.is_sorted(), "{offsets:?}");
}
