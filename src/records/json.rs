//! Caches as JSON files: replaced whole, and unknown where they are missing or not what was written.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{RecordsError, write_cache};

/// Replaces a cache.
pub(super) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), RecordsError> {
    let encoded = serde_json::to_vec_pretty(value);
    let mut bytes = encoded.map_err(|e| RecordsError::io("write", path)(io::Error::other(e)))?;
    bytes.push(b'\n');
    write_cache(path, &bytes)
}

/// What a cache holds. `None` where there is none, and where it is not what was written: what cannot
/// be trusted counts as unknown.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, RecordsError> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(RecordsError::io("read", path)(error)),
    }
}
