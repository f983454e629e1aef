//! `shelter models`: which model fits on which host, and what a model file says of itself.

mod fits;
mod inspect;
pub mod survey;
mod tiny;

use crate::bench::{CacheType, Setting};

use super::args::{CacheWord, Global, Models, OneModel, Running};
use super::compose::Console;
use super::exit::{Exit, Trouble};
use super::runtime::in_runtime;

/// Runs one of the commands.
pub fn run(models: &Models, global: &Global) -> Result<Exit, Trouble> {
    match &models.what {
        Some(OneModel::Inspect(inspect)) => inspect::run(inspect),
        Some(OneModel::Tiny { file }) => tiny::run(file),
        None => {
            let console = Console::open(global)?;
            let catalogue = console.catalogue()?;
            in_runtime(fits::run(&console, &catalogue, models))
        }
    }
}

/// How models are to be run, as asked for.
fn setting(running: Running) -> Setting {
    let cache = match running.cache_type {
        CacheWord::F16 => CacheType::F16,
        CacheWord::Q8_0 => CacheType::Q8_0,
        CacheWord::Q4_0 => CacheType::Q4_0,
    };
    Setting { cache, ..Setting::of(running.context) }
}
