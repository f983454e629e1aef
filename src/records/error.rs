//! What can go wrong with the files of a home.

use std::io;
use std::path::{Path, PathBuf};

use crate::fleet::RunId;

/// A file of the home that could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The system said no.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried: `read`, `write`, `create`…
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process follows that run and records it.
    #[error("another console follows run {run}")]
    Followed {
        /// Which run.
        run: RunId,
    },
    /// There is nowhere to put a home.
    #[error("no home directory: neither `--home`, `$SHELTER_HOME` nor `$HOME` is set")]
    NoHome,
    /// A home that belongs to someone else.
    #[error("`{}` belongs to user {owner}, not to you", path.display())]
    Foreign {
        /// Where.
        path: PathBuf,
        /// The owner's numeric id.
        owner: u32,
    },
}

impl RecordsError {
    /// For `map_err`: names what was tried and where.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// What to do next, if something can be done.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("free some space there, or choose another place with `--home`".to_owned())
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Some(
                "check the owner and the mode, or choose another place with `--home`".to_owned(),
            ),
            Self::Io { source, .. } if source.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                Some("choose a place that can be written, with `--home`".to_owned())
            }
            Self::Io { .. } => None,
            Self::Followed { .. } => Some("watch it there, or end that console first".to_owned()),
            Self::NoHome => Some("pass `--home DIR`".to_owned()),
            Self::Foreign { .. } => {
                Some("pass `--home DIR` with a directory of your own".to_owned())
            }
        }
    }
}
