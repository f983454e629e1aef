//! Numbers as sensors tell them: told, not told, or nonsense. What is nonsense never becomes a value.

use std::ops::RangeInclusive;

use crate::text::inert_line;

/// What a sensor said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told<T> {
    /// This.
    Value(T),
    /// Nothing, or that it does not know.
    Nothing,
    /// Something that is no number, or one that cannot be.
    Odd,
}

/// How programs say that they do not know.
const UNKNOWN: [&str; 6] =
    ["", "-", "N/A", "[N/A]", "[Not Supported]", "[Insufficient Permissions]"];

impl<T> Told<T> {
    pub(super) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Told<U> {
        match self {
            Self::Value(value) => Told::Value(convert(value)),
            Self::Nothing => Told::Nothing,
            Self::Odd => Told::Odd,
        }
    }

    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Odd => None,
        }
    }

    /// Odd unless it is as it must be.
    pub(super) fn only_if(self, holds: impl FnOnce(&T) -> bool) -> Self {
        match self {
            Self::Value(value) if !holds(&value) => Self::Odd,
            other => other,
        }
    }
}

/// A number with or without a fraction.
pub(super) fn decimal(text: Option<&str>, range: RangeInclusive<f64>) -> Told<f64> {
    let Some(text) = text.map(str::trim).filter(|text| !UNKNOWN.contains(text)) else {
        return Told::Nothing;
    };
    // Rust also reads `inf` and `1e9`, which no sensor writes.
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    match text.parse::<f64>() {
        Ok(number) if plain && range.contains(&number) => Told::Value(number),
        _ => Told::Odd,
    }
}

/// A whole number, not negative.
pub(super) fn whole(text: Option<&str>, most: u64) -> Told<u64> {
    let Some(text) = text.map(str::trim).filter(|text| !UNKNOWN.contains(text)) else {
        return Told::Nothing;
    };
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u64>() {
        Ok(number) if plain && number <= most => Told::Value(number),
        _ => Told::Odd,
    }
}

/// A small whole number.
pub(super) fn small(text: Option<&str>, range: RangeInclusive<u32>) -> Told<u32> {
    match whole(text, u64::from(u32::MAX)) {
        Told::Value(number) => u32::try_from(number).map_or(Told::Odd, Told::Value),
        Told::Nothing => Told::Nothing,
        Told::Odd => Told::Odd,
    }
    .only_if(|number| range.contains(number))
}

/// A text for people: on one line, inert, not endless.
pub(super) fn words(text: Option<&str>) -> Told<String> {
    let Some(text) = text.map(str::trim).filter(|text| !UNKNOWN.contains(text)) else {
        return Told::Nothing;
    };
    Told::Value(inert_line(text).chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_odd_and_what_is_not_known_is_nothing() {
        for odd in
            ["NaN", "inf", "-inf", "1e3", "58,21", "ERR!", "[GPU is lost]", "-1", "101", "--"]
        {
            assert_eq!(decimal(Some(odd), 0.0..=100.0), Told::Odd, "{odd}");
        }
        for nothing in UNKNOWN {
            assert_eq!(decimal(Some(nothing), 0.0..=100.0), Told::Nothing, "{nothing}");
            assert_eq!(whole(Some(nothing), 9), Told::Nothing, "{nothing}");
        }
        assert_eq!(decimal(Some("0"), 0.0..=100.0), Told::Value(0.0));
        assert_eq!(whole(Some("18446744073709551616"), u64::MAX), Told::Odd);
        assert_eq!(small(Some("4294967297"), 0..=10), Told::Odd);
    }
}
