//! What can go wrong with practice hosts.

use std::io;
use std::path::PathBuf;

/// What can go wrong with practice hosts.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// No profile has that name.
    #[error("no practice host is called `{0}`; there are `phantom` and `shadow`")]
    NoSuchProfile(String),
    /// Something about a file of the lab.
    #[error("cannot {deed} `{path}`: {cause}")]
    File {
        /// What was tried.
        deed: &'static str,
        /// On which path.
        path: PathBuf,
        /// Why it failed.
        cause: io::Error,
    },
    /// A Unix socket's path has at most 107 bytes.
    #[error("the path `{0}` is too long for a socket; choose a shorter home")]
    PathTooLong(PathBuf),
    /// A key could not be made or read.
    #[error("cannot use the key `{path}`: {cause}")]
    Key {
        /// The key's file.
        path: PathBuf,
        /// Why.
        cause: russh::keys::ssh_key::Error,
    },
    /// Every way to confine the host failed.
    #[error("cannot start `{profile}`: {}; its log is `{log}`", .why.join("; "), log = .log.display())]
    Start {
        /// Which host.
        profile: &'static str,
        /// What each attempt said.
        why: Vec<String>,
        /// Where the serving process writes.
        log: PathBuf,
    },
    /// The serving process does not greet, and something runs on the host.
    #[error("`{profile}` does not answer, and something runs on it; `shelter lab stop` ends it")]
    Mute {
        /// Which host.
        profile: &'static str,
    },
    /// The serving process would not end.
    #[error("`{profile}` does not stop: process {pid} is still there")]
    Stuck {
        /// Which host.
        profile: &'static str,
        /// The process outside of the fork.
        pid: i32,
    },
}

/// Gives an I/O error its deed and path.
pub(super) trait At<T> {
    /// Says what was being done to which path.
    fn at(self, deed: &'static str, path: impl Into<PathBuf>) -> Result<T, LabError>;
}

impl<T, E: Into<io::Error>> At<T> for Result<T, E> {
    fn at(self, deed: &'static str, path: impl Into<PathBuf>) -> Result<T, LabError> {
        self.map_err(|cause| LabError::File { deed, path: path.into(), cause: cause.into() })
    }
}
