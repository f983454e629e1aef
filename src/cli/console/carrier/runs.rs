//! What is wished about runs: begun, taken back, gone on with, ended, left to themselves.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::{Carrier, Shop};
use crate::cli::again;
use crate::cli::args::{Conflict, How, Undo};
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::cli::run::{Wanted, orders};
use crate::cli::secrets;
use crate::fleet::RunId;
use crate::ops::{Begun, Job, Level, Order};
use crate::reach::Asker;
use crate::text::Report;
use crate::ui::effect::Runnable;
use crate::ui::news::News;

/// What takes longer is said.
const SOON: Duration = Duration::from_millis(700);

/// Jobs that are ready to begin, or why they are not.
pub(super) type Ready = Result<Vec<Job>, Trouble>;

impl Carrier {
    /// Makes a run ready beside everything else: its secrets may take a while, or be asked for.
    pub(super) fn run(&mut self, run: Runnable) {
        let Some(shop) = &self.shop else { return };
        let (console, asker, ready) =
            (shop.console.clone(), self.asker.clone(), self.ready.clone());
        let (news, waits) = (self.news.clone(), format!("{} waits for its secrets", run.playbook));
        tokio::spawn(async move {
            let mut jobs = pin!(jobs(console, run, &asker));
            let done = match timeout(SOON, &mut jobs).await {
                Ok(done) => done,
                Err(_) => {
                    // A console that has gone needs no news, and begins nothing.
                    let _ = news.send(News::Said(waits)).await;
                    jobs.await
                }
            };
            let _ = ready.send(done).await;
        });
    }

    /// Begins what is ready.
    pub(super) fn begin(&mut self, ready: Ready) -> Result<(), Trouble> {
        let (Some(shop), jobs) = (&mut self.shop, ready?) else { return Ok(()) };
        shop.begin(jobs);
        Ok(())
    }

    pub(super) fn undo(&mut self, run: &RunId) -> Result<(), Trouble> {
        let Some(shop) = &mut self.shop else { return Ok(()) };
        let undo =
            Undo { run: run.to_string(), limit: None, conflict: Conflict::Stop, json: false };
        let followup = again::undoing(&shop.console, &undo)?;
        shop.begin(vec![Job::Followup(Box::new(followup))]);
        Ok(())
    }

    pub(super) fn resume(&mut self, run: &RunId) -> Result<(), Trouble> {
        let Some(shop) = &mut self.shop else { return Ok(()) };
        let followup = again::resuming(&shop.console, run)?;
        shop.begin(vec![Job::Followup(Box::new(followup))]);
        Ok(())
    }

    pub(super) async fn cancel(&mut self, run: &RunId) {
        let level = self.shop.as_ref().and_then(|shop| shop.of(run)).map(Begun::stop);
        let text = match level {
            None => "this console does not look after that run",
            Some(Level::GoOn | Level::Orderly) => "ending in order; cancel again to end at once",
            Some(Level::Kill | Level::Leave) => "ending at once",
        };
        self.say(text).await;
    }

    pub(super) async fn detach(&mut self, run: &RunId) {
        let Some(shop) = &mut self.shop else { return };
        let Some(at) = shop.begun.iter().position(|begun| begun.holds(run)) else { return };
        shop.begun.swap_remove(at).leave().await;
    }
}

async fn jobs(console: Arc<Console>, run: Runnable, asker: &Asker) -> Ready {
    let planned = tokio::task::spawn_blocking(move || {
        let orders = ordered(&console, &run)?;
        Ok::<_, Trouble>((console, orders))
    });
    let (console, mut orders) =
        planned.await.map_err(|stopped| Report::error(stopped.to_string()))??;
    secrets::give_asking(&console, &mut orders, asker).await?;
    Ok(orders.into_iter().map(|order| Job::Order(Box::new(order))).collect())
}

fn ordered(console: &Console, run: &Runnable) -> Result<Vec<Order>, Trouble> {
    let limit: Vec<&str> = run.hosts.iter().map(|host| host.as_str()).collect();
    let limit = Some(limit.join(","));
    // It was asked about in the console.
    let how = How { limit, check: run.check, diff: true, yes: true, ..How::default() };
    orders(console, &Wanted::parse(&run.playbook), &how, &mut String::new())
}

impl Shop {
    fn begin(&mut self, jobs: Vec<Job>) {
        self.begun.retain(|begun| !begun.is_over());
        self.begun.push(self.station.begin(jobs));
    }

    fn of(&self, run: &RunId) -> Option<&Begun> {
        self.begun.iter().find(|begun| begun.holds(run))
    }
}
