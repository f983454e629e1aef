//! Runs that have begun and not ended: `status/open/<run>`, each locked by the process that looks after it.
//! A mark without a lock is a run whose console died.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use crate::fleet::{Care, RunId};

use super::{Home, RecordsError, lock, make_dir};

/// The marks of a home.
#[derive(Clone, Debug)]
pub struct OpenRuns {
    dir: PathBuf,
}

/// A mark of ours. The system frees the lock when we die; the mark stays.
pub struct Mark {
    path: PathBuf,
    _lock: File,
}

impl OpenRuns {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        Self { dir: home.status().join("open") }
    }

    /// Marks a run as ours. `None`: another process looks after it.
    pub fn mark(&self, run: &RunId) -> Result<Option<Mark>, RecordsError> {
        make_dir(&self.dir)?;
        let path = self.dir.join(run.as_str());
        let file = lock::open(&path).map_err(RecordsError::io("lock", &path))?;
        let locked = lock::take(&file).map_err(RecordsError::io("lock", &path))?;
        Ok(locked.then_some(Mark { path, _lock: file }))
    }

    /// Whether another process looks after the run.
    pub fn is_held(&self, run: &RunId) -> Result<bool, RecordsError> {
        let path = self.dir.join(run.as_str());
        match File::open(&path) {
            Ok(file) => Ok(!lock::is_free(&file).map_err(RecordsError::io("lock", &path))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(RecordsError::io("lock", &path)(error)),
        }
    }

    /// Who looks after a run whose end is not recorded. `left`: whether its console has let it go.
    pub fn care_of(&self, run: &RunId, left: bool) -> Result<Care, RecordsError> {
        Ok(match left {
            _ if !self.dir.join(run.as_str()).exists() => Care::Unseen,
            _ if self.is_held(run)? => Care::Theirs,
            true => Care::Left,
            false => Care::Interrupted,
        })
    }

    /// Takes the mark of a run away that nobody looks after and nothing is to be gone on with. `false`: there was none.
    pub fn forget(&self, run: &RunId) -> Result<bool, RecordsError> {
        if !self.dir.join(run.as_str()).exists() {
            return Ok(false);
        }
        let mark = self.mark(run)?.ok_or_else(|| RecordsError::Followed { run: run.clone() })?;
        mark.clear().map(|()| true)
    }

    /// The runs whose console died.
    pub fn interrupted(&self) -> Result<Vec<RunId>, RecordsError> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RecordsError::io("read", &self.dir)(error)),
        };
        let mut runs = Vec::new();
        for entry in entries {
            let path = entry.map_err(RecordsError::io("read", &self.dir))?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(run) = name.and_then(RunId::parse) else { continue };
            let file = File::open(&path).map_err(RecordsError::io("lock", &path))?;
            if lock::is_free(&file).map_err(RecordsError::io("lock", &path))? {
                runs.push(run);
            }
        }
        runs.sort();
        Ok(runs)
    }
}

impl Mark {
    /// The run has ended.
    pub fn clear(self) -> Result<(), RecordsError> {
        fs::remove_file(&self.path).map_err(RecordsError::io("remove", &self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_interrupted_when_its_mark_outlives_its_lock() {
        let dir = tempfile::tempdir().unwrap();
        let runs = OpenRuns { dir: dir.path().join("open") };
        let run = RunId::new(7);
        let mark = runs.mark(&run).unwrap().unwrap();
        assert!(runs.mark(&run).unwrap().is_none());
        assert_eq!(runs.interrupted().unwrap(), []);
        let looking = File::open(&mark.path).unwrap();
        assert!(!lock::is_free(&looking).unwrap());
        assert!(runs.is_held(&run).unwrap() && runs.forget(&run).is_err());
        drop(mark);
        assert!(
            lock::is_free(&looking).unwrap(),
            "and it goes on looking, so that it shares the lock"
        );
        assert_eq!(runs.interrupted().unwrap(), std::slice::from_ref(&run));
        drop(looking);
        assert!(!runs.is_held(&run).unwrap());
        assert_eq!(runs.interrupted().unwrap(), std::slice::from_ref(&run));
        assert!(runs.forget(&run).unwrap() && !runs.forget(&run).unwrap());
        assert_eq!(runs.interrupted().unwrap(), []);
    }
}
