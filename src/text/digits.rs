//! A measured number with as many digits as mean something.

/// Three digits: `312`, `41.5`, `7.03`.
pub fn three_digits(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_told_whatever_the_size() {
        let told = [312.4, 41.52, -7.034, 0.0].map(three_digits);
        assert_eq!(told, ["312", "41.5", "-7.03", "0.00"]);
    }
}
