//! Numbers as hosts write them. What is not a plain number, or is absurd, is none.

use crate::fleet::Bytes;

/// No machine has more: an exbibyte.
const MOST_BYTES: u64 = 1 << 60;
/// The most processors any kernel here can count.
const MOST_PROCESSORS: u32 = 65_536;

/// A whole number.
pub(super) fn whole(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// So many units of `unit` bytes; zero is a size like any other.
pub(super) fn bytes(text: &str, unit: u64) -> Option<Bytes> {
    whole(text)?.checked_mul(unit).filter(|n| *n <= MOST_BYTES).map(Bytes)
}

/// A size of something that exists, which is never zero.
pub(super) fn size(text: &str, unit: u64) -> Option<Bytes> {
    bytes(text, unit).filter(|n| n.0 > 0)
}

/// A number of things of which there is at least one.
pub(super) fn count(text: &str) -> Option<u32> {
    sane(u32::try_from(whole(text)?).ok()?)
}

/// How many a kernel's list like `0-3,8,10-11` names.
pub(super) fn listed(text: &str) -> Option<u32> {
    let mut total: u32 = 0;
    for part in text.trim().split(',') {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        let span = whole(high)?.checked_sub(whole(low)?)?;
        total = total.checked_add(u32::try_from(span).ok()?.checked_add(1)?)?;
    }
    sane(total)
}

fn sane(number: u32) -> Option<u32> {
    (1..=MOST_PROCESSORS).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_make_no_sense_are_unknown() {
        for text in ["", "-1", "NaN", "inf", "1.5", "0x10", "99999999999999999999", "1 2"] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(bytes("18446744073709551615", 1024), None);
        assert_eq!(bytes("0", 1024), Some(Bytes(0)));
        assert_eq!(size("0", 1024), None);
        assert_eq!(count("0"), None);
    }

    #[test]
    fn a_list_of_processors_is_counted() {
        assert_eq!(listed("0"), Some(1));
        assert_eq!(listed("0-3,8,10-11"), Some(7));
        assert_eq!(listed("3-0"), None);
        assert_eq!(listed("0-4294967295"), None);
        assert_eq!(listed(""), None);
    }
}
