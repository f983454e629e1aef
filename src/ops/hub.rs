//! The hub: stamps each event, hands it to the records, folds it into `Fleet` and publishes it, in this order.

use std::sync::{Arc, RwLock, RwLockReadGuard};

use tokio::sync::{broadcast, mpsc};

use crate::fleet::{Event, Fleet, Stamped};
use crate::records::{Ledger, RecordsError};

use super::Clock;

/// Events that may wait for the hub before the actors that send them wait too.
const INBOX: usize = 1024;
/// Events recorded with one wait for the disk.
const BATCH: usize = 256;
/// Events a face may lag behind before it has to reread the snapshot.
const OUTBOX: usize = 4096;

/// The door to the hub, for actors and faces. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    inbox: mpsc::Sender<Event>,
    outbox: broadcast::Sender<Stamped>,
    fleet: Arc<RwLock<Fleet>>,
}

/// A face's own view on the events, from the moment it subscribed.
pub struct Events(broadcast::Receiver<Stamped>);

/// What ended the hub early.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The records could not be written, so that going on would forget what happens.
    #[error("the home cannot be written, so nothing more is done")]
    Records(#[from] RecordsError),
    /// A fault of this program.
    #[error("the hub stopped: {0}")]
    Stopped(String),
}

/// The hub at work: owns the order of things.
struct Desk {
    clock: Clock,
    ledger: Ledger,
    outbox: broadcast::Sender<Stamped>,
    fleet: Arc<RwLock<Fleet>>,
    seq: u64,
}

impl Hub {
    /// Opens the hub. Its task ends once every clone of the door is gone and the last event is dealt with.
    pub fn open(
        clock: Clock,
        ledger: Ledger,
    ) -> (Self, tokio::task::JoinHandle<Result<(), HubError>>) {
        let (inbox, mut waiting) = mpsc::channel(INBOX);
        let (outbox, _) = broadcast::channel(OUTBOX);
        let fleet = Arc::new(RwLock::new(Fleet::default()));
        let mut desk = Desk { clock, ledger, outbox: outbox.clone(), fleet: fleet.clone(), seq: 0 };
        let task = tokio::spawn(async move {
            let mut batch = Vec::new();
            while waiting.recv_many(&mut batch, BATCH).await > 0 {
                desk.deal_with(batch.drain(..))?;
            }
            Ok(())
        });
        (Self { inbox, outbox, fleet }, task)
    }

    /// Tells the hub what happened. Once the hub has stopped there is nobody left to tell.
    pub async fn tell(&self, event: Event) {
        if self.inbox.send(event).await.is_err() {
            tracing::warn!("an event came after the hub had stopped");
        }
    }

    /// Follows the events from here on.
    pub fn subscribe(&self) -> Events {
        Events(self.outbox.subscribe())
    }

    /// What is known now.
    pub fn fleet(&self) -> RwLockReadGuard<'_, Fleet> {
        self.fleet.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Events {
    /// The next event. `None` once the hub is gone; events missed by lagging are skipped and told.
    pub async fn next(&mut self) -> Option<Stamped> {
        loop {
            match self.0.recv().await {
                Ok(stamped) => return Some(stamped),
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "a face lagged behind the hub");
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

impl Desk {
    fn deal_with(&mut self, batch: impl Iterator<Item = Event>) -> Result<(), HubError> {
        let batch: Vec<Stamped> = batch.map(|event| self.stamp(event)).collect();
        self.ledger.record(&batch)?;
        for stamped in batch {
            self.fleet.write().unwrap_or_else(std::sync::PoisonError::into_inner).fold(&stamped);
            // No subscriber is not a fault: the records and the snapshot have it.
            let _ = self.outbox.send(stamped);
        }
        Ok(())
    }

    fn stamp(&mut self, event: Event) -> Stamped {
        self.seq += 1;
        Stamped { seq: self.seq, at: self.clock.now(), event }
    }
}
