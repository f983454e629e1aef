//! The terminal's clipboard, by OSC 52: a terminal that does not know it leaves it alone.

use crate::text::base64;

/// Terminals cut longer ones, or do nothing at all.
const MOST: usize = 74_994;

/// The sequence that puts a text on the clipboard; of a long one its beginning.
pub fn sequence(text: &str) -> String {
    let end = text.floor_char_boundary(MOST);
    format!("\x1b]52;c;{}\x07", base64(&text.as_bytes()[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_sequence_and_a_long_one_its_beginning() {
        assert_eq!(sequence("foo"), "\x1b]52;c;Zm9v\x07");
        assert!(sequence(&"é".repeat(MOST)).len() < 100_100);
    }
}
