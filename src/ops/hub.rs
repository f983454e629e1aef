//! The hub: stamps each event, hands it to the records, folds it into `Fleet` and publishes it, in this order.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::fleet::{Event, Fleet, Output, RunState, Stamped};
use crate::records::{Ledger, RecordsError};

use super::Clock;

/// Events that may wait for the hub before the actors that send them wait too.
const INBOX: usize = 1024;
/// Pieces of live output a face may lag behind before it misses some: the records have them all.
const OUTPUTS: usize = 1024;
/// Events recorded with one wait for the disk.
const BATCH: usize = 256;
/// Events a face may lag behind before it has to reread the snapshot.
const OUTBOX: usize = 4096;

/// The door to the hub, for actors and faces. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    inbox: mpsc::Sender<Mail>,
    outbox: broadcast::Sender<Stamped>,
    outputs: broadcast::Sender<Output>,
    known: Known,
}

/// A face's own view on what happens, from the moment it subscribed.
pub struct Events {
    events: broadcast::Receiver<Stamped>,
    outputs: broadcast::Receiver<Output>,
    /// Whether somebody is left who could print.
    printing: bool,
}

/// What is known, for a face. Unlike the door, it keeps no hub open.
#[derive(Clone, Default)]
pub struct Known(Arc<RwLock<Fleet>>);

/// What a face gets to see.
pub enum Seen {
    /// Something happened.
    Event(Box<Stamped>),
    /// A step printed something.
    Output(Output),
    /// So many events went by unseen, for this face was too slow. The records and `Known` have them.
    Missed(u64),
}

/// What ended the hub early.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The records could not be written, so that going on would forget what happens.
    #[error("nothing more is done, for what happens cannot be recorded")]
    Records(#[from] RecordsError),
    /// A fault of this program.
    #[error("the hub stopped: {0}")]
    Stopped(String),
}

/// What reaches the hub.
enum Mail {
    /// Something happened.
    Happened(Event),
    /// Somebody wants to know when all before this is dealt with.
    Asked(oneshot::Sender<()>),
}

/// The hub at work: owns the order of things.
struct Desk {
    clock: Clock,
    outbox: broadcast::Sender<Stamped>,
    known: Known,
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
        let (outputs, _) = broadcast::channel(OUTPUTS);
        let known = Known::default();
        let mut desk = Desk { clock, outbox: outbox.clone(), known: known.clone(), seq: 0 };
        let task = tokio::spawn(async move {
            let (mut ledger, mut mails) = (ledger, Vec::new());
            while waiting.recv_many(&mut mails, BATCH).await > 0 {
                let (batch, asked) = desk.sort(mails.drain(..));
                let recorded;
                (ledger, recorded) = record(ledger, batch).await?;
                desk.publish(recorded, asked);
            }
            Ok(())
        });
        (Self { inbox, outbox, outputs, known }, task)
    }

    /// Tells the hub what happened. Once the hub has stopped there is nobody left to tell.
    pub async fn tell(&self, event: Event) {
        if self.inbox.send(Mail::Happened(event)).await.is_err() {
            tracing::warn!("an event came after the hub had stopped");
        }
    }

    /// Waits until all that was told so far is recorded and folded in. `false`: the hub has stopped.
    pub async fn settled(&self) -> bool {
        let (reply, settled) = oneshot::channel();
        self.inbox.send(Mail::Asked(reply)).await.is_ok() && settled.await.is_ok()
    }

    /// Waits until nothing is recorded any more.
    pub async fn gone(&self) {
        self.inbox.closed().await;
    }

    /// Shows what a step prints to whoever looks on. It passes by the records.
    pub fn show(&self, output: Output) {
        // Nobody has to look.
        let _ = self.outputs.send(output);
    }

    /// Follows the events from here on.
    pub fn subscribe(&self) -> Events {
        let (events, outputs) = (self.outbox.subscribe(), self.outputs.subscribe());
        Events { events, outputs, printing: true }
    }

    /// What is known, beyond the hub's end.
    pub fn known(&self) -> Known {
        self.known.clone()
    }

    /// What is known now.
    pub fn fleet(&self) -> RwLockReadGuard<'_, Fleet> {
        self.known.fleet()
    }
}

impl Known {
    /// Takes in what the records know of a run that was let go here: no event of ours tells that.
    pub fn learn(&self, run: RunState) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).learn(run);
    }

    /// What is known now.
    pub fn fleet(&self) -> RwLockReadGuard<'_, Fleet> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn fold(&self, stamped: &Stamped) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).fold(stamped);
    }
}

impl Events {
    /// What comes next. `None` once the hub is gone. Output that was missed by lagging is skipped: the step's own files
    /// have it, and its end carries how it began and ended.
    pub async fn next(&mut self) -> Option<Seen> {
        loop {
            tokio::select! {
                // A step's last words come before its end.
                biased;
                output = self.outputs.recv(), if self.printing => match output {
                    Ok(output) => return Some(Seen::Output(output)),
                    Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "output went by"),
                    Err(RecvError::Closed) => self.printing = false,
                },
                event = self.events.recv() => return match event {
                    Ok(stamped) => Some(Seen::Event(Box::new(stamped))),
                    Err(RecvError::Lagged(missed)) => Some(Seen::Missed(missed)),
                    Err(RecvError::Closed) => None,
                },
            }
        }
    }
}

impl Desk {
    /// What happened, stamped, and who asks when that is dealt with.
    fn sort(
        &mut self,
        mails: impl Iterator<Item = Mail>,
    ) -> (Vec<Stamped>, Vec<oneshot::Sender<()>>) {
        let (mut batch, mut asked) = (Vec::new(), Vec::new());
        for mail in mails {
            match mail {
                Mail::Happened(event) => batch.push(self.stamp(event)),
                Mail::Asked(reply) => asked.push(reply),
            }
        }
        (batch, asked)
    }

    /// Folds in what is recorded, and tells everybody.
    fn publish(&self, recorded: Vec<Stamped>, asked: Vec<oneshot::Sender<()>>) {
        for stamped in recorded {
            self.known.fold(&stamped);
            // No subscriber is not a fault: the records and the snapshot have it.
            let _ = self.outbox.send(stamped);
        }
        for reply in asked {
            // Whoever asked may have gone.
            let _ = reply.send(());
        }
    }

    fn stamp(&mut self, event: Event) -> Stamped {
        self.seq += 1;
        Stamped { seq: self.seq, at: self.clock.now(), event }
    }
}

/// Records a batch on a thread that may wait for the disk: whoever draws or listens to a host must not.
async fn record(
    mut ledger: Ledger,
    batch: Vec<Stamped>,
) -> Result<(Ledger, Vec<Stamped>), HubError> {
    if batch.is_empty() {
        return Ok((ledger, batch));
    }
    let recorded = tokio::task::spawn_blocking(move || {
        ledger.record(&batch)?;
        Ok::<_, RecordsError>((ledger, batch))
    });
    Ok(recorded.await.map_err(|stopped| HubError::Stopped(stopped.to_string()))??)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::fleet::{HostName, Purpose, RunHead, RunId};
    use crate::records::{Home, Surroundings};

    #[tokio::test]
    async fn while_the_disk_keeps_the_records_waiting_other_work_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let argument = Some(dir.path().to_owned());
        let home = Home::find(&Surroundings { argument, ..Surroundings::default() }).unwrap();
        // Another process writes the history, until we say so or a minute has gone.
        let (ready, held) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let lock = dir.path().join("history_main.lock");
        let holder = std::thread::spawn(move || {
            let mut lock = filelock::new(&lock).unwrap();
            let _guard = lock.lock().unwrap();
            ready.send(()).unwrap();
            released.recv_timeout(Duration::from_secs(60)).is_ok()
        });
        held.recv().unwrap();
        let (hub, _desk) = Hub::open(Clock::system(), Ledger::open(&home));
        let head = RunHead {
            run: RunId::new(7),
            playbook: "00_check_structure".into(),
            hosts: vec![HostName::new("phantom").unwrap()],
            purpose: Purpose::Check,
            provides: Vec::new(),
            actor: "rc@console".into(),
        };
        hub.tell(Event::RunBegan(head)).await;
        // The only worker there is gets on with this, though nothing can be recorded.
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(hub.fleet().runs.is_empty(), "nothing is told before it is recorded");
        release.send(()).unwrap();
        assert!(hub.settled().await);
        assert!(holder.join().unwrap(), "the records held up everything else");
        assert_eq!(hub.fleet().runs.len(), 1);
    }
}
