//! The wish to end what is under way, shared by all who work on it. It only ever grows.

use std::sync::Arc;

use tokio::sync::watch;

/// How much somebody wants it to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not at all.
    GoOn,
    /// In order: what runs is asked to end, and taken back if the playbook says so.
    Orderly,
    /// At once.
    Kill,
    /// However it ends, nobody waits for it.
    Leave,
}

/// The wish, and the way to hear of it.
#[derive(Clone)]
pub struct Stopper(Arc<watch::Sender<Level>>);

impl Default for Stopper {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Level::GoOn)))
    }
}

impl Stopper {
    /// Wishes it a degree more.
    pub fn press(&self) -> Level {
        self.0.send_modify(|level| {
            *level = match level {
                Level::GoOn => Level::Orderly,
                Level::Orderly => Level::Kill,
                Level::Kill | Level::Leave => Level::Leave,
            }
        });
        self.level()
    }

    /// How much it is wished now.
    pub fn level(&self) -> Level {
        *self.0.borrow()
    }

    /// Waits until it is wished more than that.
    pub async fn beyond(&self, seen: Level) -> Level {
        let mut changes = self.0.subscribe();
        let wished = changes.wait_for(|level| *level > seen).await.map(|level| *level);
        match wished {
            Ok(level) => level,
            // The sender is ours; it cannot be gone.
            Err(_) => std::future::pending().await,
        }
    }
}
