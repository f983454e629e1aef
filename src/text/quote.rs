//! Words for a POSIX shell. The one place where values become shell text.

/// The value as one word of POSIX shell, whatever is in it; the word may still begin with a dash.
/// `None`: it holds a NUL, which no argument, variable or file name of a Unix system can hold.
pub fn quote(value: &str) -> Option<String> {
    (!value.contains('\0')).then(|| format!("'{}'", value.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_exactly_the_words_that_were_quoted() {
        let words =
            ["", "a b", "-n", "it's", "$(id)`id`", "a\nb", "\\", "*", "~", "!!", "ä€", "\t"];
        for word in words {
            let line = format!("printf '%s' {}", quote(word).unwrap());
            let run = std::process::Command::new("sh").arg("-c").arg(line).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&run.stdout), word);
        }
        assert_eq!(quote("a\0b"), None);
    }
}
