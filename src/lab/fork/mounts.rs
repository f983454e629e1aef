//! The few ways a fork mounts things. Every mount here is made in the fork's own namespace.

use std::ffi::CString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use rustix::mount::{MountFlags, mount, mount_bind, mount_remount};

use super::table;

/// Nothing on it is a device, runs with another's rights, or runs at all.
pub(super) const INERT: MountFlags =
    MountFlags::NODEV.union(MountFlags::NOSUID).union(MountFlags::NOEXEC);

/// Mounts an empty file system in memory.
pub(super) fn memory(target: &Path, flags: MountFlags, options: &str) -> io::Result<()> {
    fs::create_dir_all(target)?;
    mount("tmpfs", target, "tmpfs", flags, CString::new(options)?.as_c_str()).map_err(Into::into)
}

/// Covers what is there: a directory by an empty one, a file by nothing. What is not there needs no cover.
pub(super) fn cover(target: &Path) -> io::Result<()> {
    match fs::metadata(target) {
        Ok(there) if there.is_dir() => {
            memory(target, INERT | MountFlags::RDONLY, "size=4k,nr_inodes=2,mode=555")
        }
        Ok(_) => show(Path::new("/dev/null"), target),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Shows a directory or file of the machine below, unchangeable.
pub(super) fn show(source: &Path, target: &Path) -> io::Result<()> {
    mount_bind(source, target)?;
    freeze(target)
}

/// Makes a mount and all below it unchangeable.
pub(super) fn freeze(target: &Path) -> io::Result<()> {
    for mount in table::read()?.iter().filter(|m| m.target.starts_with(target)) {
        let flags = MountFlags::BIND | MountFlags::RDONLY | mount.flags | inert_for(mount);
        match mount_remount(&mount.target, flags, "") {
            Ok(()) => {}
            // Covered by a later mount on the same path or above it, so out of reach already.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOENT) => {}
            Err(cause) => return Err(cause.into()),
        }
    }
    Ok(())
}

/// Devices stay usable where they were bound one by one.
fn inert_for(mount: &table::Mount) -> MountFlags {
    if mount.kind == "devtmpfs" { MountFlags::empty() } else { INERT }
}

/// Makes everything outside of what the fork is made of unchangeable: so is, then, the file of this program, to
/// which a link in `/proc` leads even where its directory is out of reach.
pub(super) fn freeze_all_but(fork: &Path) -> io::Result<()> {
    for mount in table::read()?.iter().filter(|m| !m.target.starts_with(fork)) {
        let flags = MountFlags::BIND | MountFlags::RDONLY | mount.flags;
        // A second wall only: that link does not lead anywhere for those inside, and all of it is detached next.
        let _ = mount_remount(&mount.target, flags, "");
    }
    Ok(())
}
