//! The line that parts a command's own output from what login scripts printed before it. Pure.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};

use crate::text::inert;

use super::command::{Command, coded};
use super::error::ReachError;

/// What is kept of what login scripts print.
const CHATTER: usize = 64 * 1024;
/// What login scripts may print; more than this is taken for a command that never starts.
const ENDLESS: usize = 1024 * 1024;

/// Prints the word and the pid.
const TELL: &str = r#"printf "%s %s\n" "$1" "$$""#;

/// Waits for a random word on a line and lets through what follows that line.
#[derive(Debug)]
pub(super) struct Preamble {
    token: String,
    before: BytesMut,
    dropped: usize,
    line: Option<String>,
}

impl Preamble {
    /// A new one, with a word nobody can guess.
    pub(super) fn new() -> Self {
        let token = format!("shelter-{:032x}", rand::random::<u128>());
        Self { token, before: BytesMut::new(), dropped: 0, line: None }
    }

    /// The line for a shell that prints the word and then becomes the command, or is it already.
    ///
    /// Whatever the login shell is, fish and csh included, it reads this as plain words; the sh in
    /// between costs half a millisecond and is what knows the pid.
    pub(super) fn wrap(&self, command: &Command) -> Result<String, ReachError> {
        let (token, line) = (&self.token, command.line()?);
        let sh = |then: &str, word: &str| format!("exec sh -c '{TELL}; {then}' sh {token} {word}");
        Ok(match (command.text().and_then(coded), coded(&line)) {
            (Some(text), _) => sh(r#"eval "set --; $(printf "$2")""#, &text),
            (None, None) => sh(r#"shift; exec "$@""#, &line),
            (None, Some(word)) => sh(r#"eval "exec $(printf "$2")""#, &word),
        })
    }

    /// Whether the command has begun.
    pub(super) fn is_over(&self) -> bool {
        self.line.is_some()
    }

    /// Whether so much was printed that the command will not begin any more.
    pub(super) fn is_endless(&self) -> bool {
        !self.is_over() && self.dropped > ENDLESS
    }

    /// The command's pid, once it has begun.
    pub(super) fn pid(&self) -> Option<u32> {
        self.line.as_deref()?.parse().ok()
    }

    /// Takes output in and gives back what is the command's own.
    pub(super) fn feed(&mut self, data: Bytes) -> Bytes {
        if self.line.is_some() {
            return data;
        }
        self.before.extend_from_slice(&data);
        let Some(at) = find(&self.before, self.token.as_bytes()) else {
            let keep = self.token.len();
            if self.before.len() > CHATTER {
                let surplus = self.before.len() - keep;
                self.before.advance(surplus);
                self.dropped += surplus;
            }
            return Bytes::new();
        };
        let rest = at + self.token.len();
        let Some(end) = self.before[rest..].iter().position(|b| *b == b'\n') else {
            return Bytes::new();
        };
        let line = String::from_utf8_lossy(&self.before[rest..rest + end]).trim().to_owned();
        self.line = Some(line);
        let mut own = std::mem::take(&mut self.before).freeze();
        own.advance(rest + end + 1);
        own
    }

    /// Why the command never began behind a login, as far as what was printed tells.
    pub(super) fn never_began(&self, after: Duration) -> ReachError {
        let within = match self.is_endless() {
            true => "its start files print without end".to_owned(),
            false => format!("nothing had begun after {} s", after.as_secs_f32()),
        };
        let said = match self.said() {
            said if said.is_empty() => within,
            said => format!("{within}; it says: {said}"),
        };
        ReachError::Shell { said }
    }

    /// The same where nothing but a command stands before it.
    pub(super) fn silence(&self, after: Duration) -> String {
        let after = after.as_secs_f32();
        match self.said() {
            said if self.is_endless() => format!("it prints without end: {said}"),
            said if said.is_empty() => format!("it said nothing for {after} s"),
            said => format!("after {after} s it had said only: {said}"),
        }
    }

    /// What was printed in place of the command's output, on one line without control characters.
    pub(super) fn said(&self) -> String {
        one_line(&self.before)
    }
}

/// Remote bytes as one line that is safe to show, at most 200 characters of it.
pub(super) fn one_line(bytes: &[u8]) -> String {
    let text = inert(bytes);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(200).collect()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|w| w == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chatter_is_dropped_however_the_bytes_are_cut() {
        let mut whole = Preamble::new();
        let text = format!("Welcome!\n{} 42\nown\0 output", whole.token);
        assert_eq!(&whole.feed(Bytes::from(text.clone()))[..], b"own\0 output");
        assert_eq!(whole.pid(), Some(42));

        let mut pieces = Preamble { token: whole.token, ..Preamble::new() };
        let own: Vec<u8> = text
            .into_bytes()
            .into_iter()
            .flat_map(|b| pieces.feed(Bytes::copy_from_slice(&[b])).to_vec())
            .collect();
        assert_eq!(own, b"own\0 output");
    }

    #[test]
    fn endless_chatter_keeps_no_more_than_a_bound() {
        let mut preamble = Preamble::new();
        for _ in 0..1000 {
            assert!(preamble.feed(Bytes::from_static(&[b'x'; 4096])).is_empty());
            assert!(preamble.before.len() <= CHATTER + 4096);
        }
        assert!(!preamble.is_over());
        assert!(preamble.is_endless());
    }

    #[test]
    fn what_was_said_instead_is_one_harmless_line() {
        let mut preamble = Preamble::new();
        preamble.feed(Bytes::from_static(b"This account is\r\n\x1b[31mnot available.\n"));
        assert_eq!(preamble.said(), "This account is not available.");
    }
}
