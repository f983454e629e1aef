//! `shelter undo` and `shelter resume`: runs there were, taken back or gone on with.

mod conflict;
mod later;

use crate::config::Pattern;
use crate::fleet::{Care, Fleet, Host, HostName, HostRun, Purpose, RunHead, RunId, RunState};
use crate::ops::{Errand, Followup, Job};
use crate::playbook::OnConflict;
use crate::records::{Memory, OpenRuns, RecordsError, missed, replay};
use crate::text::Report;

use super::args::{Conflict, Global, Undo};
use super::compose::Console;
use super::exit::{Exit, Trouble};
use super::log::{run_named, unknown};
use super::printer::Wishes;
use super::runtime::to_the_end;
use super::surroundings::actor;
use super::watch::{Manner, watch};

/// Takes back what a run changed.
pub fn undo(undo: &Undo, global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    let followup = undoing(&console, undo)?;
    let run = followup.head.run.clone();
    let exit = follow(&console, followup, undo.json)?;
    let hosts = conflict::hosts(&console, &run)?;
    if undo.json || hosts.is_empty() {
        return Ok(exit);
    }
    // What stood before the conflict is taken back already: it goes on where it stopped.
    match conflict::ask(&hosts)? {
        Conflict::Stop => Ok(exit),
        conflict => {
            let undo = Undo { limit: Some(hosts.join(",")), conflict, ..undo.clone() };
            follow(&console, undoing(&console, &undo)?, undo.json)
        }
    }
}

/// What it takes to take a run back.
pub(super) fn undoing(console: &Console, undo: &Undo) -> Result<Followup, Trouble> {
    let of = run_named(&undo.run)?;
    let known = known(console, &of)?;
    refuse_what_made_nothing(&known.head)?;
    let limit = match &undo.limit {
        Some(limit) => Some(Pattern::from_argument("--limit", limit)?.select(console.inventory())?),
        None => None,
    };
    let mut hosts = hosts(console, &known)?;
    hosts.retain(|(host, _)| limit.as_ref().is_none_or(|limit| limit.contains(&host.name)));
    if undo.conflict != Conflict::Overwrite {
        let back = Memory::of(console.home()).taken_back(&of)?;
        hosts.retain(|(host, _)| !back.contains_key(&host.name));
        if let (true, Some(undo)) = (hosts.is_empty(), back.values().next()) {
            return Err(over(&of, Some(undo)));
        }
        later::refuse(console, &known, &hosts)?;
    }
    if hosts.is_empty() {
        let report = Report::error(format!("run {of} began on none of these hosts"));
        return Err(report.help(format!("`shelter log {of}` shows how it went")).into());
    }
    let head = RunHead {
        run: RunId::new(rand::random()),
        hosts: hosts.iter().map(|(host, _)| host.name.clone()).collect(),
        purpose: Purpose::Undo(of.clone()),
        actor: actor(),
        ..known.head
    };
    let conflict = match undo.conflict {
        Conflict::Stop => OnConflict::Ask,
        Conflict::Keep => OnConflict::Keep,
        Conflict::Overwrite => OnConflict::Overwrite,
    };
    let (errand, never) = (Errand::Undo { of, conflict }, Vec::new());
    Ok(Followup { head, errand, hosts, never })
}

/// Only a run that was to change something can be taken back.
fn refuse_what_made_nothing(head: &RunHead) -> Result<(), Trouble> {
    let RunHead { run, purpose, playbook, .. } = head;
    let (why, help) = match purpose {
        Purpose::Apply | Purpose::Part => return Ok(()),
        Purpose::Check => (
            "changed nothing: it only looked".to_owned(),
            "`shelter log` lists the runs".to_owned(),
        ),
        Purpose::Undo(taken) => (
            format!("took run {taken} back itself"),
            format!("`shelter --run {playbook}` makes it so again"),
        ),
    };
    Err(Report::error(format!("run {run} {why}")).help(help).into())
}

/// Goes on with a run whose console died.
pub fn resume(run: Option<&str>, json: bool, global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    let run = match run {
        Some(text) => run_named(text)?,
        None => only_interrupted(&console)?,
    };
    follow(&console, resuming(&console, &run)?, json)
}

/// What it takes to go on with a run.
pub(super) fn resuming(console: &Console, run: &RunId) -> Result<Followup, Trouble> {
    let marks = OpenRuns::of(console.home());
    if marks.is_held(run)? {
        return Err(RecordsError::Followed { run: run.clone() }.into());
    }
    let Some(known) = replayed(console, run)? else {
        marks.forget(run)?;
        return Err(unknown(console.home(), run));
    };
    if known.head.purpose == Purpose::Check {
        let report = Report::error(format!("run {run} only looked, and ended with its console"));
        return Err(report.help("run it again").into());
    }
    let undone = Memory::of(console.home()).undone(run)?;
    let begun_nowhere = |part: &HostRun| part.outcome.is_none() && part.steps.is_empty();
    let never = known.hosts.iter().filter(|(_, part)| begun_nowhere(part));
    let never: Vec<HostName> = never.map(|(host, _)| host.clone()).collect();
    let mut hosts = hosts(console, &known)?;
    hosts.retain(|(host, known)| known.outcome.is_none() && !undone.contains_key(&host.name));
    let nothing = hosts.is_empty() && never.is_empty();
    if nothing && (!undone.is_empty() || is_closed(console, &known)?) {
        // It may have been offered all the same: it is not any more.
        marks.forget(run)?;
        return Err(over(run, undone.values().next()));
    }
    let head = RunHead { actor: actor(), ..known.head };
    Ok(Followup { head, errand: Errand::Resume, hosts, never })
}

/// Whether the log of a run tells its end, and the status of each host what the log does.
fn is_closed(console: &Console, known: &RunState) -> Result<bool, Trouble> {
    let events = replay(console.home(), &known.head.run)?.unwrap_or_default();
    Ok(known.ended.is_some() && missed(console.home(), &events)?.is_empty())
}

/// There is nothing to go on with.
fn over(run: &RunId, undone: Option<&RunId>) -> Trouble {
    let why = match undone {
        Some(undo) => format!("run {run} was undone by run {undo}"),
        None => format!("run {run} is over on all its hosts"),
    };
    Report::error(why).help(format!("`shelter log {run}` shows how it went")).into()
}

fn follow(console: &Console, followup: Followup, json: bool) -> Result<Exit, Trouble> {
    let verbose = console.verbose() > 0;
    let look = Manner {
        wishes: Wishes { json, verbose, spelling: console.spelling().clone(), ..Wishes::default() },
        drift: false,
    };
    to_the_end(watch(console, vec![Job::Followup(Box::new(followup))], None, look))
}

/// The one run that was interrupted.
fn only_interrupted(console: &Console) -> Result<RunId, Trouble> {
    let runs = OpenRuns::of(console.home()).interrupted()?;
    match runs.as_slice() {
        [run] => Ok(run.clone()),
        [] => Err(Report::error("no run was interrupted").into()),
        several => {
            let names: Vec<&str> = several.iter().map(RunId::as_str).collect();
            let report = Report::error(format!("{} runs were interrupted", several.len()));
            Err(report.help(format!("name one: {}", names.join(", "))).into())
        }
    }
}

/// What the records know of a run.
pub(super) fn known(console: &Console, run: &RunId) -> Result<RunState, Trouble> {
    let mut known = replayed(console, run)?.ok_or_else(|| unknown(console.home(), run))?;
    if known.ended.is_none() {
        known.care = OpenRuns::of(console.home()).care_of(run, known.care == Care::Left)?;
    }
    Ok(known)
}

fn replayed(console: &Console, run: &RunId) -> Result<Option<RunState>, Trouble> {
    let events = replay(console.home(), run)?.unwrap_or_default();
    let mut fleet = Fleet::default();
    events.iter().for_each(|stamped| fleet.fold(stamped));
    Ok(fleet.runs.remove(run))
}

/// The hosts of a run that had begun there, as the inventory knows them now.
fn hosts(console: &Console, known: &RunState) -> Result<Vec<(Host, HostRun)>, Trouble> {
    let mut hosts = Vec::new();
    for (name, part) in &known.hosts {
        if part.steps.is_empty() {
            continue;
        }
        let host = console.inventory().host(name.as_str()).ok_or_else(|| {
            Report::error(format!("host `{name}` of that run is not in the inventory any more"))
        })?;
        hosts.push((host.clone(), part.clone()));
    }
    Ok(hosts)
}
