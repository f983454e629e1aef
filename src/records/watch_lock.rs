//! The one place of a watchdog on a home: a lock that the system frees when its holder dies. Who holds it is
//! written in it, for people; it decides nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::{RecordsError, lock, make_dir};

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
    let mut file = lock::open(path).map_err(failed())?;
    if !lock::take(&file).map_err(failed())? {
        return Ok(Err(written(path)));
    }
    // In place: replacing the file would leave the lock on one that is gone.
    let noted = file.set_len(0).and_then(|()| file.write_all(who.as_bytes()));
    noted.map_err(failed())?;
    Ok(Ok(WatchLock { _file: file }))
}

/// Who has the place. `None`: nobody.
pub(super) fn holder(path: &Path) -> Result<Option<String>, RecordsError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RecordsError::io("read", path)(error)),
    };
    let free = lock::is_free(&file).map_err(RecordsError::io("lock", path))?;
    Ok((!free).then(|| written(path)))
}

fn written(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    if text.is_empty() { "a process that has not said its name".to_owned() } else { text }
}
