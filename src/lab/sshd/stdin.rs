//! A session's way in: what the client sends, kept until the process reads it, so that the connection never waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

/// How much may wait for a process that does not read. The server library opens its window without asking,
/// so beyond this a session is ended rather than the connection held up.
const WAITING_LIMIT: usize = 64 << 20;

/// The client's end.
pub(super) struct Stdin {
    chunks: Option<mpsc::UnboundedSender<Vec<u8>>>,
    waiting: Arc<AtomicUsize>,
}

/// More was sent than the process will ever read.
#[derive(Debug)]
pub(super) struct Overrun;

impl Stdin {
    /// Begins to write to a process.
    pub fn to(mut process: impl AsyncWrite + Unpin + Send + 'static) -> Self {
        let (chunks, mut coming) = mpsc::unbounded_channel::<Vec<u8>>();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counted = waiting.clone();
        tokio::spawn(async move {
            let mut open = true;
            while let Some(chunk) = coming.recv().await {
                // A process that has closed its input is no error: the rest is dropped.
                open = open && process.write_all(&chunk).await.is_ok();
                counted.fetch_sub(chunk.len(), Ordering::Relaxed);
            }
        });
        Self { chunks: Some(chunks), waiting }
    }

    /// Takes what the client sent.
    pub fn take(&self, chunk: &[u8]) -> Result<(), Overrun> {
        let Some(chunks) = &self.chunks else { return Ok(()) };
        let before = self.waiting.fetch_add(chunk.len(), Ordering::Relaxed);
        if before + chunk.len() > WAITING_LIMIT {
            return Err(Overrun);
        }
        // Its reader ends only when this end is dropped.
        let _ = chunks.send(chunk.to_vec());
        Ok(())
    }

    /// The client has sent all.
    pub fn finish(&mut self) {
        self.chunks = None;
    }
}
