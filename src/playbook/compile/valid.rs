//! What a plan must be before it is compiled: mistakes of the resolver end here, not on a host.

use super::all;
use crate::playbook::plan::{Cond, HostPlan, PlannedStep, RootBy, RunAs, ShError, StepIndex};

/// Why a plan does not compile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// A value no shell can carry.
    #[error(transparent)]
    Value(#[from] ShError),
    /// A secret no shell can carry.
    #[error("a secret holds a NUL character, which no shell can pass on")]
    Secret,
    /// A step needs root where there is no way to it.
    #[error("step `{0}` needs root, which cannot be had on this host")]
    NoRoot(String),
    /// A text that must be a plain word is not one.
    #[error("`{0}` cannot be used as {1}")]
    Word(String, &'static str),
    /// A step points at one that does not come before it.
    #[error("step `{0}` looks at a step that does not come before it")]
    Order(String),
    /// A step asks for a handler that does not exist.
    #[error("step `{0}` notifies a handler that is not in the plan")]
    Handler(String),
}

pub(super) fn check(plan: &HostPlan) -> Result<(), CompileError> {
    word(&plan.run, "the id of a run")?;
    word(&plan.playbook, "the name of a playbook")?;
    word(&plan.login.user, "the name of a user")?;
    for (index, step) in all(plan).enumerate() {
        check_step(plan, index, step)?;
    }
    Ok(())
}

fn check_step(plan: &HostPlan, index: usize, step: &PlannedStep) -> Result<(), CompileError> {
    word(&step.id, "the id of a step")?;
    if let RunAs::User(name) = &step.run_as {
        word(name, "the name of a user")?;
    }
    if step.run_as != RunAs::Login && plan.login.root == RootBy::Nothing {
        return Err(CompileError::NoRoot(step.id.clone()));
    }
    let arounds = step.items.iter().filter_map(|item| item.around.as_ref());
    for name in arounds.chain([&step.around]).flat_map(|around| around.env.keys()) {
        let shell = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.chars().all(shell) || !name.starts_with(|c: char| !c.is_ascii_digit()) {
            return Err(CompileError::Word(name.clone(), "the name of an environment variable"));
        }
    }
    let looked_at = step.when.iter().flat_map(Cond::subjects);
    let printed = step.outputs.iter().map(|(_, at)| *at);
    if looked_at
        .chain(step.needs.iter().copied())
        .chain(printed)
        .any(|at: StepIndex| at.0 as usize >= index)
    {
        return Err(CompileError::Order(step.id.clone()));
    }
    if step.notify.iter().any(|&handler| handler >= plan.handlers.len()) {
        return Err(CompileError::Handler(step.id.clone()));
    }
    Ok(())
}

/// A word that names a file, a unit and a user without ever being read as anything else.
pub(super) fn word(text: &str, what: &'static str) -> Result<(), CompileError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let first = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.len() <= 128 && text.starts_with(first) && text.chars().all(plain) {
        Ok(())
    } else {
        Err(CompileError::Word(text.to_owned(), what))
    }
}
