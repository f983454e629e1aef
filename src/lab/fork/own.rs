//! In a user namespace the machine's files belong to nobody. Gives the fork's root directories, and settings, of its own.

use std::fs::{self, DirEntry, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::layers::{COPY_LIMIT, is_not_layered};

/// The parts of the machine in which root writes settings, state and programs of its own.
const SYSTEM: [&str; 5] = ["/etc", "/opt", "/srv", "/usr", "/var"];

/// Makes, in an upper layer, the directories of `lower` in which root is expected to write, and copies of all settings.
pub(super) fn take(lower: &Path, upper: &Path) -> io::Result<()> {
    // What this user may not read stays as it is: shut.
    let Ok(entries) = fs::read_dir(lower) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let (source, copy) = (entry.path(), upper.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() && is_for_root(&source) && fs::read_dir(&source).is_ok() {
            take_directory(&entry, &copy)?;
            take(&source, &copy)?;
        } else if kind.is_file()
            && source.starts_with("/etc")
            && entry.metadata()?.len() <= COPY_LIMIT
        {
            // Again: what is not readable stays shut.
            let _ = fs::copy(&source, &copy);
        }
    }
    Ok(())
}

fn take_directory(entry: &DirEntry, copy: &Path) -> io::Result<()> {
    let mode = entry.metadata()?.permissions().mode();
    fs::create_dir_all(copy)?;
    fs::set_permissions(copy, Permissions::from_mode(mode | 0o700))
}

/// Where a system keeps its own; but not the depths of `/usr`, which are many and belong to packages.
fn is_for_root(dir: &Path) -> bool {
    if !SYSTEM.iter().any(|part| dir.starts_with(part)) {
        return false;
    }
    let deep = dir.starts_with("/usr") && !dir.starts_with("/usr/local") && dir.iter().count() > 4;
    !deep && !is_not_layered(dir)
}
