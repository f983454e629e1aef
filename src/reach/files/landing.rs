//! Where something that arrives is written until it is whole: beside its goal, taken away unless it is put in place.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::nonce;

/// An unfinished file or folder.
pub(super) struct Landing {
    goal: PathBuf,
    at: PathBuf,
    settled: bool,
}

impl Landing {
    /// A place beside the goal.
    pub(super) fn beside(goal: &Path) -> Self {
        Self { goal: goal.to_owned(), at: folder_of(goal).join(nonce()), settled: false }
    }

    /// Where it is until then.
    pub(super) fn at(&self) -> &Path {
        &self.at
    }

    /// The unfinished thing as a new file.
    pub(super) fn file(&self) -> io::Result<File> {
        new_file(&self.at)
    }

    /// The unfinished thing as a new folder.
    pub(super) fn folder(&self) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(&self.at)
    }

    /// Puts it in the place of whatever is there.
    pub(super) fn settle(mut self, mode: u32) -> io::Result<()> {
        std::fs::set_permissions(&self.at, std::fs::Permissions::from_mode(mode & 0o7777))?;
        let old = self.at.with_extension("old");
        let replaces = self.at.is_dir() && self.goal.is_dir() && !self.goal.is_symlink();
        if replaces {
            std::fs::rename(&self.goal, &old)?;
        }
        if let Err(error) = std::fs::rename(&self.at, &self.goal) {
            if replaces {
                std::fs::rename(&old, &self.goal)?;
            }
            return Err(error);
        }
        self.settled = true;
        File::open(folder_of(&self.goal))?.sync_all()?;
        if replaces { std::fs::remove_dir_all(&old) } else { Ok(()) }
    }
}

fn folder_of(goal: &Path) -> &Path {
    match goal.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) => Path::new("."),
        None => Path::new("/"),
    }
}

/// A new file that only we can read, never one that is there already or behind a link.
pub(super) fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

impl Drop for Landing {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        // It may be neither or either; what cannot be taken away carries a name that says what it is.
        let _ = std::fs::remove_file(&self.at);
        let _ = std::fs::remove_dir_all(&self.at);
    }
}
