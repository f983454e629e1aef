//! What earlier steps printed, for the scripts that ask by `output NAME`: nothing of it passes by the console. Pure.

use std::collections::BTreeMap;

use super::program::{Builder, PRINT};
use super::valid::CompileError;
use crate::playbook::plan::{HostPlan, quote};

/// Defines `output NAME`, if any step asks for it.
pub(super) fn write(out: &mut Builder, plan: &HostPlan) -> Result<(), CompileError> {
    let asked = plan.all().flat_map(|step| &step.outputs);
    let asked: BTreeMap<&str, u32> = asked.map(|(name, at)| (name.as_str(), at.0)).collect();
    if asked.is_empty() {
        return Ok(());
    }
    out.runner(PRINT);
    let mut cases = String::new();
    for (name, at) in asked {
        cases.push_str(&format!("{}) _printed {at} ;;\n", quote(name)?));
    }
    let other = "*) printf 'output: no step here is registered as `%s`\\n' \"$1\" >&2; return 2 ;;";
    out.block("output", &format!("case $1 in\n{cases}{other}\nesac"));
    Ok(())
}
