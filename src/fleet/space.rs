//! What was free on a disk over time.

use super::{Bytes, Timestamp};

/// What was free on one disk, the newest last.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Space {
    /// Where it is mounted.
    pub mount: String,
    /// When, and how much.
    pub points: Vec<(Timestamp, Bytes)>,
}
