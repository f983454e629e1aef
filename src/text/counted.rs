//! How many of something there are, in words: one place that knows when a word gets its `s`.

use std::fmt::Display;

/// `1 host`, `2 hosts`, `0 hosts`: a whole number, and the word for one of them.
pub fn counted(number: impl Display, one: &str) -> String {
    let number = number.to_string();
    if number == "1" { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_without_an_s() {
        let told = [0, 1, 2, 21].map(|number| counted(number, "host"));
        assert_eq!(told, ["0 hosts", "1 host", "2 hosts", "21 hosts"]);
    }
}
