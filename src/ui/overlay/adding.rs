//! A machine that is typed in, to stand in the inventory from then on. Writes nothing by itself.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Overlay;
use super::sheet::lay;
use crate::fleet::HostName;
use crate::theme::{Role, Theme};
use crate::ui::effect::{Effect, NewHost, Wish};
use crate::ui::fit::{below, line};
use crate::ui::model::Model;
use crate::ui::typing::{Typed, Typing};

/// What is asked about a host, and how each is meant.
const FIELDS: [(&str, &str); 3] = [
    ("name", "as you call it here: phantom"),
    ("address", "a name or an IP address, maybe with a :port; empty: the name itself"),
    ("user", "who logs in there; empty: as your ssh configuration says"),
];
/// The columns of what is asked.
const LABEL: usize = 10;

/// What was typed so far.
#[derive(Default)]
pub struct Adding {
    fields: [Typing; 3],
    at: usize,
    wrong: Option<String>,
}

impl Adding {
    /// Takes a text that was pasted.
    pub fn paste(&mut self, text: &str) {
        self.fields[self.at].paste(text);
    }

    /// To the field before or the one behind.
    fn go(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(FIELDS.len() - 1);
    }

    /// The host, once all of it was typed.
    fn done(&mut self) -> Option<NewHost> {
        let text = |at: usize| self.fields[at].text().trim().to_owned();
        if let Err(error) = HostName::new(text(0)) {
            (self.wrong, self.at) = (Some(error.to_string()), 0);
            return None;
        }
        self.wrong = None;
        if self.at + 1 < FIELDS.len() {
            self.at += 1;
            return None;
        }
        Some(NewHost { name: text(0), address: text(1), user: text(2) })
    }

    /// Draws it.
    pub fn draw(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        let mut at = lay(buf, area, theme, (80, 10), "ADD A HOST");
        for (field, ((label, help), typed)) in FIELDS.iter().zip(&self.fields).enumerate() {
            let here = field == self.at;
            let label = format!("{label:<LABEL$}");
            let (role, cursor) = if here { (Role::Selected, "█") } else { (Role::Text, "") };
            let parts =
                [(label.as_str(), Role::Label), (typed.text(), role), (cursor, Role::Accent)];
            line(buf, at, theme, &parts);
            let said = match &self.wrong {
                Some(wrong) if field == 0 => (wrong.as_str(), Role::Warn),
                _ => (*help, Role::Faint),
            };
            let indent = " ".repeat(LABEL);
            line(buf, below(at, 1), theme, &[(&indent, Role::Label), said]);
            at = below(at, 3);
        }
        let next = if self.at + 1 == FIELDS.len() { " add it   " } else { " next   " };
        let keys = [("enter", Role::Key), (next, Role::Label), ("esc", Role::Key)];
        line(buf, at, theme, &[&keys[..], &[(" give up", Role::Label)]].concat());
    }
}

impl Model {
    /// A key while a host is typed in.
    pub(super) fn press_adding(&mut self, event: &KeyEvent) -> Vec<Effect> {
        let Some(Overlay::Adding(adding)) = &mut self.over else { return Vec::new() };
        match event.code {
            KeyCode::Up | KeyCode::BackTab => adding.go(-1),
            KeyCode::Down | KeyCode::Tab => adding.go(1),
            _ => match adding.fields[adding.at].press(event) {
                Typed::GivenUp => self.over = None,
                Typed::Done => {
                    if let Some(host) = adding.done() {
                        self.over = None;
                        return vec![Effect::Do(Wish::Add(Box::new(host)))];
                    }
                }
                Typed::Changed | Typed::Nothing => {}
            },
        }
        Vec::new()
    }
}
