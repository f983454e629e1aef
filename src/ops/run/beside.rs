//! Runs that follow another one: a run resumed after its console died, and a run taken back.

use std::collections::HashMap;
use std::sync::Arc;

use crate::fleet::{Host, HostEvent, HostName, HostOutcome, HostRun, RunHead, RunId, StepHead};
use crate::ops::survey::Crew;
use crate::playbook::plan::RootBy;
use crate::playbook::{OnConflict, Program, Start, undo};

use super::follow::{Follower, Ready, nonce};
use super::host::close;
use super::plan::{login, survival};
use super::stopped::{Stop, refused};
use super::sudo::Passwords;
use super::told::Teller;

/// What is to be done about a run there was.
#[derive(Clone, Debug)]
pub enum Errand {
    /// Go on reading it where it still runs, or hear how it ended.
    Resume,
    /// Take back what it changed.
    Undo {
        /// The run to take back.
        of: RunId,
        /// What to do where somebody changed things since.
        conflict: OnConflict,
    },
}

/// An errand as it was ordered: the head is the resumed run's own, or that of the run that takes back.
pub struct Followup {
    /// The run.
    pub head: RunHead,
    /// What is to be done.
    pub errand: Errand,
    /// Its hosts, with what is known of their part in the run that was.
    pub hosts: Vec<(Host, HostRun)>,
    /// Hosts to which nothing was ever sent: there is nothing to go on with there.
    pub never: Vec<HostName>,
}

/// Does the errand on one host. `true`: well.
pub(super) async fn carry_out(
    order: &Followup,
    index: usize,
    crew: &Crew,
    passwords: &Arc<Passwords>,
) -> bool {
    let (host, known) = &order.hosts[index];
    let follower = Follower::new(&order.head, host, crew, passwords);
    if matches!(order.errand, Errand::Resume) {
        known.done.iter().for_each(|end| follower.count(end.verdict));
    }
    let work = run(order, known, &follower);
    let ended = tokio::select! {
        ended = work => ended,
        () = follower.cancelled(&crew.stopper) => Err(HostOutcome::Cancelled),
    };
    close(&follower, ended).await
}

async fn run(
    order: &Followup,
    known: &HostRun,
    follower: &Follower<'_>,
) -> Result<HostOutcome, HostOutcome> {
    let facts = follower.crew.known(&follower.host.name).unwrap_or_default();
    let root = known.as_root.then(|| login(follower.host, &facts).root);
    follower.reach_root(root);
    let link = follower.link().await?;
    let teller = teller(order, known, follower);
    let mut ready = match &order.errand {
        Errand::Resume => {
            follower.detached.store(true, std::sync::atomic::Ordering::Relaxed);
            let empty = Program { as_root: known.as_root, ..Program::default() };
            let mut ready = Ready { program: empty, start: start(root)?, teller };
            follower.read_on(&mut ready)?;
            ready
        }
        Errand::Undo { of, conflict } => {
            let steps = known.steps.clone();
            follower.tell(HostEvent::Began { steps, as_root: known.as_root }).await;
            let mut aside = follower.aside();
            aside.run = of.to_string();
            let run = order.head.run.to_string();
            let program = undo(&aside, &run, survival(&facts), *conflict);
            let program = program.map_err(|error| refused(&error.to_string(), None))?;
            Ready { program, start: start(root)?, teller }
        }
    };
    follower.recorded().await?;
    match follower.follow(&link, &mut ready).await? {
        Stop::Over(outcome) => Ok(outcome),
        Stop::Gone => Err(gone(&order.errand)),
        stop => Err(follower.outcome_of(stop)),
    }
}

fn start(root: Option<RootBy>) -> Result<Start, HostOutcome> {
    Start::new(root, &nonce(), None).map_err(|error| refused(&error.to_string(), None))
}

/// Steps whose end was told before the console died are not told again.
fn teller(order: &Followup, known: &HostRun, follower: &Follower<'_>) -> Teller {
    let (run, name) = (order.head.run.clone(), follower.host.name.clone());
    let steps: Vec<StepHead> = known.steps.clone();
    let mut teller = Teller::new(run, name, steps, HashMap::new());
    if matches!(order.errand, Errand::Resume) {
        teller.known(known.done.iter().map(|end| end.step.number));
    }
    teller
}

/// There is no such run on the host: it had changed nothing yet, or its files were pruned.
fn gone(errand: &Errand) -> HostOutcome {
    match errand {
        Errand::Resume => refused(
            "the run had not begun to change anything there, and is gone",
            Some("run the playbook again"),
        ),
        Errand::Undo { .. } => refused(
            "nothing is kept of that run there: it changed nothing, or it is too long ago",
            None,
        ),
    }
}
