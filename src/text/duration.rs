//! Spans of time as people write them. Reads no clock.

/// The seconds of `90`, `90s`, `10m`, `1h30m` or `2d`; a bare number counts seconds.
pub fn seconds(text: &str) -> Result<i64, &'static str> {
    const EXPECTED: &str = "a span of time, such as `30s`, `10m`, `1h30m` or `2d`";
    let mut total: i64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(EXPECTED);
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        let unit = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, tail) = tail.split_at(unit);
        let factor = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            "" if tail.is_empty() && total == 0 => 1,
            _ => return Err(EXPECTED),
        };
        let number: i64 = number.parse().map_err(|_| EXPECTED)?;
        let more = number.checked_mul(factor).ok_or(EXPECTED)?;
        total = total.checked_add(more).ok_or(EXPECTED)?;
        rest = tail;
    }
    if total > i64::from(u32::MAX) { Err(EXPECTED) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read_as_people_write_them() {
        for (text, expected) in
            [("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("2d", 172_800)]
        {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "m", "10x", "-5s", "1.5h", "10m5", "99999999999d"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
