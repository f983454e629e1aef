//! The secrets of a plan as slots of its program: by name for scripts, and as what is never to be shown. Pure.

use super::program::Builder;
use super::valid::CompileError;
use crate::fleet::Secret;
use crate::playbook::plan::{HostPlan, Payload, quote};

/// Shorter lines of a secret are not hidden: they would be found everywhere.
pub const SHORTEST: usize = 4;

/// Whether a program of this plan needs slots.
pub(super) fn is_there(plan: &HostPlan) -> bool {
    let mut payloads = plan.all().flat_map(|step| &step.items).flat_map(|item| &item.legs.payloads);
    !plan.secrets.is_empty() || payloads.any(|payload| matches!(payload, Payload::Secret(_)))
}

/// Defines `secret NAME`, and the range of slots that hold what is never to be shown. One that nobody gave prints nothing and
/// ends with 1.
pub(super) fn write(
    out: &mut Builder,
    plan: &HostPlan,
    has_slots: bool,
) -> Result<(), CompileError> {
    let mut cases = String::new();
    for (name, secret) in &plan.secrets {
        let slot = out.slot(secret)?;
        cases.push_str(&format!("{}) _slot {slot} ;;\n", quote(name)?));
    }
    for name in &plan.without {
        cases.push_str(&format!("{}) return 1 ;;\n", quote(name)?));
    }
    if !has_slots && cases.is_empty() {
        return Ok(());
    }
    let other = "*) printf 'secret: there is no `%s` here\\n' \"$1\" >&2; return 2 ;;";
    out.block("secret", &format!("case $1 in\n{cases}{other}\nesac"));
    if !has_slots {
        return Ok(());
    }
    out.set("_masks", &out.slots().to_string());
    for mask in masks(plan) {
        out.slot(&mask)?;
    }
    out.set("_masks_end", &out.slots().to_string());
    Ok(())
}

/// The lines of all secrets, the longer ones first: one may hold another.
fn masks(plan: &HostPlan) -> Vec<Secret> {
    let lines = plan.secrets.values().flat_map(|secret| secret.reveal().lines());
    let mut lines: Vec<&str> = lines.map(str::trim).filter(|line| line.len() >= SHORTEST).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
    lines.dedup();
    lines.into_iter().map(|line| Secret::new(line.to_owned())).collect()
}
