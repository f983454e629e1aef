//! Compiles a plan to the one POSIX sh program its host runs. Pure: the same plan gives the same text.

mod ahead;
mod aside;
mod awaits;
mod cond;
mod output;
mod program;
mod secret;
mod step;
mod valid;

pub use aside::{Aside, OnConflict, attach, cancel, prune, undo};
pub use program::Program;
pub use secret::SHORTEST;
pub use valid::CompileError;

use super::plan::{HostPlan, Mode, OnFail, PlannedStep, Survival, quote};
use program::{Builder, CHECK, OPEN, READ, RUN, SECRET};

/// The program that carries out `plan`, started by [`Start`](super::Start), or by hand: `sh program go`.
pub fn compile(plan: &HostPlan) -> Result<Program, CompileError> {
    valid::check(plan)?;
    let as_root = plan.as_root();
    let mut out = Builder::new(as_root);
    head(&mut out, plan, as_root)?;
    out.runner(READ);
    out.set("_reader", &out.lines().to_string());
    out.runner(RUN);
    let has_secrets = secret::is_there(plan);
    out.runner(if has_secrets { SECRET } else { OPEN });
    if let Some(key_fn) = &plan.key_fn {
        out.prelude(key_fn.as_str());
    }
    for prelude in preludes(plan) {
        out.prelude(prelude);
    }
    if plan.mode == Mode::Check {
        out.runner(CHECK);
    }
    secret::write(&mut out, plan, has_secrets)?;
    output::write(&mut out, plan)?;
    ahead::write(&mut out, plan, as_root)?;
    for (index, step) in all(plan).enumerate() {
        step::write(&mut out, plan, index, step, as_root)?;
    }
    if has_secrets {
        out.set("_slotted", &out.slots().to_string());
    }
    Ok(out.finish("_main \"$@\""))
}

/// Steps, then handlers: a handler's index goes on where the steps' ends.
fn all(plan: &HostPlan) -> impl Iterator<Item = &PlannedStep> {
    plan.all()
}

fn preludes(plan: &HostPlan) -> Vec<&'static str> {
    let mut seen = Vec::new();
    let mut texts = Vec::new();
    for prelude in all(plan).flat_map(|s| &s.preludes) {
        if !seen.contains(&prelude.name) {
            seen.push(prelude.name);
            texts.push(prelude.text);
        }
    }
    texts
}

fn head(out: &mut Builder, plan: &HostPlan, as_root: bool) -> Result<(), CompileError> {
    out.comment(&format!("{} on {}, run {}", plan.playbook, plan.host, plan.run));
    out.set("_run", &quote(&plan.run)?);
    out.set("_playbook", &quote(&plan.playbook)?);
    out.set("_console", &quote(&one_line(&plan.console))?);
    out.set("_boot", &quote(plan.facts.boot_id.as_deref().unwrap_or(""))?);
    let digest = if plan.key_fn.is_some() { plan.facts.digest.as_str() } else { "" };
    out.set("_digest", &quote(digest)?);
    out.set("_mode", if plan.mode == Mode::Check { "check" } else { "apply" });
    out.set("_diff", if plan.diff { "1" } else { "0" });
    out.set("_onfail", on_fail(plan.on_fail));
    out.set("_survival", survival(plan.survival, as_root));
    out.set("_root", if as_root { "1" } else { "0" });
    out.set("_cap", &plan.output_cap.to_string());
    out.set("_steps", &plan.steps.len().to_string());
    out.set("_handlers", &plan.handlers.len().to_string());
    let check_s = all(plan).map(|s| s.limits.check_s).max().unwrap_or(60);
    out.set("_checks_s", &check_s.to_string());
    Ok(())
}

fn on_fail(on_fail: OnFail) -> &'static str {
    match on_fail {
        OnFail::Stop => "stop",
        OnFail::Undo => "undo",
        OnFail::Continue => "continue",
    }
}

fn survival(wished: Survival, as_root: bool) -> &'static str {
    match wished.had_by(as_root) {
        Survival::Session => "session",
        Survival::UserUnit => "user",
        Survival::SystemUnit => "system",
    }
}

/// Text that cannot leave the line it is put on.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
