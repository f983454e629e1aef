//! A command for a host: words, each quoted. Interprets nothing.

use crate::text::quote;

use super::error::ReachError;

/// Longest command line we send: the kernel takes 128 KiB per argument, and the rest of the line
/// needs room as well. What is longer belongs on stdin.
const LONGEST: usize = 120 * 1024;

/// A command: a program and its arguments, passed on as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    words: Vec<String>,
}

impl Command {
    /// A program without arguments yet.
    pub fn new(program: impl Into<String>) -> Self {
        Self { words: vec![program.into()] }
    }

    /// A line of POSIX sh. Further arguments become `$1`, `$2`…
    pub fn sh(line: impl Into<String>) -> Self {
        Self::new("sh").arg("-c").arg(line).arg("sh")
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, word: impl Into<String>) -> Self {
        self.words.push(word.into());
        self
    }

    /// With more arguments.
    #[must_use]
    pub fn args<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.words.extend(words.into_iter().map(Into::into));
        self
    }

    /// Program and arguments.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The text, where the command is nothing but a line of POSIX sh.
    pub(super) fn text(&self) -> Option<&str> {
        match self.words.as_slice() {
            [sh, flag, text, name] if (&**sh, &**flag, &**name) == ("sh", "-c", "sh") => Some(text),
            _ => None,
        }
    }

    /// The command as one line that any POSIX shell reads as exactly these words.
    pub(super) fn line(&self) -> Result<String, ReachError> {
        let refuse = |what: &str| Err(ReachError::Command { what: what.to_owned() });
        let words: Option<Vec<String>> = self.words.iter().map(|word| quote(word)).collect();
        let Some(words) = words else {
            return refuse("a command cannot carry a NUL byte: send such data on stdin");
        };
        let line = words.join(" ");
        if line.len() > LONGEST {
            return refuse("the command is too long for one argument: send its data on stdin");
        }
        Ok(line)
    }
}

/// A line of POSIX shell as one word that every login shell reads alike, fish and csh included: what they would read in
/// their own ways is written as `printf` has it. `None`: they read the line alike as it is.
pub(super) fn coded(line: &str) -> Option<String> {
    // A line holds a backslash where a value holds a quote.
    let is_alike = |byte: u8| (b' '..=b'~').contains(&byte) && !b"\\!".contains(&byte);
    if line.bytes().all(is_alike) {
        return None;
    }
    let mut word = String::with_capacity(line.len() + line.len() / 4);
    for byte in line.bytes() {
        match byte {
            b'\n' => word.push_str("\\n"),
            b'%' => word.push_str("%%"),
            byte if is_alike(byte) && byte != b'\'' => word.push(char::from(byte)),
            byte => word.push_str(&format!("\\{byte:03o}")),
        }
    }
    Some(format!("'{word}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shells_read_differently_is_coded() {
        let coded = |line| super::coded(&Command::sh(line).line().unwrap());
        assert_eq!(coded("printf '%s' a").map(|word| word.contains("047%%s")), Some(true));
        assert_eq!(coded("exec cat $HOME; `id` {a,b} ~ ^ * %"), None);
        for odd in ["a\nb", "a!", "a\\b", "it's", "\t", "ä"] {
            let word = coded(odd).unwrap();
            let inside = &word[1..word.len() - 1];
            assert!(inside.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'\'' && b != b'!'));
        }
    }

    #[test]
    fn what_no_argument_can_carry_is_refused() {
        assert!(Command::new("a\0b").line().is_err());
        assert!(Command::sh("x".repeat(200_000)).line().is_err());
    }
}
