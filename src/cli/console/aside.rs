//! What anything prints on stderr while the console is open goes into the diagnostics, a line each.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::OwnedFd;

use rustix::io::dup;
use rustix::pipe::pipe;
use rustix::stdio::{dup2_stderr, stderr};

use crate::text::inert_line;

/// Bytes of a line that are told together.
const LONGEST: u64 = 4 << 10;

/// Stderr leads into the diagnostics until this is dropped.
pub struct Aside(OwnedFd);

impl Aside {
    /// Begins to lead it there.
    pub fn begin() -> io::Result<Self> {
        let before = dup(stderr())?;
        let (reader, writer) = pipe()?;
        dup2_stderr(&writer)?;
        std::thread::spawn(move || pass_on(reader));
        Ok(Self(before))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // The one that was there before is still open, so that nothing can stand in the way.
        let _ = dup2_stderr(&self.0);
    }
}

/// What is no text is told as far as it is one; a line without an end is told in pieces.
fn pass_on(reader: OwnedFd) {
    let mut reader = BufReader::new(File::from(reader));
    let mut line = Vec::new();
    while let Ok(1..) = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
        tell(&line);
        line.clear();
    }
}

fn tell(line: &[u8]) {
    let line = String::from_utf8_lossy(line.trim_ascii_end());
    tracing::warn!(target: "stderr", "{}", inert_line(&line));
}
