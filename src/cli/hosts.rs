//! `shelter hosts`: which hosts there are, who answers, whom to trust, what is known, what is carried to them and back.

mod carry;
pub(super) mod facts;
mod list;
mod meter;
mod ping;
mod trust;

pub use list::way;

use super::args::{Global, Hosts};
use super::compose::Console;
use super::exit::{Exit, Trouble};
use super::runtime::in_runtime;

/// Runs one of the commands.
pub fn run(what: &Hosts, global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    match what {
        Hosts::List(selection) => list::run(&console, selection),
        Hosts::Ping(selection) => in_runtime(ping::run(&console, selection)),
        Hosts::Trust(trust) => in_runtime(trust::run(&console, trust)),
        Hosts::Facts(selection) => in_runtime(facts::run(&console, selection)),
        Hosts::Put(put) => in_runtime(carry::put(&console, put)),
        Hosts::Get(get) => in_runtime(carry::get(&console, get)),
    }
}
