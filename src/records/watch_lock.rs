//! The one place of a watchdog on a home: a lock that the system frees when its holder dies. Who holds it is
//! written in it, for people; it decides nothing.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::{RecordsError, make_dir};

/// Whoever only looks holds the lock for a moment: so often, and so long apart, it is tried.
const TRIES: u32 = 20;
const APART: Duration = Duration::from_millis(10);

/// The place, as long as this lives.
pub struct WatchLock {
    _file: File,
}

/// Takes the place. The inner error says who has it.
pub(super) fn take(path: &Path, who: &str) -> Result<Result<WatchLock, String>, RecordsError> {
    if let Some(parent) = path.parent() {
        make_dir(parent)?;
    }
    let failed = || RecordsError::io("lock", path);
    let mut file = open(path).map_err(failed())?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => {
                // In place: replacing the file would leave the lock on one that is gone.
                let noted = file.set_len(0).and_then(|()| file.write_all(who.as_bytes()));
                noted.map_err(failed())?;
                return Ok(Ok(WatchLock { _file: file }));
            }
            Err(TryLockError::WouldBlock) => sleep(APART),
            Err(TryLockError::Error(error)) => return Err(failed()(error)),
        }
    }
    Ok(Err(written(path)))
}

/// Who has the place. `None`: nobody.
pub(super) fn holder(path: &Path) -> Result<Option<String>, RecordsError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RecordsError::io("read", path)(error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(written(path))),
        Err(TryLockError::Error(error)) => Err(RecordsError::io("lock", path)(error)),
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o640).open(path)
}

fn written(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    if text.is_empty() { "a process that has not said its name".to_owned() } else { text }
}
