//! Locks on files that say who is at work, which the system frees when their holder dies. Never waits for a holder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Whoever only looks holds a lock for a moment: so often, and so long apart, it is tried.
const TRIES: u32 = 20;
const APART: Duration = Duration::from_millis(10);

/// Opens the file of a lock, and makes it where there is none.
pub fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o640).open(path)
}

/// Takes the lock, for as long as the file is open. `false`: somebody has it.
pub fn take(file: &File) -> io::Result<bool> {
    for _ in 0..TRIES {
        if taken(file.try_lock())? {
            return Ok(true);
        }
        sleep(APART);
    }
    Ok(false)
}

/// Whether nobody has the lock. It is shared for the look, so that those who look do not take each other for a holder.
pub fn is_free(file: &File) -> io::Result<bool> {
    taken(file.try_lock_shared())
}

fn taken(tried: Result<(), TryLockError>) -> io::Result<bool> {
    match tried {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
