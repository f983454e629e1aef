//! Where there is no inventory: a host is added, or practice hosts are taken. Writes nothing by itself.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::{Role, Theme};

use super::action::Action;
use super::effect::{Effect, Wish};
use super::fit::{below, inset, line};
use super::model::Model;
use super::overlay::Overlay;
use super::update::READ_ONLY;

/// What there is to choose.
const CHOICES: [(&str, &str); 3] = [
    ("a", "add a machine that you reach over ssh"),
    ("p", "practise on two hosts, copies of this machine"),
    ("q", "leave"),
];

/// Draws it.
pub fn draw(place: &str, theme: Theme, area: Rect, buf: &mut Buffer) {
    let mut at = inset(below(area, area.height / 6), 8.min(area.width / 8));
    let mut tell = |parts: &[(&str, Role)]| {
        line(buf, at, theme, parts);
        at = below(at, 1);
    };
    tell(&[("THERE IS NO HOST YET", Role::Heading)]);
    tell(&[]);
    tell(&[("an inventory is looked for in ", Role::Label), (place, Role::Text)]);
    tell(&[]);
    for (key, says) in CHOICES {
        tell(&[(key, Role::Key), ("   ", Role::Label), (says, Role::Text)]);
    }
}

impl Model {
    /// A key while there is no inventory.
    pub(super) fn press_welcome(&mut self, event: &KeyEvent) -> Vec<Effect> {
        match event.code {
            KeyCode::Char('a' | 'A') if !self.offers(Action::AddHost) => {
                return vec![Effect::Say(READ_ONLY.to_owned())];
            }
            KeyCode::Char('a' | 'A') => self.over = Overlay::of(Action::AddHost),
            KeyCode::Char('p') => return vec![Effect::Do(Wish::Practise)],
            KeyCode::Char('q' | 'Q' | 'c') => return vec![Effect::Leave],
            _ => {}
        }
        Vec::new()
    }
}
