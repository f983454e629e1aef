//! An output whose reader may leave: from then on it takes everything and writes nothing. A run goes on
//! to its end, and to its exit status, though nobody reads what it prints.

use std::io::{self, Write};

/// Writes on as long as somebody reads.
pub struct Quiet<W> {
    inner: W,
    left: bool,
}

impl<W: Write> Quiet<W> {
    /// An output with a reader.
    pub fn new(inner: W) -> Self {
        Self { inner, left: false }
    }

    fn unless_left<T>(&mut self, result: io::Result<T>, otherwise: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.left = true;
                Ok(otherwise)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.unless_left(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.left {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.unless_left(flushed, ())
    }
}
