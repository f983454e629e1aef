//! Writing files so that a reader, or a crash, never sees half of one.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::RecordsError;

/// Makes a directory and its parents, readable by the owner and the group only.
pub fn make_dir(path: &Path) -> Result<(), RecordsError> {
    let made = DirBuilder::new().recursive(true).mode(0o750).create(path);
    made.map_err(RecordsError::io("create", path))
}

/// Replaces a file in one step: after a crash it holds the old bytes or the new ones, all of them.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), RecordsError> {
    replace(path, bytes, true)?;
    sync_dir(&parent_of(path)).map_err(RecordsError::io("write", path))
}

/// Replaces a file in one step without waiting for the disk. For caches: a reader never sees half
/// of one, but a power cut may leave an empty file, which must count as unknown.
pub fn write_cache(path: &Path, bytes: &[u8]) -> Result<(), RecordsError> {
    replace(path, bytes, false)
}

fn replace(path: &Path, bytes: &[u8], sync: bool) -> Result<(), RecordsError> {
    make_dir(&parent_of(path))?;
    let temporary = temporary_beside(path);
    let written = fill(&temporary, bytes, sync).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        // The first error is the one to tell; a leftover temporary file only costs space.
        let _ = fs::remove_file(&temporary);
        RecordsError::io("write", path)(error)
    })
}

/// What came of writing a file that must not exist yet.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is there now.
    New,
    /// There was one: it is left as it is.
    ThereAlready,
}

/// Writes a file that must not exist yet.
pub fn create_new(path: &Path, bytes: &[u8]) -> Result<Created, RecordsError> {
    let parent = parent_of(path);
    make_dir(&parent)?;
    let temporary = temporary_beside(path);
    let linked = fill(&temporary, bytes, true).and_then(|()| fs::hard_link(&temporary, path));
    let _ = fs::remove_file(&temporary);
    match linked {
        Ok(()) => sync_dir(&parent).map(|()| Created::New).map_err(RecordsError::io("write", path)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Created::ThereAlready),
        Err(error) => Err(RecordsError::io("write", path)(error)),
    }
}

fn fill(path: &Path, bytes: &[u8], sync: bool) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o640).open(path)?;
    file.write_all(bytes)?;
    if sync { file.sync_all() } else { Ok(()) }
}

fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A name in the same directory that no other write of any process uses.
fn temporary_beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.{count}.tmp", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_the_whole_file_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/er/file");
        write_atomic(&path, b"a long first text").unwrap();
        write_atomic(&path, b"short").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"short");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_never_overwrites_one_that_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shelter.yaml");
        assert_eq!(create_new(&path, b"mine").unwrap(), Created::New);
        assert_eq!(create_new(&path, b"yours").unwrap(), Created::ThereAlready);
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("occupied");
        fs::create_dir(&path).unwrap();
        assert!(matches!(write_atomic(&path, b"x"), Err(RecordsError::Io { action: "write", .. })));
        assert!(path.is_dir());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
