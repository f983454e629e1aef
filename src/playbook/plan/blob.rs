//! Bytes that programs carry: kept once and written as shell text once, for all hosts that are sent them. Knows no host.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::Sh;

/// Bytes that travel in programs. Clones share them, and their shell text.
#[derive(Clone)]
pub struct Blob(Arc<Kept>);

struct Kept {
    bytes: Vec<u8>,
    shell: OnceLock<Bytes>,
}

impl Blob {
    /// The command that writes them to its stdout: up to four times as long as they are.
    pub fn shell(&self) -> Bytes {
        let Kept { bytes, shell } = &*self.0;
        shell.get_or_init(|| Sh::bytes(bytes).into_text().into()).clone()
    }
}

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Kept { bytes, shell: OnceLock::new() }))
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Blob {}
