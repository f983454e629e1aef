//! Screen 4: what models achieve, against what they achieved before.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::fit::inset;
use crate::ui::scene::Scene;
use crate::ui::widget::Canvas;

/// What of screen 4 is not the world's.
#[derive(Debug, Default)]
pub struct Bench;

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
        let mut canvas = Canvas { buffer: buf, theme: scene.theme };
        canvas.text(area, 0, (Role::Heading, "BENCH"));
        canvas.text(area, 2, (Role::Text, "nothing was measured yet"));
        let shelf = scene.shelf.iter().find(|card| card.number == 4);
        let command = if scene.practice { "shelter --lab --run 04" } else { "shelter --run 04" };
        let (label, told) = match shelf {
            Some(_) => ("r on screen 3, or ", command),
            None => ("what would fit where: ", "shelter models"),
        };
        canvas.line(area, 4).say(Role::Label, label).say(Role::Value, told);
    }
}
