//! Work that was begun at a station which stays open: it can be ended, or left to itself.

use tokio::task::JoinHandle;

use crate::fleet::{Event, RunId};

use super::Hub;
use super::run::{Level, Stopper};

/// Work under way at a station that stays open. Dropping it changes nothing.
pub struct Begun {
    runs: Vec<RunId>,
    stopper: Stopper,
    task: JoinHandle<()>,
    hub: Hub,
}

impl Begun {
    pub(super) fn new(runs: Vec<RunId>, stopper: Stopper, task: JoinHandle<()>, hub: Hub) -> Self {
        Self { runs, stopper, task, hub }
    }

    /// Whether it works on that run, or will.
    pub fn holds(&self, run: &RunId) -> bool {
        self.runs.contains(run)
    }

    /// Whether nothing more comes of it.
    pub fn is_over(&self) -> bool {
        self.task.is_finished()
    }

    /// Asks for the end: the first time in order, from then on at once.
    pub fn stop(&self) -> Level {
        self.stopper.press()
    }

    /// Lets go. What has detached on its host goes on there; what has not had changed nothing.
    pub async fn leave(self) {
        self.task.abort();
        // It was ended on purpose.
        let _ = self.task.await;
        self.hub.settled().await;
        let left: Vec<RunId> = {
            let fleet = self.hub.fleet();
            let open = |run: &&RunId| fleet.runs.get(*run).is_some_and(|run| run.ended.is_none());
            self.runs.iter().filter(open).cloned().collect()
        };
        for run in left {
            self.hub.tell(Event::RunLeft { run }).await;
        }
    }
}
