//! What the watchdog of a home and the other programs on it share: where it stands, what it must not forget over
//! a restart, and what people wish of it. All of it lies in `status/_watch/`, which no host can be called.

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fleet::{Watching, Wish};

use super::json::{read_json, write_json};
use super::watch_lock::{self, WatchLock};
use super::{Home, RecordsError, write_atomic};

/// The watchdog's files of a home.
#[derive(Clone, Debug)]
pub struct WatchFiles {
    dir: PathBuf,
}

impl WatchFiles {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        Self { dir: home.status().join("_watch") }
    }

    /// Where the watchdog stood at the end of its last round. `None`: there was none yet.
    pub fn standing(&self) -> Result<Option<Watching>, RecordsError> {
        read_json(&self.dir.join("standing.json"))
    }

    /// Tells where the watchdog stands.
    pub fn tell(&self, standing: &Watching) -> Result<(), RecordsError> {
        write_json(&self.dir.join("standing.json"), standing)
    }

    /// Keeps what the watchdog must not forget. When this returns, it is on the disk.
    pub fn remember<M: Serialize>(&self, memory: &M) -> Result<(), RecordsError> {
        let path = self.memory();
        let encoded = serde_json::to_vec(memory);
        let bytes = encoded.map_err(|e| RecordsError::io("write", &path)(io::Error::other(e)))?;
        write_atomic(&path, &bytes)
    }

    /// What the watchdog kept. The inner error says why it is not to be understood.
    pub fn recall<M: DeserializeOwned>(&self) -> Result<Option<Result<M, String>>, RecordsError> {
        let path = self.memory();
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).map_err(|e| e.to_string()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(RecordsError::io("read", &path)(error)),
        }
    }

    /// Takes the one place of a watchdog on this home. The inner error says who has it.
    pub fn lock(&self, who: &str) -> Result<Result<WatchLock, String>, RecordsError> {
        watch_lock::take(&self.dir.join("lock"), who)
    }

    /// Who watches now. `None`: nobody.
    pub fn watcher(&self) -> Result<Option<String>, RecordsError> {
        watch_lock::holder(&self.dir.join("lock"))
    }

    /// Leaves a wish for the watchdog, under a name that no other has.
    pub fn wish(&self, name: u64, wish: &Wish) -> Result<(), RecordsError> {
        let path = self.wishes_dir().join(format!("{name:016x}.json"));
        let encoded = serde_json::to_vec_pretty(wish);
        let bytes = encoded.map_err(|e| RecordsError::io("write", &path)(io::Error::other(e)))?;
        write_atomic(&path, &bytes)
    }

    /// The wishes that stand, by name. One that cannot be understood is passed over.
    pub fn wishes(&self) -> Result<Vec<(u64, Wish)>, RecordsError> {
        let dir = self.wishes_dir();
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RecordsError::io("read", &dir)(error)),
        };
        let mut wishes = Vec::new();
        for entry in entries {
            let path = entry.map_err(RecordsError::io("read", &dir))?.path();
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let Some(name) = name.and_then(|name| u64::from_str_radix(name, 16).ok()) else {
                continue;
            };
            if let Some(wish) = read_json(&path)? {
                wishes.push((name, wish));
            }
        }
        wishes.sort_by_key(|(name, _)| *name);
        Ok(wishes)
    }

    /// Takes a wish back, or away because it is fulfilled or over.
    pub fn unwish(&self, name: u64) -> Result<(), RecordsError> {
        let path = self.wishes_dir().join(format!("{name:016x}.json"));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(RecordsError::io("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }

    fn memory(&self) -> PathBuf {
        self.dir.join("memory.json")
    }

    fn wishes_dir(&self) -> PathBuf {
        self.dir.join("wishes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Timestamp;

    fn files() -> (tempfile::TempDir, WatchFiles) {
        let dir = tempfile::tempdir().unwrap();
        let files = WatchFiles { dir: dir.path().join("_watch") };
        (dir, files)
    }

    #[test]
    fn one_watchdog_has_a_home_and_the_second_is_told_who() {
        let (_dir, files) = files();
        assert_eq!(files.watcher().unwrap(), None);
        let first = files.lock("rc@alder (pid 1)").unwrap().unwrap();
        let refused = files.lock("rc@birch (pid 2)").unwrap().err();
        assert_eq!(refused.as_deref(), Some("rc@alder (pid 1)"));
        assert_eq!(files.watcher().unwrap().as_deref(), Some("rc@alder (pid 1)"));
        drop(first);
        assert_eq!(files.watcher().unwrap(), None);
        assert!(files.lock("rc@birch (pid 2)").unwrap().is_ok());
    }

    #[test]
    fn wishes_are_left_read_and_taken_back() {
        let (_dir, files) = files();
        let wish = Wish::Resume { by: "rc@alder".into(), at: Timestamp(1000) };
        files.wish(7, &wish).unwrap();
        fs::File::create(files.wishes_dir().join("notes.txt")).unwrap();
        assert_eq!(files.wishes().unwrap(), [(7, wish)]);
        files.unwish(7).unwrap();
        files.unwish(7).unwrap();
        assert_eq!(files.wishes().unwrap(), []);
    }

    #[test]
    fn a_memory_that_is_damaged_is_told_and_never_taken_for_none() {
        let (_dir, files) = files();
        assert_eq!(files.recall::<Vec<u8>>().unwrap(), None);
        files.remember(&vec![1_u8, 2]).unwrap();
        assert_eq!(files.recall().unwrap(), Some(Ok(vec![1_u8, 2])));
        write_atomic(&files.memory(), b"").unwrap();
        assert!(matches!(files.recall::<Vec<u8>>().unwrap(), Some(Err(_))));
    }
}
