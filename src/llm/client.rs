//! An engine as it is asked: the way to it, its key, and how patient we are. Holds no connection.

use std::sync::Arc;
use std::time::Duration;

use super::way::Way;

/// One engine. Clones share the way.
#[derive(Clone)]
pub struct Client {
    pub(super) way: Way,
    pub(super) key: Option<Arc<str>>,
    pub(super) patience: Patience,
}

/// How long an engine may take. A stream that goes on may take as long as it likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a byte stream to it is open.
    pub open: Duration,
    /// From the request to the head of the answer.
    pub head: Duration,
    /// From one piece of the answer to the next.
    pub piece: Duration,
}

impl Patience {
    /// For questions that an engine answers from what it knows.
    pub const ASKING: Self = Self {
        open: Duration::from_secs(5),
        head: Duration::from_secs(5),
        piece: Duration::from_secs(5),
    };

    /// For work: a model may have to be loaded before the first token.
    pub const WORKING: Self = Self {
        open: Duration::from_secs(10),
        head: Duration::from_secs(600),
        piece: Duration::from_secs(120),
    };
}

impl Client {
    /// An engine at the end of that way, without a key.
    pub fn new(way: Way, patience: Patience) -> Self {
        Self { way, key: None, patience }
    }

    /// With the key that it asks for.
    #[must_use]
    pub fn with_key(mut self, key: &str) -> Self {
        self.key = Some(key.into());
        self
    }
}
