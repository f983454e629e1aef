//! Practice in a plain directory, where no fork can be had: a home, our programs, no root. Shuts nothing else off.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::Path;

use rustix::process::geteuid;

use super::account::PRACTICE_UID;
use super::place::Place;
use super::write::write;
use super::{Profile, sensors};

/// Makes the directory, unless it is there.
pub(super) fn furnish(place: &Place, profile: Profile) -> io::Result<()> {
    let plain = place.plain();
    let (home, bin) = (plain.join("home"), plain.join("bin"));
    for dir in [plain.parent().unwrap_or(&plain), &plain, &bin] {
        own_dir(dir, 0o755, geteuid().as_raw())?;
    }
    for (program, text) in sensors::programs(profile) {
        write(bin.join(program), text)?;
        fs::set_permissions(bin.join(program), Permissions::from_mode(0o755))?;
    }
    if !geteuid().is_root() {
        return own_dir(&home, 0o700, geteuid().as_raw());
    }
    if !home.exists() {
        own_dir(&home, 0o700, geteuid().as_raw())?;
        chown(&home, Some(PRACTICE_UID), Some(PRACTICE_UID))?;
    }
    own_dir(&home, 0o700, PRACTICE_UID)
}

/// Makes a directory, or makes sure that it is one, and nobody else's: others may write where it lies.
fn own_dir(dir: &Path, mode: u32, owner: u32) -> io::Result<()> {
    match DirBuilder::new().mode(mode).create(dir) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause),
        _ => {}
    }
    let there = fs::symlink_metadata(dir)?;
    if there.is_dir() && there.uid() == owner {
        return Ok(());
    }
    Err(io::Error::other(format!("`{}` belongs to somebody else", dir.display())))
}
