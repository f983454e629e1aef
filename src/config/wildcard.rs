//! Wildcards as ssh and shells have them: `*` any characters, `?` one. Case matters, as there.

/// Whether `text` has the form of `pattern`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last `*` stood and how much it has taken: on a mismatch it takes one more.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            (p, t) = (at + 1, taken + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether the text is a wildcard at all.
pub(super) fn is_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_match_as_in_a_shell() {
        for (pattern, text) in
            [("*", ""), ("alder-*", "alder-07"), ("a?c", "abc"), ("*a*b", "xaxaxb"), ("a**", "a")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("a?", "a"), ("a*", "Ab"), ("alder-*", "elder-1"), ("*a*b", "xaxc")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
        // Polynomial at worst, where a backtracking matcher would not come back.
        assert!(!matches(&"*a".repeat(50), &"a".repeat(49)));
    }
}
