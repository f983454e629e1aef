//! Whether a value in a shell script was put in quotes, which would quote it twice. Runs no shell.

use std::ops::Range;

/// The first `{{ }}` that stands in quotes, with its quotes' inner part.
pub fn in_quotes(script: &str) -> Option<Range<usize>> {
    let mut quote: Option<char> = None;
    let mut skip = 0;
    let mut before = '\n';
    for (at, c) in script.char_indices() {
        if at < skip {
            continue;
        }
        let rest = &script[at..];
        if rest.starts_with("{{") {
            let end = at + rest.find("}}").map_or(rest.len(), |end| end + 2);
            if quote.is_some() {
                return Some(at..end);
            }
            skip = end;
        } else if rest.starts_with("{%") || rest.starts_with("{#") {
            skip = at + rest.find(['}']).map_or(rest.len(), |end| end + 1);
        } else {
            match (quote, c) {
                (Some('\''), '\'') => quote = None,
                (Some('\''), _) => {}
                (_, '\\') => skip = at + 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                (Some(open), _) if c == open => quote = None,
                (None, '\'' | '"') => quote = Some(c),
                (None, '#') if before.is_whitespace() => {
                    skip = at + rest.find('\n').unwrap_or(rest.len());
                }
                _ => {}
            }
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_quotes_is_found_and_one_outside_is_not() {
        let found = |script: &str| in_quotes(script).map(|range| script[range].to_owned());
        assert_eq!(found("cp \"{{ a }}\" b"), Some("{{ a }}".into()));
        assert_eq!(found("cp '{{ a }}' b"), Some("{{ a }}".into()));
        for script in [
            "cp {{ a }}/b 'c'",
            "# it's\ncp {{ a }}",
            "echo \\\" {{ a }}",
            "echo 'x'{{ a }}\"y\"",
            "{% if b == \"c\" %}{{ a }}{% endif %}",
        ] {
            assert_eq!(found(script), None, "{script}");
        }
    }
}
