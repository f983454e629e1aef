//! Where a shell script asks for a secret by `secret NAME`. Knows no secret and runs no shell.

use std::ops::Range;

/// The first `secret NAME` of one of these names.
pub fn asked_for(script: &str, names: &[&str]) -> Option<Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    script.match_indices("secret").map(|(at, word)| at..at + word.len()).find_map(|word| {
        let rest = &script[word.end..];
        let name = rest.trim_start_matches([' ', '\t']);
        let end = name.find(|c| !is_word(c)).unwrap_or(name.len());
        let alone = !script[..word.start].ends_with(is_word) && name.len() < rest.len();
        let length = rest.len() - name.len() + end;
        (alone && names.contains(&&name[..end])).then(|| word.start..word.end + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_asked_for_by_a_word_and_a_known_name() {
        let found = |script: &str| asked_for(script, &["key", "tok"]).map(|r| script[r].to_owned());
        assert_eq!(found("secret tok | docker login"), Some("secret tok".into()));
        assert_eq!(found("x=\"$(secret  key)\""), Some("secret  key".into()));
        for script in ["secret other", "secrets tok", "my-secret tok", "secret", "secret toks"] {
            assert_eq!(found(script), None, "{script}");
        }
    }
}
