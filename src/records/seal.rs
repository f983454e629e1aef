//! The place of a line in the history's chain, as whoever holds to it keeps it. Seals nothing.

/// A line's place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Its number, from 1.
    pub n: u64,
    /// The seal of the line before.
    pub p: String,
    /// Its own.
    pub h: String,
}
