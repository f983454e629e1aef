//! Plans as programs: the text that would run, kept in `tests/plans/`, and what shellcheck says to it.

use shelter::playbook::compile;
use shelter::playbook::plan::{Cond, HostPlan, Prelude, RootBy, RunAs, StepIndex, Subject};

use crate::support::cases::{compare_kept, in_repository};
use crate::support::lint::{COMPILED, shellchecked};

use super::plans::{action, file, plan};

/// A plan with a bit of everything.
fn rich() -> HostPlan {
    let mut conf = file("conf", "it's", "text with 'quotes' and $(such)\n");
    conf.preludes = vec![Prelude { name: "note", text: "note() { printf '%s\\n' \"$1\"; }" }];
    conf.notify = vec![0];
    conf.run_as = RunAs::Root;
    let mut build = action("build", "make -j4");
    build.when = Some(Cond::Any(vec![
        Cond::Changed(Subject::Step(StepIndex(0))),
        Cond::Not(Box::new(Cond::StdoutHas(Subject::Step(StepIndex(0)), "it's".into()))),
    ]));
    (build.around.cwd, build.attempts.retries) = (Some("/srv/a b".into()), 2);
    build.around.env.insert("CC".into(), "clang".into());
    build.needs = vec![StepIndex(0)];
    let mut wished = plan(vec![conf, build]);
    wished.run = "r7k2".into();
    (wished.login.user, wished.login.root) = ("ops".into(), RootBy::Sudo);
    wished.handlers = vec![action("restart", "systemctl restart it")];
    wished
}

/// The part of the text that the plan decides: all but the runner's own functions.
fn own_part(text: &str) -> String {
    let (head, rest) = text.split_once("_now() {").unwrap();
    let (_, own) = rest.split_once("\n_main() {").unwrap();
    let (_, own) = own.split_once("\n}\n").unwrap();
    format!("{head}# (the runner)\n{own}\n")
}

#[test]
fn a_plan_compiles_to_the_kept_text() {
    let text = own_part(&compile(&rich()).unwrap().text());
    compare_kept(&in_repository("tests/plans/rich.sh"), &text);
    assert_eq!(compile(&rich()), compile(&rich()));
}

#[test]
fn shellcheck_finds_nothing_in_a_compiled_program() {
    let program = compile(&rich()).unwrap().text();
    shellchecked("a program with a bit of everything", program.as_bytes(), COMPILED);
}

#[test]
fn a_plan_that_cannot_be_carried_out_does_not_compile() {
    let mut rootless = rich();
    rootless.login.root = RootBy::Nothing;
    assert_eq!(
        compile(&rootless).unwrap_err().to_string(),
        "step `conf` needs root, which cannot be had on this host"
    );
    let mut odd = rich();
    odd.run = "../x".into();
    assert!(compile(&odd).unwrap_err().to_string().contains("`../x` cannot be used"));
    let mut nul = rich();
    nul.steps[1].around.cwd = Some("a\0b".into());
    assert!(compile(&nul).is_err());
    let mut later = rich();
    later.steps[0].needs = vec![StepIndex(1)];
    assert!(compile(&later).is_err());
}
