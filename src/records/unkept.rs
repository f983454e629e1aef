//! Caches that could not be written: whoever asked for what they hold gets it all the same, and is told.

use std::sync::{Arc, Mutex, PoisonError};

use super::RecordsError;

/// The first cache that could not be written. Shared between the ledger and whoever tells of it.
#[derive(Clone, Debug, Default)]
pub struct Unkept(Arc<Mutex<Option<RecordsError>>>);

impl Unkept {
    /// One more.
    pub(super) fn note(&self, error: RecordsError) {
        tracing::warn!(%error, "a cache cannot be written");
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// The first one, once.
    pub fn take(&self) -> Option<RecordsError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
