//! Colour for the command line: when there is any, and what it means. Never the only carrier of a meaning.

use std::io::{IsTerminal, Write};

use crate::text::Style;
use crate::theme::{Role, report_code, word_code};

/// Whether and how a stream is coloured.
#[derive(Clone, Copy, Debug)]
pub struct Paint(Style);

/// What a word means.
#[derive(Clone, Copy, Debug)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Worth a look.
    Warn,
    /// Not as it should be.
    Bad,
    /// Left out on purpose.
    Cool,
    /// Beside the point.
    Muted,
    /// The word to look at.
    Strong,
}

impl Paint {
    /// For what goes to stdout.
    pub fn of_stdout() -> Self {
        Self::decide(std::io::stdout().is_terminal())
    }

    /// For what goes to stderr.
    pub fn of_stderr() -> Self {
        Self::decide(std::io::stderr().is_terminal())
    }

    /// `NO_COLOR` forbids, `CLICOLOR_FORCE` demands; otherwise a terminal is coloured and a pipe is not.
    fn decide(terminal: bool) -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let forced =
            set("CLICOLOR_FORCE") && !std::env::var("CLICOLOR_FORCE").is_ok_and(|v| v == "0");
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        let coloured = !set("NO_COLOR") && (forced || (terminal && !dumb));
        Self(if coloured { Style::Codes(report_code) } else { Style::Plain })
    }

    /// Without any colour.
    #[cfg(test)]
    pub fn plain() -> Self {
        Self(Style::Plain)
    }

    /// The style for reports.
    pub fn style(self) -> Style {
        self.0
    }

    /// A word in its tone.
    pub fn tone(self, tone: Tone, word: &str) -> String {
        match (self.0, word_code(tone.role())) {
            (Style::Codes(_), Some(code)) if !word.is_empty() => {
                format!("\x1b[{code}m{word}\x1b[0m")
            }
            _ => word.to_owned(),
        }
    }
}

impl Tone {
    fn role(self) -> Role {
        match self {
            Self::Good => Role::Good,
            Self::Warn => Role::Warn,
            Self::Bad => Role::Bad,
            Self::Cool => Role::Aside,
            Self::Muted => Role::Label,
            Self::Strong => Role::Heading,
        }
    }
}

/// Writes a text to stderr. There is nowhere to complain if that fails.
pub fn errors(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
