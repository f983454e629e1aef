//! A text broken into lines between its words.

use unicode_width::UnicodeWidthStr;

/// The text in lines of at most that width; a word that is longer gets a line of its own.
pub fn wrapped(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(
            wrapped("folders, permissions and mirroring", 14),
            ["folders,", "permissions", "and mirroring"]
        );
        assert!(wrapped("  ", 10).is_empty());
    }
}
