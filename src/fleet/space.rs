//! How full a disk is, and what was free on it over time.

use super::{Bytes, Percent, Timestamp};

/// How full a disk is, as `df` reckons it: of what an ordinary user may have. What a file system keeps back for root
/// counts neither as used nor as free. In whole percent, rounded up. `None` where there is nothing to have.
pub fn fullness(used: Bytes, free: Bytes) -> Option<Percent> {
    let all = used.0.checked_add(free.0).filter(|all| *all > 0)?;
    Some(Percent((used.0 as f64 * 100.0 / all as f64).ceil()))
}

/// What was free on one disk, the newest last.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Space {
    /// Where it is mounted.
    pub mount: String,
    /// When, and how much.
    pub points: Vec<(Timestamp, Bytes)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_back_for_root_is_neither_used_nor_free() {
        // A disk of 1000 of which 50 are kept back: `df` says 11 %, where 1000 - 850 would make it 15 %.
        assert_eq!(fullness(Bytes(100), Bytes(850)), Some(Percent(11.0)));
        assert_eq!(fullness(Bytes(950), Bytes(0)), Some(Percent(100.0)));
        assert_eq!(fullness(Bytes(0), Bytes(0)), None);
        assert_eq!(fullness(Bytes(u64::MAX), Bytes(1)), None);
    }
}
