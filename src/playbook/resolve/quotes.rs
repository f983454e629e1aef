//! Whether a value in a shell script was put in quotes, which would quote it twice. Runs no shell.

use std::ops::Range;

/// The first `{{ }}` that stands in quotes.
pub fn in_quotes(script: &str) -> Option<Range<usize>> {
    let mut reader = Reader { quote: None, outer: Vec::new(), before: '\n' };
    let mut at = 0;
    while let Some(c) = script[at..].chars().next() {
        let rest = &script[at..];
        let length = if rest.starts_with("{{") {
            let length = rest.find("}}").map_or(rest.len(), |end| end + 2);
            if reader.quote.is_some() {
                return Some(at..at + length);
            }
            length
        } else if rest.starts_with("{%") || rest.starts_with("{#") {
            rest.find('}').map_or(rest.len(), |end| end + 1)
        } else {
            reader.read(c, rest)
        };
        reader.before = c;
        at += length;
    }
    None
}

/// What a shell would make of the quotes so far.
struct Reader {
    /// The quote that is open.
    quote: Option<char>,
    /// The quotes around each bracket that is open.
    outer: Vec<Option<char>>,
    before: char,
}

impl Reader {
    /// Takes in the next character and tells how many bytes it and what it covers have.
    fn read(&mut self, c: char, rest: &str) -> usize {
        let one = c.len_utf8();
        match (self.quote, c) {
            (Some('\''), '\'') => self.quote = None,
            (Some('\''), _) => {}
            (_, '\\') => return one + rest[one..].chars().next().map_or(0, char::len_utf8),
            (open, '$') if rest.starts_with("$(") => {
                self.outer.push(open);
                self.quote = None;
                return 2;
            }
            (None, '(') => self.outer.push(None),
            (None, ')') => self.quote = self.outer.pop().flatten(),
            (Some(open), _) if c == open => self.quote = None,
            (None, '\'' | '"') => self.quote = Some(c),
            (None, '#') if self.before.is_whitespace() => {
                return rest.find('\n').unwrap_or(rest.len());
            }
            _ => {}
        }
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_quotes_is_found_and_one_outside_is_not() {
        let found = |script: &str| in_quotes(script).map(|range| script[range].to_owned());
        assert_eq!(found("cp \"{{ a }}\" b"), Some("{{ a }}".into()));
        assert_eq!(found("cp '{{ a }}' b"), Some("{{ a }}".into()));
        assert_eq!(found("test \"$(f x) {{ a }}\""), Some("{{ a }}".into()));
        for script in [
            "cp {{ a }}/b 'c'",
            "# it's\ncp {{ a }}",
            "echo \\\" {{ a }}",
            "echo 'x'{{ a }}\"y\"",
            "{% if b == \"c\" %}{{ a }}{% endif %}",
            "test \"$(f {{ a }} 'x')\" = {{ b }}",
        ] {
            assert_eq!(found(script), None, "{script}");
        }
    }
}
