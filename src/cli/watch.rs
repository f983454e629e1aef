//! Watching jobs from the command line: printing what happens, and what the keys for ending and leaving do.

mod verdict;

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::fleet::{Fleet, RunState};
use crate::ops::{Job, Level, Seen, Stopper, Work};

use super::bench;
use super::compose::Console;
use super::counsel;
use super::exit::{Exit, Trouble};
use super::paint::errors;
use super::printer::{Printer, Wishes};
use verdict::Verdicts;

/// How often the line of progress is drawn anew.
const TICK: Duration = Duration::from_millis(200);

/// How jobs are looked at.
#[derive(Clone, Debug)]
pub struct Manner {
    /// What is to be seen.
    pub wishes: Wishes,
    /// Whether drift has an exit status of its own.
    pub drift: bool,
}

/// Does jobs and watches them to their end.
///
/// Ctrl-C ends them in order, a second one at once, a third one leaves. Ctrl-\\ leaves: what has
/// detached on its host goes on there.
pub async fn watch(
    console: &Console,
    jobs: Vec<Job>,
    forks: Option<u16>,
    look: Manner,
) -> Result<Exit, Trouble> {
    let json = look.wishes.json;
    let mut printer = Printer::to_stdout(look.wishes);
    let mut work = console.station(forks)?.run(jobs);
    let mut ticks = tokio::time::interval(TICK);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut leave = signal(SignalKind::quit())?;
    // What came while a question stood on the screen, which is written around for nobody but who wants an end.
    let (mut held, stopper) = (None, work.stopper());
    loop {
        tokio::select! {
            seen = work.next(), if held.is_none() => match seen {
                Some(seen) => held = Some(seen),
                None => break,
            },
            () = free(console, &stopper), if held.is_some() => match held.take() {
                Some(Seen::Event(stamped)) => printer.show(&stamped)?,
                Some(Seen::Missed(events)) => missed(events),
                Some(Seen::Output(output)) => printer.show_output(&output)?,
                None => {}
            },
            _ = ticks.tick() => if console.is_floor_free() {
                printer.tick()?;
            },
            _ = interrupt.recv() => if is_enough(&work) {
                return Err(Trouble::Silent(Exit::Interrupted));
            },
            _ = terminate.recv() => if is_enough(&work) {
                return Err(Trouble::Silent(Exit::Interrupted));
            },
            _ = leave.recv() => {
                errors("\nleft: what has begun to change something goes on by itself, `shelter resume` finds it\n");
                return Err(Trouble::Silent(Exit::Interrupted));
            }
        }
    }
    printer.finish()?;
    let fleet = work.fleet().clone();
    work.close().await.inspect_err(|_| tell_open(&fleet))?;
    printer.say(&bench::harvest(console, &fleet, json)?)?;
    printer.say(&counsel::end(console, &fleet, json)?)?;
    Ok(Verdicts::of(&fleet).exit(look.drift))
}

/// Nothing is lost but its place in what was printed.
fn missed(events: u64) {
    errors(&format!(
        "note: {events} events are not printed here, for they were read too slowly; `shelter log RUN` has them\n"
    ));
}

/// Waits until nobody is asked anything, or an end is wished: then an open question counts for nothing.
async fn free(console: &Console, stopper: &Stopper) {
    tokio::select! {
        () = console.floor_free() => {}
        _ = stopper.beyond(Level::GoOn) => {}
    }
}

/// The runs that go on although nobody follows them any more.
fn tell_open(fleet: &Fleet) {
    let begun = |run: &&RunState| run.hosts.values().any(|host| !host.steps.is_empty());
    for run in fleet.runs.values().filter(|run| run.ended.is_none()).filter(begun) {
        let run = &run.head.run;
        errors(&format!(
            "note: run {run} may go on on its hosts; `shelter resume {run}` finds it\n"
        ));
    }
}

/// Asks for the end once more. `true`: there is nothing further to ask for.
fn is_enough(work: &Work) -> bool {
    match work.stop() {
        Level::GoOn => false,
        Level::Orderly => {
            errors("\nending in order; Ctrl-C again ends at once, Ctrl-\\ leaves it running\n");
            false
        }
        Level::Kill => {
            errors("\nending at once\n");
            false
        }
        Level::Leave => true,
    }
}
