//! Lays the machine's directories copy-on-write into the fork: as a whole where that works, else piece by piece.

use std::ffi::{CString, OsStr};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};

use super::{Site, mounts, own, table};

/// File systems that hold the machine's own files.
const OF_THE_MACHINE: [&str; 9] =
    ["ext4", "ext3", "ext2", "xfs", "btrfs", "f2fs", "zfs", "bcachefs", "overlay"];
/// What gets something of its own, or stays out: the kernel's directories, homes, and other people's disks.
const NOT_LAYERED: [&str; 12] = [
    "/proc",
    "/sys",
    "/dev",
    "/run",
    "/tmp",
    "/var/tmp",
    "/home",
    "/root",
    "/mnt",
    "/media",
    "/boot/efi",
    "/lost+found",
];
/// The largest file that is copied where a directory could not be layered.
pub(super) const COPY_LIMIT: u64 = 1 << 20;

/// Lays the whole machine. Returns whether what is changed inside is kept on disk.
pub(super) fn lay(site: &Site) -> io::Result<bool> {
    let layers = site.place.fork().join("layers");
    fs::create_dir_all(&layers)?;
    let laying = Laying { site, layers, mounted: table::read()? };
    let lasting = laying.try_out().is_ok();
    if !lasting {
        // The lab's directory may itself be on an overlay, as in a container. Memory will do until the host stops.
        mounts::memory(&laying.layers, MountFlags::NODEV, "mode=700")?;
        laying.try_out()?;
    }
    laying.lay(Path::new("/"))?;
    Ok(lasting)
}

struct Laying<'a> {
    site: &'a Site<'a>,
    layers: PathBuf,
    mounted: Vec<table::Mount>,
}

impl Laying<'_> {
    /// Whether overlays work with their upper layer here at all.
    fn try_out(&self) -> io::Result<()> {
        let trial = self.layers.join("trial");
        let (lower, merged) = (trial.join("lower"), trial.join("merged"));
        for dir in [&lower, &merged] {
            fs::create_dir_all(dir)?;
        }
        self.overlay(&lower, &merged, &trial)?;
        unmount(&merged, UnmountFlags::DETACH).map_err(Into::into)
    }

    fn lay(&self, path: &Path) -> io::Result<()> {
        let target = self.site.at(path);
        let name: Vec<u8> = path
            .as_os_str()
            .as_bytes()
            .iter()
            .map(|b| if *b == b'/' { b'%' } else { *b })
            .collect();
        let own = self.layers.join(OsStr::from_bytes(&name));
        match self.overlay(path, &target, &own) {
            Ok(()) => self.lay_mounts_below(path),
            Err(cause) if !self.has_mounts_below(path) => Err(cause),
            Err(_) => self.lay_pieces(path, &target),
        }
    }

    fn overlay(&self, lower: &Path, target: &Path, own: &Path) -> io::Result<()> {
        let (upper, work) = (own.join("upper"), own.join("work"));
        let fresh = !upper.exists();
        for dir in [&upper, &work] {
            fs::create_dir_all(dir)?;
        }
        let mut options = b"lowerdir=".to_vec();
        options.extend(escaped(lower));
        options
            .extend([&b",upperdir="[..], &escaped(&upper), b",workdir=", &escaped(&work)].concat());
        options.extend(if self.site.user_namespace {
            &b",userxattr"[..]
        } else {
            b",redirect_dir=on"
        });
        let like = fs::metadata(lower)?.permissions();
        fs::set_permissions(&upper, like)?;
        let options = CString::new(options)?;
        let overlay = || mount("shelter", target, "overlay", MountFlags::NODEV, options.as_c_str());
        overlay()?;
        if fresh && self.site.user_namespace {
            unmount(target, UnmountFlags::empty())?;
            own::take(lower, &upper)?;
            overlay()?;
        }
        Ok(())
    }

    /// A directory that cannot be layered because of what is mounted below it: made anew, its entries layered.
    fn lay_pieces(&self, path: &Path, target: &Path) -> io::Result<()> {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let (source, kind) = (entry.path(), entry.file_type()?);
            let copy = target.join(entry.file_name());
            if kind.is_symlink() {
                replace_link(&fs::read_link(&source)?, &copy)?;
            } else if kind.is_dir() {
                fs::create_dir_all(&copy)?;
                fs::set_permissions(&copy, entry.metadata()?.permissions())?;
                if !is_not_layered(&source) && fs::read_dir(&source).is_ok() {
                    self.lay(&source)?;
                }
            } else if kind.is_file() && entry.metadata()?.len() <= COPY_LIMIT && !copy.exists() {
                // What this user may not read does not come along.
                let _ = fs::copy(&source, &copy);
            }
        }
        Ok(())
    }

    fn lay_mounts_below(&self, path: &Path) -> io::Result<()> {
        let nearest = |target: &Path| {
            let above = self.mounted.iter().map(|m| &m.target).filter(|t| target.starts_with(t));
            above.filter(|t| *t != target).all(|t| path.starts_with(t))
        };
        for mount in self.mounted_below(path).filter(|m| nearest(&m.target)) {
            let target = self.site.at(&mount.target);
            if mount.target.is_dir() {
                fs::create_dir_all(&target)?;
                self.lay(&mount.target)?;
            } else if fs::metadata(&mount.target).is_ok_and(|m| m.len() <= COPY_LIMIT) {
                fs::copy(&mount.target, &target)?;
            }
        }
        Ok(())
    }

    fn has_mounts_below(&self, path: &Path) -> bool {
        self.mounted.iter().any(|m| m.target.starts_with(path) && m.target != path)
    }

    fn mounted_below(&self, path: &Path) -> impl Iterator<Item = &table::Mount> {
        self.mounted.iter().filter(move |mount| {
            mount.target.starts_with(path)
                && mount.target != path
                && OF_THE_MACHINE.contains(&mount.kind.as_str())
                && !is_not_layered(&mount.target)
        })
    }
}

/// Whether a path gets something of its own, or stays out.
pub(super) fn is_not_layered(path: &Path) -> bool {
    NOT_LAYERED.iter().any(|out| path.starts_with(out))
}

fn replace_link(to: &Path, at: &Path) -> io::Result<()> {
    match fs::remove_file(at) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    symlink(to, at)
}

/// Commas, colons and backslashes mean something in the options of an overlay.
fn escaped(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_bytes().iter();
    bytes
        .flat_map(|&b| if matches!(b, b',' | b':' | b'\\') { vec![b'\\', b] } else { vec![b] })
        .collect()
}
