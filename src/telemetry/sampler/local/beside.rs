//! Something that may hang, looked at on a thread of its own, so that nobody else ever waits for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::telemetry::sampler::Pace;

/// The newest look and when it was had. The thread ends after this is dropped, or with the program.
pub(super) struct Beside<T> {
    begun: Instant,
    latest: Arc<Mutex<Option<(Instant, T)>>>,
}

impl<T: Clone + Send + 'static> Beside<T> {
    /// Looks again and again, at that pace.
    pub fn begin(pace: Pace, mut look: impl FnMut() -> T + Send + 'static) -> Self {
        let latest = Arc::new(Mutex::new(None));
        let kept = Arc::downgrade(&latest);
        thread::spawn(move || {
            loop {
                let told = look();
                let Some(latest) = kept.upgrade() else { return };
                *latest.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some((Instant::now(), told));
                drop(latest);
                thread::sleep(Duration::from_millis(pace.millis().0.unsigned_abs()));
            }
        });
        Self { begun: Instant::now(), latest }
    }

    /// How long nothing new has come, and what came last.
    pub fn latest(&self) -> (Duration, Option<T>) {
        match &*self.latest.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((at, told)) => (at.elapsed(), Some(told.clone())),
            None => (self.begun.elapsed(), None),
        }
    }
}
