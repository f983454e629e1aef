//! A line of text that is being typed. Knows no meaning of it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroize;

/// Longer than any name or password; a paste beyond it is cut.
const MOST: usize = 1024;

/// What was typed so far. Its memory is wiped in the end: it may be a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typing {
    text: String,
}

/// What a key did to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It is longer or shorter now.
    Changed,
    /// It is finished.
    Done,
    /// It is given up.
    GivenUp,
    /// Nothing.
    Nothing,
}

impl Drop for Typing {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl Typing {
    /// A line that begins so.
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes a key.
    pub fn press(&mut self, event: &KeyEvent) -> Typed {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        match event.code {
            KeyCode::Enter => Typed::Done,
            KeyCode::Esc => Typed::GivenUp,
            KeyCode::Char('c') if ctrl => Typed::GivenUp,
            KeyCode::Char('u') if ctrl => {
                self.text.zeroize();
                Typed::Changed
            }
            KeyCode::Char(letter) if !ctrl => {
                self.paste(letter.encode_utf8(&mut [0; 4]));
                Typed::Changed
            }
            KeyCode::Backspace => {
                self.text.pop();
                Typed::Changed
            }
            _ => Typed::Nothing,
        }
    }

    /// Takes a text that was pasted: its first line, without what steers.
    pub fn paste(&mut self, text: &str) {
        let line = text.lines().next().unwrap_or_default();
        for letter in line.chars().filter(|letter| !letter.is_control()) {
            if self.text.len() + letter.len_utf8() > MOST {
                return;
            }
            self.text.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_paste_the_first_line_is_taken_and_no_more_than_fits() {
        let mut typing = Typing::of("a");
        typing.paste("b\x1b[2Jc\nsecond line");
        assert_eq!(typing.text(), "ab[2Jc");
        typing.paste(&"x".repeat(MOST * 2));
        assert_eq!(typing.text().len(), MOST);
    }
}
