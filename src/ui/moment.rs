//! What is known in the moment in which something is dealt with or drawn. Does nothing.

use crate::fleet::{Fleet, Timestamp};

/// What is known while a key is dealt with.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// Hosts and runs.
    pub fleet: &'a Fleet,
    /// The time.
    pub now: Timestamp,
}
