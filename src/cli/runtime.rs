//! The asynchronous part of a command: until it is done, or the user has had enough.

use std::future::Future;
use std::io;

use tokio::signal::unix::{SignalKind, signal};

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

/// Puts a question before any work has begun. Ctrl-C is no answer, but the end.
pub fn ask<T: Send + 'static>(
    question: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<io::Result<T>, Trouble> {
    match beforehand(async { tokio::task::spawn_blocking(question).await })? {
        Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Trouble::Silent(Exit::Interrupted))
        }
        Ok(answer) => Ok(answer),
        Err(stopped) => Ok(Err(io::Error::other(stopped))),
    }
}

/// Does something asynchronously before the work itself has begun, until Ctrl-C.
pub fn beforehand<T>(work: impl Future<Output = T>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            done = work => Ok(done),
            _ = interrupt.recv() => Err(Trouble::Silent(Exit::Interrupted)),
        }
    });
    // Whoever still waits for a line waits alone.
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
