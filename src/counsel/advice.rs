//! One piece of advice. Says nothing by itself.

/// One thing nobody asked about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Advice {
    /// What it is.
    pub text: String,
    /// How it is known.
    pub evidence: String,
    /// What to do about it.
    pub command: String,
}
