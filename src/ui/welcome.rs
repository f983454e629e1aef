//! Where there is no inventory: a host is typed in, or practice hosts are taken. Writes nothing by itself.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::{Role, Theme};

use super::effect::{Effect, NewHost, Wish};
use super::fit::{below, inset, line};
use super::model::Model;
use super::typing::{Typed, Typing};

/// What is asked about a host.
const FIELDS: [(&str, &str); 3] = [
    ("name", "as you call it here: phantom"),
    ("address", "a name or an IP address; empty: the name itself"),
    ("user", "who logs in there; empty: as your ssh configuration says"),
];

/// What was typed so far.
#[derive(Debug, Default)]
pub struct Welcome {
    form: Option<Vec<Typing>>,
}

impl Welcome {
    /// Takes a text that was pasted.
    pub fn paste(&mut self, text: &str) {
        if let Some(field) = self.form.as_mut().and_then(|form| form.last_mut()) {
            field.paste(text);
        }
    }

    /// Draws it.
    pub fn draw(&self, place: &str, theme: Theme, area: Rect, buf: &mut Buffer) {
        let mut at = inset(below(area, area.height / 6), 8.min(area.width / 8));
        let mut tell = |parts: &[(&str, Role)]| {
            line(buf, at, theme, parts);
            at = below(at, 1);
        };
        tell(&[("THERE IS NO HOST YET", Role::Heading)]);
        tell(&[]);
        tell(&[("an inventory is looked for in ", Role::Label), (place, Role::Text)]);
        tell(&[]);
        match &self.form {
            None => {
                tell(&[("a", Role::Key), ("   add a machine you can reach over ssh", Role::Text)]);
                tell(&[
                    ("p", Role::Key),
                    ("   practise on two hosts in copies of this machine", Role::Text),
                ]);
                tell(&[("q", Role::Key), ("   leave", Role::Text)]);
            }
            Some(form) => {
                for ((label, help), typed) in FIELDS.iter().zip(form) {
                    let label = format!("{label:<10}");
                    tell(&[
                        (&label, Role::Label),
                        (typed.text(), Role::Selected),
                        ("█", Role::Accent),
                    ]);
                    tell(&[("          ", Role::Label), (help, Role::Faint)]);
                    tell(&[]);
                }
            }
        }
    }
}

impl Model {
    /// A key while there is no inventory.
    pub(super) fn press_welcome(&mut self, event: &KeyEvent) -> Vec<Effect> {
        let Some(form) = &mut self.welcome.form else {
            match event.code {
                KeyCode::Char('a') => self.welcome.form = Some(vec![Typing::default()]),
                KeyCode::Char('p') => return vec![Effect::Do(Wish::Practise)],
                KeyCode::Char('q' | 'Q' | 'c') => return vec![Effect::Leave],
                _ => {}
            }
            return Vec::new();
        };
        match form.last_mut().map(|field| field.press(event)) {
            Some(Typed::GivenUp) => self.welcome.form = None,
            Some(Typed::Done) if form.len() < FIELDS.len() => form.push(Typing::default()),
            Some(Typed::Done) => {
                let text =
                    |at: usize| form.get(at).map(|f| f.text().to_owned()).unwrap_or_default();
                let host = NewHost { name: text(0), address: text(1), user: text(2) };
                self.welcome.form = None;
                return vec![Effect::Do(Wish::Add(Box::new(host)))];
            }
            _ => {}
        }
        Vec::new()
    }
}
