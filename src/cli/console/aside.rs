//! What anything prints on stderr while the console is open goes into the diagnostics, a line each.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::fd::OwnedFd;

use rustix::io::dup;
use rustix::pipe::pipe;
use rustix::stdio::{dup2_stderr, stderr};

use crate::text::inert_line;

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

fn pass_on(reader: OwnedFd) {
    for line in BufReader::new(File::from(reader)).lines() {
        match line {
            Ok(line) => tracing::warn!(target: "stderr", "{}", inert_line(&line)),
            Err(_) => return,
        }
    }
}
