//! Runs as the records tell them: replayed, and read anew where another process may have gone on with one.

use std::sync::Arc;

use super::{Carrier, told};
use crate::cli::again;
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::fleet::{Care, RunId, RunState};
use crate::text::Report;
use crate::ui::news::News;

impl Carrier {
    /// Reads a run there was.
    pub(super) async fn replay(&mut self, run: RunId) -> Result<(), Trouble> {
        let Some(shop) = &self.shop else { return Ok(()) };
        let known = read(shop.console.clone(), run.clone()).await?;
        self.replayed = known.ended.is_none().then_some(run);
        self.tell(News::Replayed(Box::new(known))).await;
        Ok(())
    }

    /// Reads anew the runs that were let go here, and the one that is looked at: another console may have ended them.
    pub(super) async fn learn(&mut self) {
        let Some(shop) = &self.shop else { return };
        let (known, console) = (shop.station.hub().known(), shop.console.clone());
        let mut runs: Vec<RunId> = {
            let fleet = known.fleet();
            let let_go = |run: &&RunState| run.ended.is_none() && run.care != Care::Ours;
            fleet.runs.values().filter(let_go).map(|run| run.head.run.clone()).collect()
        };
        runs.extend(self.replayed.clone().filter(|run| !runs.contains(run)));
        for run in runs {
            match read(console.clone(), run.clone()).await {
                Ok(now) => {
                    known.learn(now.clone());
                    self.tell(News::Learned(Box::new(now))).await;
                }
                Err(trouble) => tracing::warn!(%run, "not read anew: {}", told(&trouble)),
            }
        }
    }
}

/// What the records know of a run, read where waiting for the disk holds up nobody.
async fn read(console: Arc<Console>, run: RunId) -> Result<RunState, Trouble> {
    let read = tokio::task::spawn_blocking(move || again::known(&console, &run)).await;
    read.map_err(|stopped| Report::error(stopped.to_string()))?
}
