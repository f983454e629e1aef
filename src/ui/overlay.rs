//! What lies over a screen: help, palette, questions, alerts. One at a time; a question that somebody waits for lies on top.

mod adding;
mod alerts;
mod confirm;
mod help;
mod notice;
mod palette;
mod question;
mod sheet;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use adding::Adding;
pub use alerts::Alerts;
pub use confirm::{Confirm, Question};
pub use help::{Help, Keys};
pub use notice::Notice;
pub use palette::Palette;

use super::action::Action;
use super::effect::Effect;
use super::keymap::Key;
use super::model::Model;
use super::moment::Moment;

/// What lies over the screen.
pub enum Overlay {
    /// The keys that work here.
    Help(Help),
    /// Everything there is to do.
    Palette(Palette),
    /// A question before something is done.
    Confirm(Confirm),
    /// What asks for attention.
    Alerts(Alerts),
    /// What went wrong, as the command line tells it.
    Told(Notice),
    /// A host that is typed in.
    Adding(Adding),
}

impl Overlay {
    /// The one that an action brings up.
    pub fn of(action: Action) -> Option<Self> {
        match action {
            Action::Help => Some(Self::Help(Help::default())),
            Action::Palette => Some(Self::Palette(Palette::default())),
            Action::Alerts => Some(Self::Alerts(Alerts::default())),
            Action::AddHost => Some(Self::Adding(Adding::default())),
            _ => None,
        }
    }
}

impl Model {
    /// A key while something lies over the screen.
    pub(super) fn press_over(&mut self, event: &KeyEvent, moment: Moment<'_>) -> Vec<Effect> {
        match &mut self.over {
            Some(Overlay::Palette(_)) => return self.press_palette(event, moment),
            Some(Overlay::Confirm(_)) => return self.press_confirm(event),
            Some(Overlay::Adding(_)) => return self.press_adding(event),
            Some(Overlay::Alerts(_)) => return self.press_alerts(event, moment),
            Some(Overlay::Help(help)) => help.press(self.keymap.action(Key::of(event))),
            Some(Overlay::Told(_)) | None => {}
        }
        match self.keymap.action(Key::of(event)) {
            Some(Action::Back | Action::Open | Action::Help | Action::Alerts) => self.over = None,
            Some(Action::Quit) => return vec![Effect::Leave],
            _ if event.code == KeyCode::Esc => self.over = None,
            _ => {}
        }
        Vec::new()
    }

    /// Draws what lies over the screen, if something does.
    pub(super) fn draw_over(&self, moment: Moment<'_>, area: Rect, buf: &mut Buffer) {
        let scene = self.scene(moment);
        match &self.over {
            Some(Overlay::Help(help)) => {
                let special = |action: &Action| {
                    !matches!(action, Action::Palette | Action::Help | Action::Back | Action::Quit)
                };
                let here = self.hints(&scene).into_iter().map(|(action, _)| action);
                let here: Vec<Action> = here.filter(special).collect();
                help.draw(Keys { keymap: &self.keymap, here: &here }, &scene, area, buf);
            }
            Some(Overlay::Palette(palette)) => self.draw_palette(palette, &scene, area, buf),
            Some(Overlay::Confirm(confirm)) => confirm.draw(&scene, area, buf),
            Some(Overlay::Alerts(list)) => self.draw_alerts(list, &scene, area, buf),
            Some(Overlay::Told(notice)) => notice.draw(scene.theme, area, buf),
            Some(Overlay::Adding(adding)) => adding.draw(scene.theme, area, buf),
            None => {}
        }
        if !self.prompts.is_empty() {
            self.draw_prompt(scene.theme, area, buf);
        }
    }
}
