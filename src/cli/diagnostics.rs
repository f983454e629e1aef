//! The program's own diagnostics: into `logs/shelter.DATE.log`, a week of them, never onto the screen.

use std::io::{self, Write};
use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Days of diagnostics that are kept.
const DAYS: usize = 7;
/// What one process may write: enough for weeks of ordinary work, not enough to fill a disk.
const MOST: u64 = 64 << 20;

/// Begins to write diagnostics. They end, and are flushed, when the guard is dropped.
pub fn begin(logs: &Path, verbose: u8) -> Result<WorkerGuard, InitError> {
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("shelter")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(logs)?;
    let bounded = Bounded { inner: appender, left: MOST };
    let (writer, guard) = tracing_appender::non_blocking(bounded);
    let begun = tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_env_filter(filter(verbose))
        .try_init();
    // Only a second subscriber in one process fails here; the first one goes on.
    let _ = begun;
    Ok(guard)
}

fn filter(verbose: u8) -> EnvFilter {
    let default = match verbose {
        0 => "warn,shelter=info",
        1 => "info,shelter=debug",
        _ => "debug,shelter=trace",
    };
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default))
}

/// Passes on only so many bytes, and says so once when it stops.
struct Bounded<W> {
    inner: W,
    left: u64,
}

impl<W: Write> Write for Bounded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len() as u64;
        if self.left > length {
            self.left -= length;
            self.inner.write_all(bytes)?;
        } else if self.left > 0 {
            self.left = 0;
            self.inner
                .write_all(b"(diagnostics end here: this process has written its share)\n")?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnostics_stop_at_their_bound_and_say_so() {
        let mut bounded = Bounded { inner: Vec::new(), left: 10 };
        for _ in 0..5 {
            bounded.write_all(b"four").unwrap();
        }
        let text = String::from_utf8(bounded.inner).unwrap();
        assert!(text.starts_with("fourfour(diagnostics end here"), "{text}");
        assert_eq!(text.matches("end here").count(), 1);
    }
}
