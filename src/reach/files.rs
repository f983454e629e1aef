//! Files and folders carried to a host and back, over nothing but its POSIX sh. Whole and verified, or not at all.

mod archive;
mod fetch;
mod landing;
mod script;
mod send;
mod tree;
mod tree_fetch;
mod tree_send;

use super::error::ReachError;

/// What was carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Bytes of content.
    pub bytes: u64,
    /// Files; folders and links do not count.
    pub files: u64,
}

/// Hears how many bytes have been carried so far.
pub type Progress<'a> = &'a mut (dyn FnMut(u64) + Send);

/// Bytes read from a file at a time.
const PIECE: usize = 128 * 1024;

/// A name for something unfinished that nobody else picks.
fn nonce() -> String {
    format!(".shelter-{:016x}", rand::random::<u64>())
}

fn trouble(path: impl std::fmt::Display, why: impl Into<String>) -> ReachError {
    ReachError::File { path: path.to_string(), why: why.into(), hint: None }
}

fn changed(path: impl std::fmt::Display) -> ReachError {
    ReachError::File {
        path: path.to_string(),
        why: "does not arrive as it was sent: it changed meanwhile".to_owned(),
        hint: Some("carry it again when nobody writes to it".to_owned()),
    }
}
