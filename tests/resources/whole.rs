//! Playbooks from their YAML to the end of the run: read, resolved, compiled, executed by the runner.

use shelter::playbook::frame::{Framed, Stream, Verdict};
use shelter::playbook::plan::{HostPlan, Mode};
use shelter::playbook::resolve::Resolved;

use super::builtin::{resolved, resolved_text};
use crate::runner::machine::{Machine, machines, printed, status, verdicts};
use crate::runner::plans;

fn plan(resolved: Resolved, mode: Mode) -> HostPlan {
    let Resolved { on_fail, steps, handlers, .. } = resolved;
    HostPlan { on_fail, handlers, mode, ..plans::plan(steps) }
}

fn run(machine: &Machine, text: &str, mode: Mode) -> Vec<Framed> {
    let mut plan = plan(resolved_text("00_case.yaml", text, &machine.home()), mode);
    plan.login.home = machine.home().display().to_string();
    machine.play(&plan)
}

fn spoken(events: &[Framed]) -> Vec<Verdict> {
    verdicts(events).into_iter().map(|(_, verdict)| verdict).collect()
}

#[test]
fn the_second_run_changes_nothing_and_check_foretells_the_first() {
    for (shell, machine) in machines() {
        let of = |mode| plan(resolved("00_check_structure", &machine.home()), mode);
        let foretold = machine.play(&of(Mode::Check));
        assert!(!machine.home().join(".mountain_shelter/agents").exists(), "{shell:?}");
        let first = machine.play(&of(Mode::Apply));
        assert_eq!(status(&first), Some(0), "{shell:?} {first:?}");
        assert_eq!(spoken(&foretold)[0], Verdict::Ok, "{shell:?}");
        assert_eq!(spoken(&first)[0], Verdict::Ok);
        for (before, then) in spoken(&foretold).into_iter().zip(spoken(&first)).skip(1) {
            assert!(
                matches!(before, Verdict::WouldChange) == (then == Verdict::Changed),
                "{shell:?} {before:?} {then:?}"
            );
        }
        let second = machine.play(&of(Mode::Apply));
        assert!(
            spoken(&second).iter().all(|verdict| *verdict == Verdict::Ok),
            "{shell:?} {second:?}"
        );
    }
}

const HEAD: &str = "playbook: 00_case\nname: x\npurpose: y\n";

#[test]
fn what_is_missing_before_the_first_step_is_all_named_and_nothing_runs() {
    let text = format!(
        "{HEAD}on_fail: continue\npreflight:\n  - {{ check: test -e /nowhere, message: no nowhere, fix: make it }}\n  - {{ check: \"true\", message: fine }}\n  - {{ that: facts.home == '/', message: home is not / }}\nsteps:\n  - dir: ~/made\n"
    );
    for (shell, machine) in machines() {
        let events = run(&machine, &text, Mode::Apply);
        let said = String::from_utf8(printed(&events, 0, Stream::Err)).unwrap();
        assert_eq!(said, "no nowhere\n  fix: make it\nhome is not /\n", "{shell:?}");
        assert_eq!(spoken(&events), [Verdict::Failed, Verdict::Skipped], "{shell:?}");
        assert!(!machine.home().join("made").exists());
    }
}

#[test]
fn an_assertion_that_fails_says_why() {
    let text = format!(
        "{HEAD}steps:\n  - assert: {{ check: test -e /nowhere, message: no nowhere, fix: make it }}\n"
    );
    for (shell, machine) in machines() {
        let events = run(&machine, &text, Mode::Apply);
        let said = String::from_utf8(printed(&events, 0, Stream::Err)).unwrap();
        assert_eq!(said, "no nowhere\n  fix: make it\n", "{shell:?}");
        assert_eq!(spoken(&events), [Verdict::Failed], "{shell:?}");
    }
}

#[test]
fn outcomes_decide_on_the_host_what_facts_left_open() {
    let text = format!(
        "{HEAD}steps:
  - name: speak
    run: echo ready; exit 3
    failed_when: this.rc == 4
    changed_when: \"'ready' in this.stdout\"
    register: said
  - {{ dir: ~/yes, when: said.rc == 3 and facts.home, needs: said }}
  - {{ dir: ~/no, when: said.stdout == 'unready' or not facts.home }}
  - name: both
    loop: [a, b]
    dir: ~/{{{{ item }}}}
    when: item != 'b' and said.changed
    notify: handler
handlers:
  - name: handler
    run: {{ sh: \"touch {{{{ facts.home }}}}/handled\", creates: ~/handled }}
"
    );
    for (shell, machine) in machines() {
        let events = run(&machine, &text, Mode::Apply);
        let there = |name: &str| machine.home().join(name).exists();
        assert!(there("yes") && there("a") && there("handled"), "{shell:?} {events:?}");
        assert!(!there("no") && !there("b"), "{shell:?}");
    }
}

#[test]
fn what_is_looked_at_ahead_is_what_stands_there() {
    let text = format!(
        "{HEAD}steps:\n  - dir: {{ path: ~/d, mode: \"0700\" }}\n  - file: {{ path: ~/a, content: \"1\", mode: \"0600\" }}\n  - file: {{ path: ~/b, content: \"22\", mode: \"0640\" }}\n"
    );
    for (shell, machine) in machines() {
        run(&machine, &text, Mode::Apply);
        let again = run(&machine, &text, Mode::Apply);
        assert_eq!(spoken(&again), [Verdict::Ok; 3], "{shell:?} {again:?}");
        // In what `ls` prints, the line of a link to `~/b` ends like that of `~/b` itself.
        std::fs::remove_file(machine.home().join("a")).unwrap();
        std::os::unix::fs::symlink(machine.home().join("b"), machine.home().join("a")).unwrap();
        let linked = run(&machine, &text, Mode::Check);
        let foretold = [Verdict::Ok, Verdict::Failed, Verdict::Ok];
        assert_eq!(spoken(&linked), foretold, "{shell:?} {linked:?}");
    }
}

#[test]
fn a_check_does_not_promise_what_the_run_cannot_do() {
    let text = format!(
        "{HEAD}on_fail: continue
steps:
  - line: {{ path: ~/never, line: x }}
  - block: {{ path: ~/never, name: b, content: x }}
  - unpack: {{ archive: ~/none.tgz, dest: ~/unpacked }}
  - file: {{ path: ~/no/folder/f, content: x }}
  - file: {{ path: ~/f, content: x, owner: nosuchuser }}
"
    );
    for (shell, machine) in machines() {
        for mode in [Mode::Check, Mode::Apply] {
            let events = run(&machine, &text, mode);
            assert_eq!(spoken(&events), [Verdict::Failed; 5], "{shell:?} {mode:?} {events:?}");
            let said = String::from_utf8(printed(&events, 3, Stream::Err)).unwrap();
            assert!(said.contains("/no/folder is missing"), "{shell:?} {mode:?}: {said}");
        }
    }
}

#[test]
fn a_check_knows_what_earlier_steps_would_make_and_what_it_cannot_know() {
    let text = format!(
        "{HEAD}steps:
  - dir: ~/d
  - {{ file: {{ path: ~/d/f, content: \"a=1\\n\" }}, notify: tell }}
  - line: {{ path: ~/d/f, match: \"^a=\", line: a=9 }}
  - line: {{ path: ~/elsewhere, line: x }}
handlers:
  - name: tell
    run: {{ sh: touch ~/told, creates: ~/told }}
"
    );
    use Verdict::{Unknown, WouldChange};
    for (shell, machine) in machines() {
        let events = run(&machine, &text, Mode::Check);
        let expected = [WouldChange, WouldChange, Unknown, Unknown, WouldChange];
        assert_eq!(spoken(&events), expected, "{shell:?} {events:?}");
    }
}

/// What the check foretells for these steps, and what a run of them then does.
fn foretold_and_done(setup: &str, steps: &str) -> Vec<(Vec<Verdict>, Vec<Verdict>)> {
    let text = format!("{HEAD}on_fail: continue\nsteps:\n{steps}");
    let tried = machines().into_iter().map(|(_, machine)| {
        let ready = std::process::Command::new("sh")
            .args(["-euc", setup])
            .current_dir(machine.home())
            .status();
        assert!(ready.unwrap().success());
        let [check, apply] =
            [Mode::Check, Mode::Apply].map(|mode| spoken(&run(&machine, &text, mode)));
        (check, apply)
    });
    tried.collect()
}

#[test]
fn a_check_never_says_the_opposite_of_what_earlier_steps_would_make_of_it() {
    use Verdict::{Changed, Failed, Ok, Unknown, WouldChange};
    let cases = [
        (
            "  - dir: ~/nn\n  - file: {path: ~/nn/f, content: x}\n  - absent: ~/nn\n",
            WouldChange,
            Changed,
        ),
        ("  - link: {path: ~/ll, to: /etc}\n  - absent: ~/ll\n", WouldChange, Changed),
        (
            "  - dir: ~/mm/a/b\n  - absent: ~/mm/a\n  - file: {path: ~/mm/a/c, content: x}\n",
            Unknown,
            Failed,
        ),
        ("  - file: {path: ~/e, content: x}\n  - run: {sh: 'true', creates: ~/e}\n", Ok, Ok),
        (
            "  - file: {path: ~/e, content: x}\n  - run: {sh: 'true', unless: test -e ~/e}\n",
            Unknown,
            Ok,
        ),
        (
            "  - file: {path: ~/e, content: x}\n  - name: own\n    check: test -e ~/e\n    apply: 'true'\n",
            Unknown,
            Ok,
        ),
        (
            "  - file: {path: ~/e, content: x}\n  - {name: own, check: cd ~; test -e e, apply: 'true'}\n",
            Unknown,
            Ok,
        ),
        (
            "  - file: {path: ~/e, content: x}\n  - {name: own, check: test -e e, apply: 'true'}\n",
            Unknown,
            Ok,
        ),
        (
            "  - file: {path: ~/old/e, content: x}\n  - {name: own, cwd: ~/old, check: test -e e, apply: 'true'}\n",
            Unknown,
            Ok,
        ),
        (
            "  - file: {path: ~/old/e, content: x}\n  - {name: own, env: {E: \"{{ facts.home }}/old/e\"}, check: test -e \"$E\", apply: 'true'}\n",
            Unknown,
            Ok,
        ),
        ("  - file: {path: ~/e, content: x}\n  - wait: {path: ~/e, within: 1s}\n", Ok, Ok),
        (
            "  - file: {path: ~/e, content: x}\n  - wait: {path: ~/e, absent: true, within: 1s}\n",
            Unknown,
            Failed,
        ),
        ("  - file: {path: ~/e, content: x}\n  - dir: ~/e\n", Unknown, Failed),
        ("  - absent: ~/old\n  - assert: {check: test -e old}\n", Unknown, Failed),
        ("  - absent: ~/old\n  - dir: ~/old\n", WouldChange, Changed),
        ("  - absent: ~/old\n  - line: {path: ~/old/f, line: x}\n", Unknown, Failed),
        ("  - absent: ~/old\n  - link: {path: ~/old, to: /etc}\n", WouldChange, Changed),
        (
            "  - absent: ~/old\n  - run: {sh: mkdir -p ~/old; echo >~/old/f, creates: ~/old/f}\n",
            WouldChange,
            Changed,
        ),
        ("  - {dir: ~/mm, env: {A: b}}\n  - {absent: ~/mm, env: {A: b}}\n", WouldChange, Changed),
        ("  - dir: ~/mm/a/b\n  - dir: ~/mm/a\n", Ok, Ok),
        (
            "  - file: {path: ~/beside, content: x}\n  - run: {sh: 'true', unless: test -e ~/old/f}\n",
            Ok,
            Ok,
        ),
    ];
    for (steps, foretold, done) in cases {
        for (check, apply) in foretold_and_done("mkdir old; echo x >old/f", steps) {
            assert_eq!(check.last(), Some(&foretold), "{steps}{check:?}");
            assert_eq!(apply.last(), Some(&done), "{steps}{apply:?}");
        }
    }
}

#[test]
fn the_exit_status_of_a_check_is_told_as_it_was() {
    for code in [2, 42, 77, 127] {
        let text = format!("{HEAD}steps:\n  - {{name: a, check: exit {code}, apply: 'true'}}\n");
        for (shell, machine) in machines() {
            for mode in [Mode::Check, Mode::Apply] {
                let events = run(&machine, &text, mode);
                let told = format!("{events:?}");
                assert!(told.contains(&format!("exit: Some({code})")), "{shell:?} {told}");
            }
        }
    }
}

#[test]
fn a_check_that_ends_with_a_word_of_the_runner_s_is_an_error_that_says_so() {
    for code in [10, 11, 12] {
        let own = format!("  - {{name: a, check: exit {code}, apply: 'true'}}\n");
        let alone = format!("  - {{name: a, check: exit {code}}}\n");
        for step in [own, alone] {
            let text = format!("{HEAD}steps:\n{step}");
            for (shell, machine) in machines() {
                for mode in [Mode::Check, Mode::Apply] {
                    let events = run(&machine, &text, mode);
                    assert_eq!(spoken(&events), [Verdict::Failed], "{shell:?} {step}");
                    assert!(format!("{events:?}").contains("exit: Some(2)"), "{shell:?} {step}");
                    let said = String::from_utf8(printed(&events, 0, Stream::Err)).unwrap();
                    let told = format!("this check ended with {code}, which is told as 2");
                    assert!(said.contains(&told), "{shell:?} {step}: {said}");
                }
            }
        }
    }
}

#[test]
fn differences_of_a_loop_stand_one_below_the_other_whatever_the_files_are_called() {
    let text = format!(
        "{HEAD}steps:\n  - name: all\n    loop: [\"a\\nb\", c]\n    file: {{path: \"~/{{{{ item }}}}\", content: x}}\n"
    );
    for (shell, machine) in machines() {
        for mode in [Mode::Check, Mode::Apply] {
            let resolved = resolved_text("00_case.yaml", &text, &machine.home());
            let events = machine.play(&HostPlan { diff: true, ..plan(resolved, mode) });
            let diff = String::from_utf8(printed(&events, 0, Stream::Diff)).unwrap();
            let heads: Vec<&str> = diff.lines().filter(|line| line.starts_with("--- ")).collect();
            assert_eq!(heads.len(), 2, "{shell:?} {diff}");
            assert!(heads[0].ends_with("/a?b"), "{shell:?} {diff}");
        }
    }
}
