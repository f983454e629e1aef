//! Reading back what a run left: its events, in order, as any face can show them again.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::fleet::{RunId, Stamped};

use super::{Home, RecordsError};

/// The events of a run. `None` where nothing is known of it. What a crash cut short is left out.
pub fn replay(home: &Home, run: &RunId) -> Result<Option<Vec<Stamped>>, RecordsError> {
    let Some(path) = log_of(&home.memory(), run)? else { return Ok(None) };
    let file = File::open(&path).map_err(RecordsError::io("read", &path))?;
    let mut events = Vec::new();
    for line in BufReader::new(file).lines() {
        let line = line.map_err(RecordsError::io("read", &path))?;
        match serde_json::from_str(&line) {
            Ok(stamped) => events.push(stamped),
            Err(error) => tracing::warn!(%error, path = %path.display(), "a line is no event"),
        }
    }
    Ok(Some(events))
}

/// The events file of a run.
pub(super) fn log_of(memory: &Path, run: &RunId) -> Result<Option<PathBuf>, RecordsError> {
    let entries = match fs::read_dir(memory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RecordsError::io("read", memory)(error)),
    };
    let part = format!("-{run}-");
    for entry in entries {
        let path = entry.map_err(RecordsError::io("read", memory))?.path();
        let named = |name: &str| name.contains(&part) && name.ends_with(".jsonl");
        if path.file_name().and_then(|name| name.to_str()).is_some_and(named) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
