//! Directories a fork does not share with the machine below: homes, temporary files, runtime state; and covers for secrets.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, mount_bind, mount_remount};

use crate::lab::write::write;

use super::{Site, mounts};

/// Directory of the fork, its mode, and whether programs with another's rights work there.
const PRIVATE: [(&str, u32); 4] =
    [("/tmp", 0o1777), ("/var/tmp", 0o1777), ("/root", 0o700), ("/home", 0o755)];
/// Subdirectories that programs expect in `/run`.
const IN_RUN: [(&str, u32); 3] = [("lock", 0o1777), ("user", 0o755), ("shm", 0o1777)];

/// Puts them in place.
pub(super) fn furnish(site: &Site) -> io::Result<()> {
    for (path, mode) in PRIVATE {
        let own =
            site.place.fork().join("private").join(path.trim_start_matches('/').replace('/', "-"));
        let fresh = !own.exists();
        fs::create_dir_all(&own)?;
        fs::set_permissions(&own, fs::Permissions::from_mode(mode))?;
        if fresh && path == "/root" {
            copy_skeleton(&site.at("/etc/skel"), &own)?;
        }
        bind(&own, &site.at(path))?;
    }
    let resolver = fs::read("/etc/resolv.conf");
    let run = site.at("/run");
    mounts::memory(&run, MountFlags::NODEV | MountFlags::NOSUID, "mode=755,size=64m")?;
    for (name, mode) in IN_RUN {
        fs::create_dir(run.join(name))?;
        fs::set_permissions(run.join(name), fs::Permissions::from_mode(mode))?;
    }
    keep_resolver(site, resolver)?;
    for secret in [owner_home(), Some(site.place.base().to_owned())].into_iter().flatten() {
        if !PRIVATE.iter().any(|(path, _)| secret.starts_with(path)) {
            mounts::cover(&site.at(secret))?;
        }
    }
    Ok(())
}

fn bind(own: &Path, target: &Path) -> io::Result<()> {
    fs::create_dir_all(target)?;
    mount_bind(own, target)?;
    let flags = MountFlags::BIND | MountFlags::NODEV | MountFlags::NOSUID;
    Ok(mount_remount(target, flags, "")?)
}

/// What a new user's home begins with.
fn copy_skeleton(skeleton: &Path, home: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(skeleton) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), home.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// `/etc/resolv.conf` is often a link into the real `/run`: names must resolve in the fork as well.
fn keep_resolver(site: &Site, content: io::Result<Vec<u8>>) -> io::Result<()> {
    let (Ok(content), Ok(target)) = (content, fs::read_link("/etc/resolv.conf")) else {
        return Ok(());
    };
    let target = Path::new("/etc").join(target);
    let tidy = target.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            std::path::Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path
    });
    if !tidy.starts_with("/run") {
        return Ok(());
    }
    let copy = site.at(tidy);
    copy.parent().map_or(Ok(()), fs::create_dir_all)?;
    write(copy, content)
}

/// The home of whoever started the lab, unless that is the whole machine.
fn owner_home() -> Option<PathBuf> {
    let home = std::env::home_dir()?;
    (home.is_absolute() && home.components().count() > 1).then_some(home)
}
