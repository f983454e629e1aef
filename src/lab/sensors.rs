//! Invented sensors of practice hosts, marked SIMULATED. They show on the host alone; nothing here measures.

mod tree;

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{Mode, OFlags, XattrFlags};
use rustix::mount::{MountFlags, mount};
use rustix::time::{ClockId, clock_gettime};

use super::Profile;
use super::write::write;
use tree::Reading;

/// How often values that vary are written anew while somebody is connected.
const PACE: Duration = Duration::from_secs(2);
/// Directories of the tree, and what they are laid over in `/sys`.
const LAID_OVER: [(&str, &str); 2] = [("class", "sys/class"), ("devices", "sys/bus/pci/devices")];

/// The files whose values vary while somebody is connected.
pub(super) struct Sensors {
    dir: Option<OwnedFd>,
    readings: &'static [Reading],
}

/// Where the kernel's own sensors cannot be covered.
pub(super) fn none() -> Sensors {
    Sensors { dir: None, readings: &[] }
}

/// Programs of ours in the host's PATH: name and text.
pub(super) fn programs(profile: Profile) -> &'static [(&'static str, &'static str)] {
    match profile {
        Profile::Phantom => &[],
        Profile::Shadow => &[("nvidia-smi", include_str!("sensors/nvidia-smi"))],
    }
}

/// Makes the tree in `dir`, which holds nothing yet, and lays it over the `/sys` of the fork at `root`.
pub(super) fn mount_tree(profile: Profile, dir: &Path, root: &Path) -> io::Result<Sensors> {
    for (path, text) in tree::fixed(profile) {
        place(dir, path, text)?;
    }
    let (readings, now) = (tree::readings(profile), seconds());
    for reading in readings {
        place(dir, reading.path, &reading.at(now))?;
    }
    for hidden in tree::REPLACED {
        replace(&dir.join(hidden));
    }
    for (ours, theirs) in LAID_OVER {
        let (ours, theirs) = (dir.join(ours), root.join(theirs));
        if ours.exists() && theirs.exists() {
            lay_over(&ours, &theirs)?;
        }
    }
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(Sensors { dir: Some(rustix::fs::open(dir, flags, Mode::empty())?), readings })
}

fn place(dir: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = dir.join(path);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    write(path, format!("{text}\n"))
}

/// Asks the overlay to show ours instead of, not beside, the machine's own. Where it cannot, both are shown.
fn replace(dir: &Path) {
    for name in ["trusted.overlay.opaque", "user.overlay.opaque"] {
        let _ = rustix::fs::setxattr(dir, name, b"y", XattrFlags::empty());
    }
}

fn lay_over(ours: &Path, theirs: &Path) -> io::Result<()> {
    let flags = MountFlags::RDONLY | MountFlags::NODEV | MountFlags::NOSUID | MountFlags::NOEXEC;
    let layers = [b"lowerdir=", ours.as_os_str().as_bytes(), b":", theirs.as_os_str().as_bytes()];
    let layers = layers.concat();
    let trusting = CString::new(layers.clone())?;
    let own = CString::new([&layers[..], b",userxattr"].concat())?;
    let lay = |options: &CString| mount("shelter", theirs, "overlay", flags, options.as_c_str());
    // Attributes of root are not honoured in a user namespace, those of users are.
    Ok(if rustix::process::getuid().is_root() && is_whole_machine() {
        lay(&trusting)
    } else {
        lay(&own)
    }?)
}

/// Whether user ids inside are those outside.
fn is_whole_machine() -> bool {
    fs::read_to_string("/proc/self/uid_map")
        .is_ok_and(|map| map.split_whitespace().eq(["0", "0", "4294967295"]))
}

impl Sensors {
    /// Waits for the next moment, and then writes what varies anew.
    pub async fn vary(&self) {
        tokio::time::sleep(PACE).await;
        let now = seconds();
        for reading in self.readings {
            // A value that could not be written stays what it was.
            let _ = self.put(reading, now);
        }
    }

    fn put(&self, reading: &Reading, now: u64) -> io::Result<()> {
        let Some(dir) = &self.dir else { return Ok(()) };
        let flags = OFlags::WRONLY | OFlags::TRUNC | OFlags::CLOEXEC;
        let file = rustix::fs::openat(dir, reading.path, flags, Mode::empty())?;
        rustix::io::write(file, format!("{}\n", reading.at(now)).as_bytes())?;
        Ok(())
    }
}

/// Seconds since boot.
fn seconds() -> u64 {
    u64::try_from(clock_gettime(ClockId::Boottime).tv_sec).unwrap_or_default()
}
