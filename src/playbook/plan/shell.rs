//! Shell text, and the only way values get into it. Nothing here runs a shell.

use std::fmt;

use crate::text;

/// Shell text in which every value was quoted by [`quote`].
///
/// It begins as text of our own (`&'static str`), so that nothing from a playbook, an inventory or a host
/// can become one without passing through the quoting.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sh(String);

/// Why a value cannot become part of shell text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShError {
    /// No argument, variable or file name of a Unix system can hold a NUL.
    #[error("`{0}` holds a NUL character, which no shell can pass on")]
    Nul(String),
    /// The template names a value that was not given: a mistake in this program.
    #[error("shell template has no value for `{0}`")]
    Missing(String),
}

/// What becomes of an exit status that is one of the runner's own words.
const OURS: &str =
    "10 | 11 | 12) echo \"this check ended with $1, which is told as 2\" >&2; return 2 ;;";

/// The value as one word of POSIX shell, whatever is in it; the word may still begin with a dash.
pub fn quote(value: &str) -> Result<String, ShError> {
    text::quote(value).ok_or_else(|| ShError::Nul(value.replace('\0', "\u{2400}")))
}

/// Whether somebody else's shell text only looks, by a builtin that leaves its shell as it was: it needs none of its own.
pub fn is_look(text: &str) -> bool {
    let looks = ["true", "false", "test ", "command -v "];
    let only_words = text.split('\'').step_by(2).all(|part| {
        part.bytes().all(|b| b.is_ascii_alphanumeric() || b" /._-+@,:=%!".contains(&b))
    });
    let whole = text.matches('\'').count().is_multiple_of(2);
    whole
        && only_words
        && looks
            .iter()
            .any(|look| text == look.trim() || text.starts_with(look) && look.ends_with(' '))
}

impl Sh {
    /// Text of our own, without values.
    pub fn text(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Text of our own in which each `{{name}}` is replaced by the quoted value of that name.
    ///
    /// Values that are file names and might begin with a dash are the template's business: write `-- {{path}}`.
    pub fn of(template: &'static str, values: &[(&str, &str)]) -> Result<Self, ShError> {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, tail) = after.split_once("}}").ok_or(ShError::Missing(after.to_owned()))?;
            let value = values.iter().find(|(n, _)| *n == name);
            let (_, value) = value.ok_or_else(|| ShError::Missing(name.to_owned()))?;
            out.push_str(before);
            out.push_str(&quote(value)?);
            rest = tail;
        }
        out.push_str(rest);
        Ok(Self(out))
    }

    /// A command of our own with quoted arguments.
    pub fn call<'a>(
        command: &'static str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ShError> {
        words(command.to_owned(), args)
    }

    /// The function of ours that is one leg of a resource, `NAME_LEG`, with quoted arguments.
    pub fn call_leg<'a>(
        name: &'static str,
        leg: &'static str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ShError> {
        words(format!("{name}_{leg}"), args)
    }

    /// Somebody else's shell text, kept from breaking the text around it: it is evaluated as a value.
    pub fn script(text: &str) -> Result<Self, ShError> {
        Ok(Self(format!("eval {}", quote(text)?)))
    }

    /// Somebody else's shell text as a check: its exit status 1 says unmet, any other but 0 an error, and is told as it is.
    /// One that means something else here is told as 2, and what it was in what the check says.
    pub fn check_script(text: &str) -> Result<Self, ShError> {
        let run = format!("eval {}", quote(text)?);
        let run = if is_look(text) { run } else { format!("( {run} )") };
        Ok(Self(format!(
            "{run} || {{\nset -- $?\ncase $1 in 1) return 10 ;; {OURS} esac\nreturn $1; }}"
        )))
    }

    /// Somebody else's shell text as a test: no exit status of it means that this host cannot be so.
    pub fn test_script(text: &str) -> Result<Self, ShError> {
        let run = format!("eval {}", quote(text)?);
        if is_look(text) {
            return Ok(Self(run));
        }
        Ok(Self(format!("( {run} )\nset -- $?\ncase $1 in {OURS} esac\nreturn \"$1\"")))
    }

    /// A command that writes exactly these bytes to its stdout, without a process of its own.
    pub fn bytes(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes).ok().and_then(|text| quote(text).ok()) {
            Some(word) => Self(format!("printf %s {word}")),
            None => Self(format!("printf %b '{}'", octal(bytes))),
        }
    }

    /// Both texts, the second on a line of its own.
    #[must_use]
    pub fn then(mut self, next: &Self) -> Self {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(&next.0);
        self
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, taken out.
    pub fn into_text(self) -> String {
        self.0
    }
}

impl fmt::Display for Sh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Sh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sh({})", self.0)
    }
}

fn words<'a>(mut command: String, args: impl IntoIterator<Item = &'a str>) -> Result<Sh, ShError> {
    for arg in args {
        command.push(' ');
        command.push_str(&quote(arg)?);
    }
    Ok(Sh(command))
}

/// Bytes for `printf %b`: plain ones as they are, the others as `\0ooo`.
fn octal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        let plain = matches!(byte, b'\n' | b' '..=b'~') && !matches!(byte, b'\'' | b'\\');
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("\\0{byte:03o}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_quotes() {
        assert_eq!(quote("it's $(x) `y`").as_deref(), Ok(r"'it'\''s $(x) `y`'"));
        assert!(matches!(quote("a\0b"), Err(ShError::Nul(_))));
    }

    #[test]
    fn only_builtins_and_plain_words_are_looks() {
        for text in ["true", "test -d /etc", "test 'a b' = 'it;$(x)'", "command -v cmake"] {
            assert!(is_look(text), "{text}");
        }
        for text in [
            "truely",
            "exit 1",
            "test -d /etc; exit 1",
            "test -d $(x)",
            "test -d *",
            "test '",
            "true\nexit",
            "test a > b",
            "test a & b",
            "test \"$x\"",
            "cd /etc",
            "command rm x",
            "testing x",
        ] {
            assert!(!is_look(text), "{text}");
        }
    }

    #[test]
    fn a_template_takes_values_by_name_and_only_those() {
        let sh = Sh::of("[ -d {{p}} ] && rmdir -- {{p}}", &[("p", "a b")]);
        assert_eq!(sh.unwrap().as_str(), "[ -d 'a b' ] && rmdir -- 'a b'");
        assert_eq!(Sh::of("{{q}}", &[("p", "")]), Err(ShError::Missing("q".into())));
        let braces = Sh::of("echo {{p}}", &[("p", "{{q}}")]);
        assert_eq!(braces.unwrap().as_str(), "echo '{{q}}'");
    }

    #[test]
    fn bytes_that_are_no_text_are_written_in_octal() {
        assert_eq!(Sh::bytes(b"a'b\n").as_str(), "printf %s 'a'\\''b\n'");
        assert_eq!(Sh::bytes(b"a\0\xff'\\").as_str(), r"printf %b 'a\0000\0377\0047\0134'");
    }
}
