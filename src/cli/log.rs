//! `shelter log`: the runs that were, one of them replayed, and the history. Writes nothing.

mod history;
mod list;

pub use history::verified;

use crate::fleet::{Event, RunId};
use crate::records::{Home, Memory, replay as events_of};
use crate::text::{Report, nearest};

use super::args::{Global, Log};
use super::compose::find_home;
use super::exit::{Exit, Trouble};
use super::printer::{Printer, Wishes};
use super::spelling::Spelling;

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
    let Some(run) = RunId::parse(name) else {
        return Err(Report::error(format!("`{name}` is no name of a run"))
            .expected("six letters and digits, such as `R7K2M4`, or `verify`")
            .help("`shelter log` lists the runs")
            .into());
    };
    let Some(events) = events_of(home, &run)? else {
        return Err(unknown(&Memory::of(home), &run));
    };
    let (verbose, spelling) = (global.verbose > 0, Spelling::of(global));
    let wishes =
        Wishes { json: what.json, diff: what.diff, verbose, spelling, extra_vars: Vec::new() };
    let mut printer = Printer::to_stdout(wishes);
    for stamped in &events {
        printer.show(stamped)?;
    }
    printer.finish()?;
    let over = |stamped: &crate::fleet::Stamped| matches!(stamped.event, Event::RunEnded { .. });
    if !events.iter().any(over) {
        super::paint::errors(&format!("run {run}: its console has not seen the end\n"));
    }
    Ok(Exit::Well)
}

fn unknown(memory: &Memory, run: &RunId) -> Trouble {
    let report = Report::error(format!("there is no run `{run}`"));
    let known = memory.newest(RUNS).unwrap_or_default();
    let near = nearest(run.as_str(), known.iter().map(|past| past.head.run.as_str()));
    match near {
        Some(near) => report.help(format!("did you mean `{near}`?")).into(),
        None => report.help("`shelter log` lists the runs").into(),
    }
}
