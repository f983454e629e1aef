//! Programs beside a run: read it again, end it, take it back, remove what old ones have left. Pure.

use super::program::{Builder, Program, READ, REMOVE, STOP, TAKE_BACK};
use super::valid::{self, CompileError};
use super::{one_line, survival};
use crate::playbook::plan::{Survival, quote};

/// Whose run it is, and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The run's id.
    pub run: String,
    /// Whether root carried it out: its program's `as_root`. Its files are root's then.
    pub as_root: bool,
    /// Who drives.
    pub console: String,
}

/// What an undo does where what is there is not what the run left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// Stops there and tells, so that somebody can be asked.
    Ask,
    /// Leaves it as it is and goes on.
    Keep,
    /// Restores over it.
    Overwrite,
}

/// Reads a run from its event after number `after` on, to its end if it is not over; changes nothing.
pub fn attach(of: &Aside, after: u64) -> Result<Program, CompileError> {
    let mut out = head(of)?;
    out.runner(READ);
    Ok(out.finish(&format!("_attach_main {after}")))
}

/// Asks a run to end: in order, or, where `hard`, at once.
pub fn cancel(of: &Aside, hard: bool) -> Result<Program, CompileError> {
    let mut out = head(of)?;
    out.runner(STOP);
    Ok(out.finish(if hard { "_cancel_main KILL" } else { "_cancel_main TERM" }))
}

/// Takes back what a run has changed, as a run of its own with the id `as_run`, and reads that.
pub fn undo(
    of: &Aside,
    as_run: &str,
    wished: Survival,
    conflict: OnConflict,
) -> Result<Program, CompileError> {
    valid::word(as_run, "the id of a run")?;
    let own = Aside { run: as_run.to_owned(), ..of.clone() };
    let mut out = head(&own)?;
    out.set("_of", &quote(&of.run)?);
    out.set("_survival", survival(wished, of.as_root));
    out.runner(TAKE_BACK);
    let how = match conflict {
        OnConflict::Ask => "ask",
        OnConflict::Keep => "skip",
        OnConflict::Overwrite => "force",
    };
    Ok(out.finish(&format!("_undo_start_main {how}")))
}

/// Removes runs that are over and older than `days`, with the states they saved. `of.run` names nothing here.
pub fn prune(of: &Aside, days: u32) -> Result<Program, CompileError> {
    let mut out = head(of)?;
    out.runner(REMOVE);
    Ok(out.finish(&format!("_prune_main {days}")))
}

fn head(of: &Aside) -> Result<Builder, CompileError> {
    valid::word(&of.run, "the id of a run")?;
    let mut out = Builder::new(of.as_root);
    out.set("_run", &quote(&of.run)?);
    out.set("_console", &quote(&one_line(&of.console))?);
    out.set("_root", if of.as_root { "1" } else { "0" });
    Ok(out)
}
