//! What a plain scalar means in the core schema of YAML 1.2: `no`, `on` and `022` are texts.

use super::Scalar;

/// The meaning of a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved<'a> {
    /// `null`, `~`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number with a fraction or an exponent.
    Float(f64),
    /// Written as a number, but `.nan`, `.inf`, or beyond what can be held.
    NoNumber,
    /// Anything else.
    Text(&'a str),
}

impl Scalar {
    /// What it means. Quoted, it is always a text. A leading zero makes a text too, for `022` is
    /// eighteen to one reader, twenty-two to the next and a file mode to a third.
    pub fn resolve(&self) -> Resolved<'_> {
        if self.quoted {
            return Resolved::Text(&self.text);
        }
        match &*self.text {
            "" | "~" | "null" | "Null" | "NULL" => Resolved::Null,
            "true" | "True" | "TRUE" => Resolved::Bool(true),
            "false" | "False" | "FALSE" => Resolved::Bool(false),
            text => number(text).unwrap_or(Resolved::Text(text)),
        }
    }
}

fn number(text: &str) -> Option<Resolved<'static>> {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(body, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Resolved::NoNumber);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        let hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let value = || i64::from_str_radix(digits, 16).map_or(Resolved::NoNumber, Resolved::Int);
        return hex.then(value);
    }
    let (whole, rest) = body.split_at(digits(body));
    if whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    if rest.is_empty() && !whole.is_empty() {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        return Some(unsigned.parse().map_or(Resolved::NoNumber, Resolved::Int));
    }
    is_fraction(whole, rest).then(|| finite(text))
}

/// Whether `rest` makes a number with a fraction or an exponent out of the digits before it.
fn is_fraction(whole: &str, rest: &str) -> bool {
    let (fraction, exponent) = match rest.strip_prefix('.') {
        Some(after) => after.split_at(digits(after)),
        None => ("", rest),
    };
    let exponent_stands = match exponent.strip_prefix(['e', 'E']) {
        Some(power) => {
            let power = power.strip_prefix(['-', '+']).unwrap_or(power);
            !power.is_empty() && digits(power) == power.len()
        }
        None => exponent.is_empty(),
    };
    exponent_stands && (!whole.is_empty() || !fraction.is_empty())
}

fn finite(text: &str) -> Resolved<'static> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Resolved::Float(value),
        _ => Resolved::NoNumber,
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Resolved::{Bool, Float, Int, NoNumber, Null, Text};

    #[test]
    fn only_what_the_core_schema_names_is_more_than_a_text() {
        let cases = [
            ("no", Text("no")),
            ("on", Text("on")),
            ("yes", Text("yes")),
            ("022", Text("022")),
            ("0o22", Text("0o22")),
            ("-07", Text("-07")),
            ("1.2.3", Text("1.2.3")),
            ("1_000", Text("1_000")),
            ("12:30", Text("12:30")),
            (".", Text(".")),
            ("-", Text("-")),
            ("e5", Text("e5")),
            ("1e", Text("1e")),
            ("0x", Text("0x")),
            ("infinity", Text("infinity")),
            ("0", Int(0)),
            ("-22", Int(-22)),
            ("+7", Int(7)),
            ("0x1F", Int(31)),
            ("0.5", Float(0.5)),
            (".5", Float(0.5)),
            ("5.", Float(5.0)),
            ("-1e3", Float(-1000.0)),
            ("99999999999999999999", NoNumber),
            ("1e999", NoNumber),
            (".nan", NoNumber),
            ("-.inf", NoNumber),
            ("~", Null),
            ("True", Bool(true)),
            ("FALSE", Bool(false)),
        ];
        for (text, meaning) in cases {
            let scalar = Scalar { text: text.into(), quoted: false };
            assert_eq!(scalar.resolve(), meaning, "{text}");
            let quoted = Scalar { text: text.into(), quoted: true };
            assert_eq!(quoted.resolve(), Text(text));
        }
    }
}
