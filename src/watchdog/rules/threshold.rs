//! From when a value is wrong and from when it is well again, with room between the two. Keeps no state.

use crate::text::seconds;
use crate::watchdog::measure::Unit;

/// From when a value is wrong, and from when it is well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Whether what lies above is wrong, rather than what lies below.
    pub above: bool,
    /// Beyond this it is wrong.
    pub raise: f64,
    /// Beyond this, on the other side, it is well.
    pub clear: f64,
}

/// One side of a threshold, as written: `> 90 %`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub above: bool,
    pub value: f64,
}

impl Threshold {
    /// Of what is so or is not.
    pub const STATE: Self = Self { above: true, raise: 0.5, clear: 0.5 };

    /// Whether a value is wrong.
    pub fn is_wrong(&self, value: f64) -> bool {
        if self.above { value > self.raise } else { value < self.raise }
    }

    /// Whether a value is well. Between the two it is neither.
    pub fn is_well(&self, value: f64) -> bool {
        if self.above { value < self.clear } else { value > self.clear }
    }

    /// The side that is wrong, for people.
    pub fn words(&self, unit: Unit) -> String {
        format!("{} {}", if self.above { ">" } else { "<" }, unit.words(self.raise))
    }
}

impl Bound {
    /// The bound in a text; the error says what was expected.
    pub fn read(text: &str, unit: Unit) -> Result<Self, String> {
        let expected = || {
            let example = match unit {
                Unit::Percent => "> 90 %",
                Unit::Celsius => "> 85 °C",
                Unit::Span | Unit::State => "< 4h",
            };
            format!("`>` or `<` and a value, such as `{example}`")
        };
        let text = text.trim();
        let above = match text.as_bytes().first() {
            Some(b'>') => true,
            Some(b'<') => false,
            _ => return Err(expected()),
        };
        let value = number(text[1..].trim(), unit).ok_or_else(expected)?;
        Ok(Self { above, value })
    }
}

fn number(text: &str, unit: Unit) -> Option<f64> {
    let plain = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    match unit {
        Unit::Percent => plain(text.strip_suffix('%').unwrap_or(text)),
        Unit::Celsius => plain(text.trim_end_matches('C').trim_end_matches('°')),
        Unit::Span | Unit::State => seconds(text).ok().map(|seconds| seconds as f64),
    }
}
