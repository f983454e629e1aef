//! Figures and words as engines tell them: told, not told, or nonsense. What is nonsense never becomes a value.

use serde_json::Value;

use crate::fleet::{Millis, Quality, Reading, Source};
use crate::text::inert_line;

/// Longer words are cut.
const LONGEST: usize = 200;
/// No model, and no file of one, is larger: 64 TiB.
pub(super) const MOST_BYTES: u64 = 1 << 46;
/// No context is longer.
pub(super) const MOST_TOKENS: u64 = 1 << 32;
/// No engine works on more requests, and none has more waiting.
pub(super) const MOST_REQUESTS: u64 = 1_000_000;

/// What an engine said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Figure<T> {
    /// This.
    Told(T),
    /// Nothing about it.
    #[default]
    Nothing,
    /// Something that is no figure, or one that cannot be.
    Odd,
}

impl<T> Figure<T> {
    pub fn known(self) -> Option<T> {
        match self {
            Self::Told(value) => Some(value),
            Self::Nothing | Self::Odd => None,
        }
    }

    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Figure<U> {
        match self {
            Self::Told(value) => Figure::Told(convert(value)),
            Self::Nothing => Figure::Nothing,
            Self::Odd => Figure::Odd,
        }
    }

    /// This where it says something, else the other.
    pub fn or(self, other: Self) -> Self {
        if matches!(self, Self::Nothing) { other } else { self }
    }

    /// As a reading of this moment.
    pub fn reading(self) -> Reading<T> {
        let (value, quality) = match self {
            Self::Told(value) => (Some(value), Quality::Ok),
            Self::Nothing => return Reading::absent(Source::Engine),
            Self::Odd => (None, Quality::Nan),
        };
        Reading { value, quality, age: Some(Millis(0)), source: Source::Engine }
    }
}

/// A whole number, not negative and not beyond that.
pub(super) fn whole(value: &Value, most: u64) -> Figure<u64> {
    match value {
        Value::Null => Figure::Nothing,
        Value::Number(number) => match number.as_u64() {
            Some(number) if number <= most => Figure::Told(number),
            _ => Figure::Odd,
        },
        _ => Figure::Odd,
    }
}

/// A number of counters and gauges as a whole one.
pub(super) fn rounded(figure: Figure<f64>, most: u64) -> Figure<u64> {
    match figure {
        Figure::Told(number) if (0.0..=most as f64).contains(&number) => {
            Figure::Told(number.round() as u64)
        }
        Figure::Told(_) | Figure::Odd => Figure::Odd,
        Figure::Nothing => Figure::Nothing,
    }
}

/// A text for people: on one line, inert, not endless, not empty.
pub(super) fn words(value: &Value) -> Option<String> {
    let text = inert_line(value.as_str()?);
    Some(text.trim().chars().take(LONGEST).collect()).filter(|text: &String| !text.is_empty())
}

/// A number of parameters, as `7.2B`.
pub fn parameters(count: u64) -> String {
    let units = [(1_000_000_000_000, "T"), (1_000_000_000, "B"), (1_000_000, "M"), (1000, "K")];
    match units.into_iter().find(|(size, _)| count >= *size) {
        Some((size, unit)) => format!("{:.1}{unit}", count as f64 / size as f64),
        None => count.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_cannot_be_is_odd_and_what_is_not_told_is_nothing() {
        for odd in [json!(-1), json!("7"), json!(1.5), json!(1e300), json!([1]), json!(11)] {
            assert_eq!(whole(&odd, 10), Figure::Odd, "{odd}");
        }
        assert_eq!(whole(&Value::Null, 10), Figure::Nothing);
        assert_eq!(whole(&json!(10), 10), Figure::Told(10));
        assert_eq!(rounded(Figure::Told(f64::NAN), 10), Figure::Odd);
        assert_eq!(rounded(Figure::Told(-1.0), 10), Figure::Odd);
    }

    #[test]
    fn parameters_are_written_as_model_cards_do() {
        assert_eq!(parameters(7_248_023_552), "7.2B");
        assert_eq!(parameters(245_184), "245.2K");
        assert_eq!(parameters(12), "12");
    }
}
