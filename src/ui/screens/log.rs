//! Screen 5: what there was.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::fleet::RunState;
use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, first_shown, inset, line, row};
use crate::ui::run_pane::RunPane;
use crate::ui::scene::Scene;

/// What of screen 5 is not the world's.
#[derive(Debug, Default)]
pub struct Log {
    at: usize,
    run: Option<RunState>,
    pane: RunPane,
}

impl Log {
    /// Takes an action.
    pub fn on(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        if let Some(run) = &self.run {
            if action == Action::Back {
                self.run = None;
                return vec![Effect::Pick(scene.picked)];
            }
            return self.pane.on(action, run, scene);
        }
        let last = scene.past.len().saturating_sub(1);
        match action {
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Down => self.at = (self.at + 1).min(last),
            Action::Open => {
                let run = scene.past.get(self.at).map(|past| past.head.run.clone());
                return run.map(|run| Effect::Do(Wish::Replay(run))).into_iter().collect();
            }
            _ => {}
        }
        Vec::new()
    }

    /// A run there was, as it was asked for.
    pub fn replayed(&mut self, run: RunState) {
        (self.run, self.pane) = (Some(run), RunPane::default());
    }

    /// Searches in a run.
    pub fn filter(&mut self, text: &str) {
        self.pane.filter(text);
    }

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        vec![(Action::Open, "replay"), (Action::Filter, "search")]
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let area = inset(area, 2);
        if let Some(run) = &self.run {
            return self.pane.draw(run, scene, area, buf);
        }
        line(buf, area, scene.theme, &[("LOG", Role::Heading)]);
        let list = below(area, 2);
        let first = first_shown(self.at, scene.past.len(), list.height);
        for (place, (at, past)) in (0..list.height).zip(scene.past.iter().enumerate().skip(first)) {
            let role = if at == self.at { Role::Selected } else { Role::Text };
            let began = past.began.to_string();
            let began = format!("{}  ", began.get(..16).unwrap_or_default().replace('T', " "));
            let name = format!("{}  {}", past.head.run, past.head.playbook);
            line(buf, row(list, place), scene.theme, &[(&began, Role::Label), (&name, role)]);
        }
    }
}
