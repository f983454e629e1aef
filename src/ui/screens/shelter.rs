//! Screen 1: the fleet at a glance. Playbooks, hosts and the stream stand side by side; in a small terminal
//! there is one of them at a time.

mod fleet;
mod glance;
mod layout;
mod shelf;
mod signs;
mod stream;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::fleet::HostName;
use crate::ui::action::{Action, Place};
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::PAGE;
use crate::ui::runs;
use crate::ui::scene::Scene;
use crate::ui::touch::{Kind, Touch};
use crate::ui::widget::Table;
use layout::{Columns, Pane};

/// What of screen 1 is not the world's.
#[derive(Debug, Default)]
pub struct Shelter {
    pane: Pane,
    /// Lines of the stream that lie below the last one shown.
    back: usize,
    filter: String,
}

impl Shelter {
    /// Takes an action.
    pub fn on(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        match action {
            Action::Up => self.step(-1, scene),
            Action::Down => self.step(1, scene),
            Action::PageUp => self.step(-PAGE.cast_signed(), scene),
            Action::PageDown => self.step(PAGE.cast_signed(), scene),
            Action::Top => self.step(isize::MIN / 2, scene),
            Action::Bottom => self.step(isize::MAX / 2, scene),
            Action::Left | Action::PrevPane => self.aside(-1, scene),
            Action::Right | Action::NextPane => self.aside(1, scene),
            Action::Open => self.open(),
            Action::Ping => {
                vec![Effect::Do(Wish::Ping(scene.hosts.iter().map(|h| h.name.clone()).collect()))]
            }
            Action::Copy => self.copy(scene),
            Action::Back if !self.filter.is_empty() => {
                self.filter.clear();
                vec![Effect::Pick(scene.picked)]
            }
            other => {
                let hosts: Vec<HostName> =
                    scene.card().map(|card| card.hosts.clone()).unwrap_or_default();
                runs::on(other, scene, &hosts, scene.latest()).unwrap_or_default()
            }
        }
    }

    /// Takes what the mouse did.
    pub fn touch(&mut self, touch: Touch, scene: &Scene<'_>, area: Rect) -> Vec<Effect> {
        let columns = Columns::of(area, scene, self.pane);
        let (pane, before) = match columns.pane_at(touch.at) {
            Some(pane) => (pane, std::mem::replace(&mut self.pane, pane)),
            None => return Vec::new(),
        };
        if let Kind::Wheel(action) = touch.kind {
            return self.on(action, scene);
        }
        let under = match pane {
            Pane::Shelf => columns.shelf.and_then(|area| self.card_at(scene, area, touch)),
            Pane::Hosts => self.host_at(scene, &columns, touch),
            Pane::Stream => None,
        };
        let again = before == pane;
        match (pane, under) {
            (_, None) => Vec::new(),
            (Pane::Shelf, Some(at)) if again && at == scene.picked => self.open(),
            (Pane::Shelf, Some(at)) => vec![Effect::Pick(at)],
            (_, Some(at)) if again && at == scene.chosen => self.open(),
            (_, Some(at)) => vec![Effect::Choose(at)],
        }
    }

    /// The host that stands there, by its place in the inventory.
    fn host_at(&self, scene: &Scene<'_>, columns: &Columns, touch: Touch) -> Option<usize> {
        match columns.hosts.as_slice() {
            [table] if scene.hosts.len() > 2 => {
                let (list, _) = fleet::split(*table, scene.hosts.len());
                let rows = (scene.hosts.len(), Some(scene.chosen));
                Table::row_at(rows, list.height, touch.row(list)?)
            }
            several => {
                let first = if several.len() < scene.hosts.len() { scene.chosen } else { 0 };
                several.iter().position(|area| area.contains(touch.at)).map(|at| first + at)
            }
        }
    }

    /// Shows only playbooks that match.
    pub fn filter(&mut self, text: &str) {
        text.clone_into(&mut self.filter);
    }

    /// What playbooks have to match.
    pub fn filtered(&self) -> &str {
        &self.filter
    }

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        match self.pane {
            Pane::Shelf => {
                vec![(Action::Run, "run"), (Action::Check, "check"), (Action::Open, "look into")]
            }
            Pane::Hosts => vec![(Action::Open, "all about it"), (Action::Ping, "reach anew")],
            Pane::Stream => vec![(Action::Open, "what there was"), (Action::Bottom, "the newest")],
        }
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let columns = Columns::of(area, scene, self.pane);
        columns.draw_rules(scene.theme, buf);
        if let Some(area) = columns.shelf {
            self.draw_shelf(scene, area, buf);
        }
        match columns.hosts.as_slice() {
            [table] if scene.hosts.len() > 2 => self.draw_fleet(scene, *table, buf),
            several => {
                let first = if several.len() < scene.hosts.len() { scene.chosen } else { 0 };
                for (area, at) in several.iter().zip(first..) {
                    self.draw_glance(scene, (at, columns.alone), *area, buf);
                }
            }
        }
        if let Some(area) = columns.stream {
            self.draw_stream(scene, area, buf);
        }
        if columns.alone {
            self.pane.draw_names(scene.theme, area, buf);
        }
    }

    fn step(&mut self, by: isize, scene: &Scene<'_>) -> Vec<Effect> {
        match self.pane {
            Pane::Shelf => {
                let shown = self.shown(scene);
                let at = shown.iter().position(|at| *at == scene.picked).unwrap_or(0);
                let at = at.saturating_add_signed(by).min(shown.len().saturating_sub(1));
                shown.get(at).map(|at| Effect::Pick(*at)).into_iter().collect()
            }
            Pane::Hosts => vec![Effect::Choose(moved(scene.chosen, by, scene.hosts.len()))],
            Pane::Stream => {
                let most = scene.stream.lines().len().saturating_sub(1);
                self.back = self.back.saturating_add_signed(-by).min(most);
                Vec::new()
            }
        }
    }

    /// To the pane beside. Hosts that stand side by side are gone through one by one.
    fn aside(&mut self, by: isize, scene: &Scene<'_>) -> Vec<Effect> {
        let beside = scene.chosen.checked_add_signed(by);
        let folded = scene.hosts.len() > 2;
        match (self.pane, beside) {
            (Pane::Hosts, Some(next)) if !folded && next < scene.hosts.len() => {
                return vec![Effect::Choose(next)];
            }
            _ => self.pane = self.pane.beside(by),
        }
        match (self.pane, folded) {
            (Pane::Hosts, false) if by > 0 => vec![Effect::Choose(0)],
            (Pane::Hosts, false) => vec![Effect::Choose(scene.hosts.len().saturating_sub(1))],
            _ => Vec::new(),
        }
    }

    fn open(&self) -> Vec<Effect> {
        vec![Effect::Go(match self.pane {
            Pane::Shelf => Place::Plays,
            Pane::Hosts => Place::Host,
            Pane::Stream => Place::Log,
        })]
    }

    fn copy(&self, scene: &Scene<'_>) -> Vec<Effect> {
        let text = match self.pane {
            Pane::Shelf => scene.card().map(|card| card.id.clone()),
            Pane::Hosts => scene.host().map(|host| host.name.to_string()),
            Pane::Stream => scene.stream.lines().rev().nth(self.back).map(|told| {
                let host = told.host.as_ref().map(HostName::as_str).unwrap_or_default();
                format!("{} {host} {}", told.at, told.text)
            }),
        };
        text.map(|text| Effect::Do(Wish::Copy(text))).into_iter().collect()
    }
}

fn moved(at: usize, by: isize, of: usize) -> usize {
    at.saturating_add_signed(by).min(of.saturating_sub(1))
}
