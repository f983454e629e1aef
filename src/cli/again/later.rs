//! What later runs did to what an earlier one changed: they come first when it is taken back. Asks no host.

use std::collections::BTreeSet;

use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::fleet::{Host, HostName, HostOutcome, HostRun, Purpose, RunId, RunState, Verdict};
use crate::records::{Memory, PastRun};
use crate::text::Report;

/// Refuses where a later run has changed there what the run changed, whatever playbook it was of: taking back the older
/// one would take that away, and where both left the same nothing on the host tells.
pub fn refuse(console: &Console, of: &RunState, hosts: &[(Host, HostRun)]) -> Result<(), Trouble> {
    let later = Memory::of(console.home()).since(&of.head.run)?;
    let undone =
        |run: &RunId| later.iter().any(|past| past.head.purpose == Purpose::Undo(run.clone()));
    let acting = |past: &&PastRun| matches!(past.head.purpose, Purpose::Apply | Purpose::Part);
    for past in later.iter().filter(acting).filter(|past| !undone(&past.head.run)) {
        if let Some((host, what)) = in_the_way(console, of, past, hosts)? {
            let (run, of) = (&past.head.run, &of.head.run);
            let by = &past.head.playbook;
            let text = format!("run {run} ({by}) changed {what} on {host} after run {of}");
            let report =
                Report::error(text).cause("taking back the older one would take that away as well");
            let help = format!("`shelter undo {run}` comes first, or add `--conflict overwrite`");
            return Err(report.help(console.spelling().spell(&help)).into());
        }
    }
    Ok(())
}

/// What a later run changed of what this one changed, and where.
fn in_the_way(
    console: &Console,
    of: &RunState,
    past: &PastRun,
    hosts: &[(Host, HostRun)],
) -> Result<Option<(HostName, String)>, Trouble> {
    let changed = past
        .outcomes
        .iter()
        .filter(|(_, outcome, recap)| recap.changed > 0 && *outcome != HostOutcome::RolledBack);
    for (host, ..) in changed {
        let Some((_, earlier)) = hosts.iter().find(|(known, _)| known.name == *host) else {
            continue;
        };
        let run = super::known(console, &past.head.run)?;
        let Some(later) = run.hosts.get(host) else { continue };
        let (ours, theirs) = (touched(earlier), touched(later));
        match ours.intersection(&theirs).next() {
            Some(what) => return Ok(Some((host.clone(), format!("`{what}`")))),
            // Steps that are shell of the playbook's own do not say what they change.
            None if past.head.playbook == of.head.playbook
                && (ours.is_empty() || theirs.is_empty()) =>
            {
                return Ok(Some((host.clone(), "something".to_owned())));
            }
            None => {}
        }
    }
    Ok(None)
}

/// What a run changed on a host, as far as its steps say.
fn touched(part: &HostRun) -> BTreeSet<&str> {
    let changed = part.done.iter().filter(|end| end.verdict == Verdict::Changed);
    let heads = changed.filter_map(|end| part.steps.get(end.step.number.checked_sub(1)? as usize));
    heads.flat_map(|head| head.touches.iter().map(String::as_str)).collect()
}
