//! Screen 2: everything about one host.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, inset, line};
use crate::ui::scene::Scene;

/// What of screen 2 is not the world's.
#[derive(Debug, Default)]
pub struct HostPage {}

impl HostPage {
    /// Takes an action.
    pub fn on(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        let last = scene.hosts.len().saturating_sub(1);
        match action {
            Action::Left | Action::PrevPane => {
                vec![Effect::Choose(scene.chosen.saturating_sub(1))]
            }
            Action::Right | Action::NextPane => vec![Effect::Choose((scene.chosen + 1).min(last))],
            Action::Ping => {
                let hosts = scene.host().map(|host| host.name.clone()).into_iter().collect();
                vec![Effect::Do(Wish::Ping(hosts))]
            }
            _ => Vec::new(),
        }
    }

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        vec![(Action::Right, "next host"), (Action::Ping, "reach anew")]
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let area = inset(area, 2);
        let Some(host) = scene.host() else { return };
        let name = host.name.as_str().to_uppercase();
        line(buf, area, scene.theme, &[(&name, Role::Heading)]);
        let mut at = below(area, 2);
        let facts = scene.fleet.hosts.get(&host.name).and_then(|host| host.facts.as_ref());
        if let Some((_, facts)) = facts {
            let name = facts.os.name.as_deref().unwrap_or("n/a");
            line(buf, at, scene.theme, &[("system  ", Role::Label), (name, Role::Text)]);
            at = below(at, 1);
        }
        line(buf, at, scene.theme, &[("P gathers its facts", Role::Label)]);
    }
}
