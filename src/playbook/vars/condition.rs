//! Conditions, taken apart into what the console can decide and what only the host will know. Decides nothing.

use std::ops::Range;

use super::template::{Trouble, place_of};

/// A condition, taken apart. Ranges are parts of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// All of them.
    All(Vec<Tree>),
    /// At least one of them.
    Any(Vec<Tree>),
    /// Not so.
    Not(Box<Tree>),
    /// An expression over facts and variables.
    Known(Range<usize>),
    /// The outcome of a step.
    Outcome(String, Test),
}

/// What is asked of an outcome. Texts are expressions over facts and variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It changed something.
    Changed,
    /// It failed.
    Failed,
    /// It was skipped.
    Skipped,
    /// Its exit status.
    Exit(u8),
    /// Its stdout is this.
    StdoutIs(Range<usize>),
    /// Its stdout holds this.
    StdoutHas(Range<usize>),
    /// Its stderr holds this.
    StderrHas(Range<usize>),
}

/// What can be asked of an outcome, for errors and the reference.
pub const FORMS: &str = "`x.changed`, `x.failed`, `x.skipped`, `x.rc == 0`, `x.stdout == 'text'`, `'text' in x.stdout` or `'text' in x.stderr`, joined by `and`, `or`, `not`";

/// Takes a condition apart; `outcomes` are the names under which outcomes are known.
pub fn parse(text: &str, outcomes: &[&str]) -> Result<Tree, Trouble> {
    Parser { text, outcomes }.any(0..text.len())
}

struct Parser<'a> {
    text: &'a str,
    outcomes: &'a [&'a str],
}

impl Parser<'_> {
    fn any(&self, range: Range<usize>) -> Result<Tree, Trouble> {
        if self.outcome_in(&range).is_none() {
            return Ok(Tree::Known(range));
        }
        let parts = self.split(&range, "or");
        if parts.len() > 1 {
            return parts.into_iter().map(|p| self.any(p)).collect::<Result<_, _>>().map(Tree::Any);
        }
        let parts = self.split(&range, "and");
        if parts.len() > 1 {
            return parts.into_iter().map(|p| self.any(p)).collect::<Result<_, _>>().map(Tree::All);
        }
        self.one(self.trimmed(range))
    }

    fn one(&self, range: Range<usize>) -> Result<Tree, Trouble> {
        let text = &self.text[range.clone()];
        if let Some(rest) =
            text.strip_prefix("not ").or_else(|| text.strip_prefix("not(").map(|_| &text[3..]))
        {
            let inner = range.end - rest.len()..range.end;
            return self.any(inner).map(|tree| Tree::Not(Box::new(tree)));
        }
        if text.starts_with('(') && closing(text) == Some(text.len() - 1) {
            return self.any(range.start + 1..range.end - 1);
        }
        let name = self.outcome_in(&range).unwrap_or_default();
        self.test(&name, &range).ok_or_else(|| Trouble {
            message: format!("`{name}` is only known on the host, which cannot decide `{text}`"),
            part: Some(range),
            unknown: None,
        })
    }

    fn test(&self, name: &str, range: &Range<usize>) -> Option<Tree> {
        let text = &self.text[range.clone()];
        let outcome = |test: Test| Tree::Outcome(name.to_owned(), test);
        let known = |at: Range<usize>| self.outcome_in(&at).is_none().then_some(at);
        if let Some((left, right)) = halves(text, "in") {
            let field = text[right.clone()].trim().strip_prefix(name)?;
            let (negated, left) = match text[left.clone()].trim_end().strip_suffix(" not") {
                Some(value) => (true, left.start..left.start + value.len()),
                None => (false, left),
            };
            let wanted = known(range.start + left.start..range.start + left.end)?;
            let tree = match field {
                ".stdout" => outcome(Test::StdoutHas(wanted)),
                ".stderr" => outcome(Test::StderrHas(wanted)),
                _ => return None,
            };
            return Some(if negated { Tree::Not(Box::new(tree)) } else { tree });
        }
        if let Some((left, right)) = halves(text, "==").or_else(|| halves(text, "!=")) {
            let right_at = range.start + right.start..range.start + right.end;
            let tree = match text[left].trim().strip_prefix(name)? {
                ".rc" => outcome(Test::Exit(text[right].trim().parse().ok()?)),
                ".stdout" => outcome(Test::StdoutIs(known(right_at)?)),
                _ => return None,
            };
            let negated = halves(text, "==").is_none();
            return Some(if negated { Tree::Not(Box::new(tree)) } else { tree });
        }
        match text.strip_prefix(name)? {
            ".changed" => Some(outcome(Test::Changed)),
            ".failed" => Some(outcome(Test::Failed)),
            ".skipped" => Some(outcome(Test::Skipped)),
            _ => None,
        }
    }

    /// The outcome that this part speaks of.
    fn outcome_in(&self, range: &Range<usize>) -> Option<String> {
        let plain = unquoted(&self.text[range.clone()]);
        let found = self.outcomes.iter().find(|name| place_of(name, &plain).is_some());
        found.map(|name| (*name).to_owned())
    }

    /// The parts between the word, where it stands outside of quotes and brackets.
    fn split(&self, range: &Range<usize>, word: &str) -> Vec<Range<usize>> {
        let text = &self.text[range.clone()];
        let mut parts = Vec::new();
        let mut from = 0;
        for at in standing(text, word) {
            parts.push(range.start + from..range.start + at);
            from = at + word.len();
        }
        parts.push(range.start + from..range.end);
        parts
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }
}

/// The two sides of a word or sign that stands once outside of quotes and brackets.
fn halves(text: &str, sign: &str) -> Option<(Range<usize>, Range<usize>)> {
    let at = match standing(text, sign).as_slice() {
        [at] => *at,
        _ => return None,
    };
    Some((0..at, at + sign.len()..text.len()))
}

/// Where a word or sign stands outside of quotes and brackets.
fn standing(text: &str, word: &str) -> Vec<usize> {
    let plain = unquoted(text);
    let bytes = plain.as_bytes();
    let is_word = word.starts_with(|c: char| c.is_alphabetic());
    let in_name = |at: Option<&u8>| at.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let mut depth = 0_i32;
    let mut found = Vec::new();
    for at in 0..bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let alone = !is_word || !in_name(before) && !in_name(bytes.get(at + word.len()));
        if depth == 0 && bytes[at..].starts_with(word.as_bytes()) && alone {
            found.push(at);
        }
    }
    found
}

/// The text with what stands in quotes blanked, byte for byte.
fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut escaped = false;
    for c in text.chars() {
        let inside = quote.is_some();
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
        if inside || quote.is_some() {
            out.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            out.push(c);
        }
    }
    out
}

/// Where the bracket that opens the text is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    unquoted(text).bytes().position(|b| {
        depth += i32::from(b == b'(') - i32::from(b == b')');
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Tree {
        parse(text, &["build", "this"]).unwrap()
    }

    fn build(test: Test) -> Tree {
        Tree::Outcome("build".into(), test)
    }

    #[test]
    fn what_the_console_can_decide_stays_whole() {
        assert_eq!(tree("facts.a == 'build.rc' or x and y"), Tree::Known(0..32));
        assert_eq!(tree("rebuild.changed"), Tree::Known(0..15));
    }

    #[test]
    fn an_outcome_is_asked_by_a_closed_set_of_forms() {
        assert_eq!(tree("build.changed"), build(Test::Changed));
        assert_eq!(tree("not build.failed"), Tree::Not(Box::new(build(Test::Failed))));
        assert_eq!(tree("build.rc != 3"), Tree::Not(Box::new(build(Test::Exit(3)))));
        assert_eq!(tree("'a in b' in build.stdout"), build(Test::StdoutHas(0..9)));
        let not = tree("'x' not in build.stderr");
        assert_eq!(not, Tree::Not(Box::new(build(Test::StderrHas(0..3)))));
    }

    #[test]
    fn both_kinds_can_be_joined() {
        let mixed = tree("x == 1 and (build.rc == 0 or this.changed)");
        let this = Tree::Outcome("this".into(), Test::Changed);
        let any = Tree::Any(vec![build(Test::Exit(0)), this]);
        assert_eq!(mixed, Tree::All(vec![Tree::Known(0..7), any]));
    }

    #[test]
    fn what_the_host_cannot_decide_is_refused_with_its_place() {
        for text in
            ["build.stdout | length > 3", "build.rc > 1", "build", "build.changed == this.changed"]
        {
            let trouble = parse(text, &["build", "this"]).unwrap_err();
            assert_eq!(trouble.part, Some(0..text.len()), "{text}");
        }
    }
}
