//! A run's view of the console's files: each is read once, and all hosts are sent the same. Writes nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Files, Refusal, Stored};
use crate::playbook::plan::Blob;

/// Files that are read once, however many hosts are sent them, and whatever becomes of them meanwhile.
pub struct ReadOnce {
    files: Arc<dyn Files + Send + Sync>,
    read: Mutex<HashMap<String, Blob>>,
}

impl ReadOnce {
    /// Nothing of them is read yet.
    pub fn new(files: Arc<dyn Files + Send + Sync>) -> Self {
        Self { files, read: Mutex::default() }
    }
}

impl Files for ReadOnce {
    fn read(&self, path: &str) -> Result<Blob, Refusal> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(blob) = read.get(path) {
            return Ok(blob.clone());
        }
        let blob = self.files.read(path)?;
        read.insert(path.to_owned(), blob.clone());
        Ok(blob)
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        self.files.list(path)
    }
}
