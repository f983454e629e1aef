//! `shelter log`: the runs that were, one of them replayed, and the history. Writes nothing.

mod history;
mod list;

pub use history::verified;

use crate::fleet::{Care, RunId};
use crate::records::{Home, Memory, replay as events_of};
use crate::text::{Report, nearest};

use super::args::{Global, Log};
use super::exit::{Exit, Trouble};
use super::printer::{Printer, Wishes};
use super::spelling::Spelling;
use super::surroundings::find_home;

/// Runs shown where no number is given.
const RUNS: usize = 20;

/// Shows what was asked for.
pub fn run(what: &Log, global: &Global) -> Result<Exit, Trouble> {
    let base = find_home(global)?;
    let home = if global.lab { base.practice() } else { base };
    let memory = Memory::of(&home);
    match what.what.as_deref() {
        Some("verify") => history::verify(&home, what.json),
        Some(run) => replay(&home, run, what, global),
        None if what.history => history::print(&home, what.newest),
        None => list::runs(&memory.newest(what.newest.unwrap_or(RUNS))?, what.json),
    }
}

/// Shows a run as it was shown when it happened.
fn replay(home: &Home, name: &str, what: &Log, global: &Global) -> Result<Exit, Trouble> {
    let run = run_named(name)?;
    let Some(events) = events_of(home, &run)? else {
        return Err(unknown(home, &run));
    };
    let (verbose, spelling) = (global.verbose > 0, Spelling::of(global));
    let wishes =
        Wishes { json: what.json, diff: what.diff, verbose, spelling, extra_vars: Vec::new() };
    let mut printer = Printer::to_stdout(wishes);
    for stamped in &events {
        printer.show(stamped)?;
    }
    printer.finish()?;
    let past = Memory::of(home).of_run(&run)?;
    if let Some(past) = past.filter(|past| past.ended.is_none()) {
        let note = match past.care {
            Care::Interrupted => format!("was interrupted; `shelter resume {run}` goes on with it"),
            Care::Left => format!("was left to itself; `shelter resume {run}` goes on with it"),
            Care::Ours | Care::Theirs => "another console follows it".to_owned(),
            Care::Unseen => "its console has not seen the end".to_owned(),
        };
        super::paint::errors(&Spelling::of(global).spell(&format!("run {run}: {note}\n")));
    }
    Ok(Exit::Well)
}

/// The run of that name.
pub(super) fn run_named(text: &str) -> Result<RunId, Trouble> {
    RunId::parse(text).ok_or_else(|| {
        Report::error(format!("`{text}` is not the name of a run"))
            .expected("six letters and digits, such as `R7K2M4`")
            .help("`shelter log` lists the runs")
            .into()
    })
}

/// A run of which nothing is known.
pub(super) fn unknown(home: &Home, run: &RunId) -> Trouble {
    let report = Report::error(format!("nothing is known of run {run} in this home"));
    let known = Memory::of(home).newest(RUNS).unwrap_or_default();
    let near = nearest(run.as_str(), known.iter().map(|past| past.head.run.as_str()));
    match near {
        Some(near) => report.help(format!("did you mean `{near}`?")).into(),
        None => report.help("`shelter log` lists the runs").into(),
    }
}
