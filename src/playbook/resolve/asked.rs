//! Where a shell script asks for something by `secret NAME` or `output NAME`. Knows no values and runs no shell.

use std::ops::Range;

/// A command of ours that scripts may use, which prints what a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `secret NAME`.
    Secret,
    /// `output NAME`: what an earlier step printed.
    Output,
}

impl Command {
    fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Output => "output",
        }
    }
}

/// Where a script asks for any of these names, each with the name.
pub fn all_asked<'n>(
    command: Command,
    script: &str,
    names: &[&'n str],
) -> Vec<(Range<usize>, &'n str)> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let found = script.match_indices(command.word()).filter_map(|(at, word)| {
        let rest = &script[at + word.len()..];
        let name = rest.trim_start_matches([' ', '\t']);
        let end = name.find(|c| !is_word(c)).unwrap_or(name.len());
        let alone = !script[..at].ends_with(is_word) && name.len() < rest.len();
        let length = rest.len() - name.len() + end;
        let known = names.iter().find(|known| **known == &name[..end])?;
        alone.then(|| (at..at + word.len() + length, *known))
    });
    found.collect()
}

/// The first place where a script asks for any of these names.
pub fn asked_for(command: Command, script: &str, names: &[&str]) -> Option<Range<usize>> {
    all_asked(command, script, names).into_iter().next().map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_asked_for_by_a_word_and_a_known_name() {
        let found = |script: &str| {
            let place = asked_for(Command::Secret, script, &["key", "tok"]);
            place.map(|place| script[place].to_owned())
        };
        assert_eq!(found("secret tok | docker login"), Some("secret tok".into()));
        assert_eq!(found("x=\"$(secret  key)\""), Some("secret  key".into()));
        for script in ["secret other", "secrets tok", "my-secret tok", "secret", "secret toks"] {
            assert_eq!(found(script), None, "{script}");
        }
    }

    #[test]
    fn all_outputs_that_are_asked_for_are_found() {
        let script = "[ \"$(output a)\" = \"$(output b)\" ] && output c";
        let names: Vec<&str> = all_asked(Command::Output, script, &["a", "b"])
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(names, ["a", "b"]);
    }
}
