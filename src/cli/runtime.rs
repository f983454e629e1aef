//! The asynchronous part of a command: until it is done, or the user has had enough.

use std::future::Future;

use super::exit::{Exit, Trouble};

/// Works asynchronously until the end. What Ctrl-C means is the work's own affair.
pub fn to_the_end<F>(work: F) -> Result<Exit, Trouble>
where
    F: Future<Output = Result<Exit, Trouble>>,
{
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(work);
    // A host that hangs must not keep the program.
    runtime.shutdown_background();
    outcome
}

/// Works asynchronously until the end, or until the user has had enough.
pub fn in_runtime<F>(work: F) -> Result<Exit, Trouble>
where
    F: Future<Output = Result<Exit, Trouble>>,
{
    to_the_end(async {
        tokio::select! {
            outcome = work => outcome,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                Err(Trouble::Silent(Exit::Interrupted))
            }
        }
    })
}
