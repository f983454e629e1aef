//! What is wished about runs: begun, taken back, gone on with, ended, left to themselves.

use super::{Carrier, Shop};
use crate::cli::again;
use crate::cli::args::{Conflict, How, Undo};
use crate::cli::exit::Trouble;
use crate::cli::run::{Wanted, orders};
use crate::cli::secrets::{self, Asked};
use crate::fleet::RunId;
use crate::ops::{Begun, Job, Level};
use crate::ui::effect::Runnable;

impl Carrier {
    pub(super) fn run(&mut self, run: &Runnable) -> Result<(), Trouble> {
        let Some(shop) = &mut self.shop else { return Ok(()) };
        let limit: Vec<&str> = run.hosts.iter().map(|host| host.as_str()).collect();
        let limit = Some(limit.join(","));
        // It was asked about in the console.
        let how = How { limit, check: run.check, diff: true, yes: true, ..How::default() };
        let mut notes = String::new();
        let wanted = Wanted::parse(&run.playbook);
        let mut orders = orders(&shop.console, &wanted, &how, &mut notes)?;
        secrets::give(&shop.console, &mut orders, Asked::Nobody)?;
        shop.begin(orders.into_iter().map(|order| Job::Order(Box::new(order))).collect());
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

impl Shop {
    fn begin(&mut self, jobs: Vec<Job>) {
        self.begun.retain(|begun| !begun.is_over());
        self.begun.push(self.station.begin(jobs));
    }

    fn of(&self, run: &RunId) -> Option<&Begun> {
        self.begun.iter().find(|begun| begun.holds(run))
    }
}
