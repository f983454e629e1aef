//! What is heard of a host's engines, and what is kept of one that was there.

use std::collections::BTreeMap;

use crate::fleet::{Engine, EngineKind, Millis, Timestamp};

/// What is heard of a host's engines.
pub struct Engines<'a> {
    /// Those that were found.
    pub found: &'a [Engine],
    /// The ports where somebody listens, and of which of them it is known what that is. `None`: nobody has looked.
    pub listening: Option<&'a BTreeMap<u16, bool>>,
}

/// How fast a model is, beside its baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Speed {
    /// The model.
    pub model: String,
    /// When it was measured. A measurement counts until there is a newer one.
    pub at: Timestamp,
    /// As a share of its baseline, in percent.
    pub share: f64,
    /// The two in words.
    pub words: String,
}

/// An engine that was there.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Known {
    pub kind: EngineKind,
    pub first: Millis,
    /// When it last did its work.
    pub well: Millis,
}
