//! `shelter bench`: how fast models are on hosts, beside their baselines, and what got slower.

mod compare;
mod harvest;
mod list;
mod noted;
mod serve;
mod shelf;

use super::args::{Bench, BenchWhat, Global};
use super::compose::Console;
use super::exit::{Exit, Outcome};
use super::runtime::to_the_end;
use crate::records::Level;

pub use harvest::harvest;
pub use list::{speed, verdict};
pub use shelf::Shelf;

/// Runs one of the commands.
pub fn run(asked: &Bench, global: &Global) -> Outcome {
    let console = Console::open(global)?;
    match &asked.what {
        None => list::run(&console, &asked.selection),
        Some(BenchWhat::Compare(asked)) => compare::run(&console, asked),
        // It minds an interruption itself: the governor is to be put back.
        Some(BenchWhat::Serve(asked)) => to_the_end(serve::run(&console, asked)),
        Some(BenchWhat::Baseline { record }) => {
            let host = Shelf::open(&console)?.make_baseline(record)?;
            let text = format!("{record} is the baseline of what is like it");
            noted::note(&console, Level::Info, &host, text)?;
            Ok(Exit::Well)
        }
    }
}
