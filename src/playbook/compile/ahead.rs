//! Looking ahead: the metadata of many paths asked for by one process instead of one each, while nothing is changed yet.

use super::program::Builder;
use super::step;
use super::valid::CompileError;
use crate::playbook::plan::{HostPlan, Sh};

/// Paths that are looked at together: soon after, so that what was seen is still so, and briefly, for the shell searches
/// what was seen anew for each.
const TOGETHER: usize = 64;

/// Writes the list `_ahead` of the items before which to look, and for each the function that does.
///
/// Only the foreground looks ahead, where nothing is changed; what is applied is checked again by looks of its own.
pub(super) fn write(out: &mut Builder, plan: &HostPlan, as_root: bool) -> Result<(), CompileError> {
    let seen = seen(plan, as_root);
    let batches: Vec<_> = seen.chunks(TOGETHER).filter(|batch| batch.len() > 1).collect();
    let places: Vec<_> =
        batches.iter().map(|batch| format!("{}.{}", batch[0].0, batch[0].1)).collect();
    out.set("_ahead", &format!("' {} '", places.join(" ")));
    for batch in batches {
        let (step, item, _) = batch[0];
        let look = Sh::call("r_ahead", batch.iter().map(|(_, _, path)| *path))?;
        out.function(&format!("_l{step}_{item}"), look.as_str());
    }
    Ok(())
}

/// The items whose check looks at a path, with the path. Other users than the program's look by themselves.
fn seen(plan: &HostPlan, as_root: bool) -> Vec<(usize, usize, &str)> {
    let steps = plan.steps.iter().enumerate();
    let own = steps.filter(|(_, step)| step::user(plan, step, as_root).is_none());
    let items = own
        .flat_map(|(at, step)| step.items.iter().enumerate().map(move |(n, item)| (at, n, item)));
    let paths = items.filter_map(|(at, n, item)| Some((at, n, item.legs.looks_at.as_deref()?)));
    paths.filter(|(_, _, path)| is_plain(path)).collect()
}

/// Whether the path is found again in what `ls` prints: absolute, without blanks or anything that may be quoted.
fn is_plain(path: &str) -> bool {
    path.starts_with('/')
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+@,:=%".contains(&b))
}
