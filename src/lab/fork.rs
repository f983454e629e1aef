//! Builds the copy-on-write fork of this machine and moves this process into it. Runs in fresh namespaces only.

mod devices;
mod dress;
mod kernel;
mod layers;
mod mounts;
mod own;
mod private;
mod table;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::mount::{MountPropagationFlags, UnmountFlags, mount_bind, mount_change, unmount};
use rustix::process::pivot_root;

use super::place::Place;
use super::{Confinement, Profile, sensors};

/// What to build, where.
struct Site<'a> {
    place: &'a Place,
    profile: Profile,
    /// Whether it is inside a user namespace, where some mounts take other options.
    user_namespace: bool,
    /// The future root directory.
    root: PathBuf,
}

/// What a process that moved into a fork brings along.
pub(super) struct Entered {
    /// The sensors the fork shows.
    pub sensors: sensors::Sensors,
    /// Whether what is changed inside is kept on disk.
    pub lasting: bool,
}

/// Builds the fork and makes it this process's root directory.
pub(super) fn enter(place: &Place, profile: Profile, level: Confinement) -> io::Result<Entered> {
    let user_namespace = level == Confinement::UserNamespace;
    let site = Site { place, profile, user_namespace, root: place.fork().join("root") };
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    fs::create_dir_all(&site.root)?;
    mount_bind(&site.root, &site.root)?;
    let lasting = layers::lay(&site).map_err(doing("layer the machine's directories"))?;
    private::furnish(&site).map_err(doing("make private directories"))?;
    devices::furnish(&site).map_err(doing("make devices"))?;
    kernel::furnish(&site).map_err(doing("mount the kernel's directories"))?;
    let tree = place.fork().join("sensors");
    mounts::memory(&tree, mounts::INERT, "mode=755,size=2m")?;
    let sensors =
        sensors::mount_tree(profile, &tree, &site.root).map_err(doing("mount sensors"))?;
    dress::dress(&site).map_err(doing("write its own files"))?;
    mounts::freeze_all_but(&place.fork())?;
    move_in(&site.root).map_err(doing("move in"))?;
    rustix::system::sethostname(profile.name().as_bytes())?;
    Ok(Entered { sensors, lasting })
}

fn move_in(root: &Path) -> io::Result<()> {
    std::env::set_current_dir(root)?;
    pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    std::env::set_current_dir("/")
}

/// Says what was being done.
fn doing(what: &'static str) -> impl Fn(io::Error) -> io::Error {
    move |cause| io::Error::new(cause.kind(), format!("cannot {what}: {cause}"))
}

impl Site<'_> {
    /// Where a path of the fork is while it is being built.
    fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }
}
