//! The fork's `/dev`: what every program expects, and no disk, no memory, no console.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;

use rustix::mount::{MountFlags, mount};

use crate::lab::write::write;

use super::{Site, mounts};

/// Bound one by one from the machine below, for new ones cannot be made.
const NODES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];
const LINKS: [(&str, &str); 5] = [
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
    ("ptmx", "pts/ptmx"),
];
/// Terminals belong to the group `tty`, which a user namespace does not have.
const TERMINALS: &std::ffi::CStr = c"newinstance,ptmxmode=0666,mode=0620,gid=5";
const TERMINALS_OF_ONE_USER: &std::ffi::CStr = c"newinstance,ptmxmode=0666,mode=0620";

/// Puts them in place.
pub(super) fn furnish(site: &Site) -> io::Result<()> {
    let dev = site.at("/dev");
    let plain = MountFlags::NOSUID | MountFlags::NOEXEC;
    mounts::memory(&dev, plain, "mode=755,size=256k")?;
    for node in NODES {
        write(dev.join(node), "")?;
        // Unchangeable is the node, not what is written to the device.
        mounts::show(&Path::new("/dev").join(node), &dev.join(node))?;
    }
    for (name, to) in LINKS {
        symlink(to, dev.join(name))?;
    }
    fs::create_dir(dev.join("pts"))?;
    let options = if site.user_namespace { TERMINALS_OF_ONE_USER } else { TERMINALS };
    mount("devpts", dev.join("pts"), "devpts", plain, options)?;
    mounts::memory(&dev.join("shm"), MountFlags::NOSUID | MountFlags::NODEV, "mode=1777,size=25%")
}
