//! Where a practice host keeps its things on the machine below. Names paths and makes directories, nothing else.

use std::fs::{self, DirBuilder};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::text::hex;

use super::error::At;
use super::{LabError, Profile, wipe};

/// The longest path a Unix socket can have, without the closing NUL.
const SOCKET_PATH_MAX: usize = 107;

/// The directory of one practice host, which only its owner can enter.
#[derive(Clone, Debug)]
pub(super) struct Place {
    base: PathBuf,
    dir: PathBuf,
}

impl Place {
    /// The place of a profile in the lab's directory.
    pub fn of(base: &Path, profile: Profile) -> Self {
        Self { base: base.to_owned(), dir: base.join(profile.name()) }
    }

    /// Makes it, if need be.
    pub fn prepare(&self) -> Result<(), LabError> {
        for dir in [&self.base, &self.dir] {
            private_dir(dir)?;
        }
        if self.socket().as_os_str().len() > SOCKET_PATH_MAX {
            return Err(LabError::PathTooLong(self.socket()));
        }
        Ok(())
    }

    /// The lab's directory.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The host's directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the server listens.
    pub fn socket(&self) -> PathBuf {
        self.dir.join("ssh.sock")
    }

    /// What the running server is.
    pub fn running(&self) -> PathBuf {
        self.dir.join("running.json")
    }

    /// Held while the host is started, stopped or reset.
    pub fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }

    /// What the serving process has to say.
    pub fn log(&self) -> PathBuf {
        self.dir.join("serve.log")
    }

    /// The server's own key.
    pub fn host_key(&self) -> PathBuf {
        self.dir.join("host_key")
    }

    /// The key that opens every practice host of this lab.
    pub fn client_key(&self) -> PathBuf {
        self.base.join("client_key")
    }

    /// The server's key as a client knows it.
    pub fn known_hosts(&self) -> PathBuf {
        self.dir.join("known_hosts")
    }

    /// What a plain directory consists of. Root's own directories are no place for the user that practises.
    pub fn plain(&self) -> PathBuf {
        if !rustix::process::geteuid().is_root() {
            return self.fork().join("plain");
        }
        let digest = Sha256::digest(self.dir.as_os_str().as_bytes());
        let short = hex(&digest[..8]);
        Path::new("/var/tmp").join(format!("mountain_shelter-{short}")).join("plain")
    }

    /// Throws away everything that was changed inside.
    pub fn wipe(&self) -> Result<(), LabError> {
        wipe::tree(&self.fork())?;
        let plain = self.plain();
        wipe::tree(plain.parent().unwrap_or(&plain))
    }

    /// Throws away what was laid over the machine below, which has changed. Homes and temporary files lean on nothing.
    pub fn wipe_layers(&self) -> Result<(), LabError> {
        ["layers", "root", "sensors"]
            .iter()
            .try_for_each(|part| wipe::tree(&self.fork().join(part)))
    }

    /// Everything that was changed inside: what a reset throws away.
    pub fn fork(&self) -> PathBuf {
        self.dir.join("fork")
    }
}

/// Makes a directory only its owner can enter, with its parents.
pub(super) fn private_dir(dir: &Path) -> Result<(), LabError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700).create(dir).at("make", dir)?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).at("close to others", dir)
}
