//! Ending a run that somebody wants ended: a program of its own tells its host so. Waits for no answer of the run.

use std::sync::atomic::Ordering;

use super::{Follower, nonce};
use crate::fleet::{Failure, FailureKind, HostEvent};
use crate::ops::run::exchange::{Exchange, Heard};
use crate::ops::run::stop::{Level, Stopper};
use crate::playbook::{Start, cancel};

impl Follower<'_> {
    /// Ends the run when somebody wants it ended. Returns only where dropping the program ends it, or where nobody
    /// records any more what happens.
    pub async fn cancelled(&self, stopper: &Stopper) {
        let mut seen = Level::GoOn;
        loop {
            seen = tokio::select! {
                wished = stopper.beyond(seen) => wished,
                () = self.crew.hub.gone() => return,
            };
            if !self.detached.load(Ordering::Relaxed) {
                return;
            }
            if let Err(failure) = self.send_cancel(seen > Level::Orderly).await {
                self.tell(HostEvent::Note { text: format!("not cancelled: {}", failure.text) })
                    .await;
            }
        }
    }

    async fn send_cancel(&self, hard: bool) -> Result<(), Failure> {
        let unfit = |text: String| Failure { kind: FailureKind::Local, text, hint: None };
        let program = cancel(&self.aside(), hard).map_err(|error| unfit(error.to_string()))?;
        let start =
            Start::new(self.root(), &nonce(), None).map_err(|error| unfit(error.to_string()))?;
        let link = self.crew.reach.link(self.host).await.map_err(|error| error.failure())?;
        let (host, passwords) = (&self.host.name, self.passwords);
        let waiting = &self.crew.waiting;
        let (program, stays) = (&program, false);
        let exchange = Exchange { host, start: &start, program, passwords, waiting, stays };
        let mut conversation = exchange.begin(&link).await?;
        while conversation.next().await.is_some() {}
        match conversation.end().await {
            Heard::All | Heard::Overslept => Ok(()),
            Heard::LinkBroke(failure) | Heard::NotStarted(failure) | Heard::Unrooted(failure) => {
                Err(failure)
            }
        }
    }
}
