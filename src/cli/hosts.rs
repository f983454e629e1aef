//! `shelter hosts`: which hosts there are, who answers, whom to trust, what is known.

mod facts;
mod list;
mod ping;
mod trust;

use std::future::Future;

use super::args::{Global, Hosts};
use super::compose::Console;
use super::exit::{Exit, Trouble};

/// Runs one of the commands.
pub fn run(what: &Hosts, global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    match what {
        Hosts::List(selection) => list::run(&console, selection),
        Hosts::Ping(selection) => in_runtime(ping::run(&console, selection)),
        Hosts::Trust(trust) => in_runtime(trust::run(&console, trust)),
        Hosts::Facts(selection) => in_runtime(facts::run(&console, selection)),
    }
}

/// Works asynchronously until the end, or until the user has had enough.
fn in_runtime<F>(work: F) -> Result<Exit, Trouble>
where
    F: Future<Output = Result<Exit, Trouble>>,
{
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            outcome = work => outcome,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                Err(Trouble::Silent(Exit::Interrupted))
            }
        }
    });
    // A host that hangs must not keep the program.
    runtime.shutdown_background();
    outcome
}
