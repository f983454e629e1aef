//! The mouse: the wheel scrolls, a click on a word of the header goes there. All of it can be done with keys.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::action::Action;
use super::draw::tab_at;
use super::effect::Effect;
use super::model::Model;
use super::update::Moment;
use super::world::Standing;

impl Model {
    /// Takes what the mouse did.
    pub fn point(&mut self, mouse: MouseEvent, size: Rect, moment: Moment<'_>) -> Vec<Effect> {
        let free = self.over.is_none() && self.prompts.is_empty();
        if !free || self.world.standing != Standing::Known {
            return Vec::new();
        }
        let action = match mouse.kind {
            MouseEventKind::ScrollUp => Action::Up,
            MouseEventKind::ScrollDown => Action::Down,
            MouseEventKind::Down(MouseButton::Right) => Action::Back,
            MouseEventKind::Down(MouseButton::Left) => {
                match tab_at((mouse.column, mouse.row), size) {
                    Some(place) => Action::Go(place),
                    None => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        let wished = self.act(action, moment);
        self.settle(wished, moment)
    }
}
