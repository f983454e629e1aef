//! A key as people write it: `r`, `G`, `enter`, `ctrl-l`. Knows no action.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with what is held down beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
    alt: bool,
}

/// Keys with a name of more than one letter.
const NAMED: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("delete", KeyCode::Delete),
    ("backspace", KeyCode::Backspace),
];

impl Key {
    /// The key that was pressed.
    pub fn of(event: &KeyEvent) -> Self {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        // A capital letter tells by itself that shift was held.
        Self { code: event.code, ctrl, alt }
    }

    /// The key of that name, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut rest, mut ctrl, mut alt) = (text, false, false);
        loop {
            match rest.split_once('-') {
                Some(("ctrl", after)) if !after.is_empty() => (rest, ctrl) = (after, true),
                Some(("alt", after)) if !after.is_empty() => (rest, alt) = (after, true),
                _ => break,
            }
        }
        let code = code(rest)?;
        Some(Self { code, ctrl, alt })
    }

    /// The letter it writes, where it writes one.
    pub fn letter(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if !self.ctrl && !self.alt => Some(letter),
            _ => None,
        }
    }
}

fn code(name: &str) -> Option<KeyCode> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return (!letter.is_control()).then_some(KeyCode::Char(letter));
    }
    if let Some((_, code)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*code);
    }
    let number = name.strip_prefix('f')?.parse().ok()?;
    (1..=12).contains(&number).then_some(KeyCode::F(number))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = String::new();
        if self.ctrl {
            name.push_str("ctrl-");
        }
        if self.alt {
            name.push_str("alt-");
        }
        match (NAMED.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((known, _)), _) => name.push_str(known),
            (None, KeyCode::Char(letter)) => name.push(letter),
            (None, KeyCode::F(number)) => name.push_str(&format!("f{number}")),
            (None, _) => name.push('?'),
        }
        f.pad(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_as_it_is_written() {
        for name in ["r", "G", "?", "-", "ctrl-l", "alt-x", "ctrl--", "enter", "space", "f12", "é"]
        {
            assert_eq!(Key::parse(name).map(|key| key.to_string()).as_deref(), Some(name));
        }
        for odd in ["", "hyper-x", "ctrl-", "f13", "enterr", "ab"] {
            assert_eq!(Key::parse(odd), None, "{odd}");
        }
    }
}
