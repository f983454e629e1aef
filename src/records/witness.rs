//! Status files as witnesses of the history: each holds the number and the seal of the line that says the same. Writes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Home, RecordsError, Status};

/// What the status files of a home say of its history: the seal of a line, by its number, and which file says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witnesses(BTreeMap<u64, (String, PathBuf)>);

impl Witnesses {
    /// Those of a home. What is no status file says nothing.
    pub fn of(home: &Home) -> Result<Self, RecordsError> {
        let mut known = BTreeMap::new();
        for folder in entries(&home.status())? {
            for path in entries(&folder)? {
                let Some(bytes) = content(&path)? else { continue };
                let Ok(status) = serde_json::from_slice::<Status>(&bytes) else { continue };
                known.insert(status.n, (status.h, path));
            }
        }
        Ok(Self(known))
    }

    /// The file that knows another seal of that line.
    pub fn against(&self, n: u64, h: &str) -> Option<&Path> {
        let (known, path) = self.0.get(&n)?;
        (known != h).then_some(path)
    }

    /// The last line that is known of, and the file that knows of it.
    pub fn last(&self) -> Option<(u64, &Path)> {
        self.0.last_key_value().map(|(n, (_, path))| (*n, path.as_path()))
    }
}

/// What a file holds; nothing in what is none. One that cannot be read is an error: a witness is not silenced unnoticed.
fn content(path: &Path) -> Result<Option<Vec<u8>>, RecordsError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::IsADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(RecordsError::io("read", path)(error)),
    }
}

/// What lies in a folder; nothing in what is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, RecordsError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(RecordsError::io("read", folder)(error)),
    };
    let path = |entry: io::Result<fs::DirEntry>| entry.map(|entry| entry.path());
    entries.map(path).collect::<io::Result<_>>().map_err(RecordsError::io("read", folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_that_cannot_be_heard_is_told_and_what_is_none_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        let folder = home.status().join("phantom");
        fs::create_dir_all(folder.join("a_folder")).unwrap();
        fs::File::create(folder.join("facts.json")).unwrap();
        assert_eq!(Witnesses::of(&home).unwrap(), Witnesses::default());
        // A link to itself cannot be read, by root neither.
        let circle = folder.join("00_check_structure.json");
        std::os::unix::fs::symlink(&circle, &circle).unwrap();
        assert!(Witnesses::of(&home).is_err());
    }
}
