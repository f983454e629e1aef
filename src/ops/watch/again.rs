//! One more look at all hosts, for a watch of one round that has healed. Judges nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::timeout;

use crate::fleet::{HostName, Reachability, Timestamp};
use crate::ops::Watched;
use crate::watchdog::Input;

use super::Watchman;

/// How long one round waits to see what its heals have done.
const AGAIN: Duration = Duration::from_secs(20);

impl Watchman {
    /// Looks at all hosts that are up once more, and waits until they have told what was so after this moment.
    pub async fn look_again(&mut self) {
        let since = self.clock.now();
        self.ask.send_replace(());
        if timeout(AGAIN, self.told_since(since)).await.is_err() {
            tracing::warn!("not every host has told how it is after the heals");
        }
    }

    async fn told_since(&mut self, since: Timestamp) {
        let up = |watched: &Watched| matches!(watched.contact, Reachability::Up(_));
        let mut awaited: BTreeSet<HostName> = self
            .sampling
            .board()
            .into_iter()
            .filter(|(_, w)| up(w))
            .map(|(host, _)| host)
            .collect();
        while !awaited.is_empty()
            && let Some(answer) = self.vitals.recv().await
        {
            if answer.asked >= since {
                awaited.remove(&answer.host);
            }
            self.watchdog.step(Input::Vitals(&answer.host, &answer.vitals));
        }
        let late = |watched: &Watched| up(watched) && watched.heard.is_none_or(|at| at < since);
        while self.sampling.board().values().any(late) && self.sampling.changed().await {}
    }
}
