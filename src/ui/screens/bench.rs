//! Screen 4: what models achieve.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::fit::{below, inset, line};
use crate::ui::scene::Scene;

/// What of screen 4 is not the world's.
#[derive(Debug, Default)]
pub struct Bench {}

impl Bench {
    /// Takes an action.
    pub fn on(&mut self, _action: Action, _scene: &Scene<'_>) -> Vec<Effect> {
        Vec::new()
    }

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        Vec::new()
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let area = inset(area, 2);
        line(buf, area, scene.theme, &[("BENCH", Role::Heading)]);
        let text = "nothing was measured yet";
        line(buf, below(area, 2), scene.theme, &[(text, Role::Faint)]);
    }
}
