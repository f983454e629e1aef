//! The lab's door to writing files: its own notes, and the files of forks. Never a record of the console.

use std::fs;
use std::io;
use std::path::Path;

/// Writes a whole file.
#[expect(
    clippy::disallowed_methods,
    reason = "what the lab writes is made anew by a reset, not a record"
)]
pub(super) fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    fs::write(path, bytes)
}
