//! What asks for attention, over the screen: one alert under the cursor, and only that one is acknowledged.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Overlay;
use super::sheet::lay;
use crate::fleet::HostName;
use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::alerts::{Alert, alerts};
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, first_shown, line, row};
use crate::ui::keymap::Key;
use crate::ui::model::Model;
use crate::ui::moment::Moment;
use crate::ui::scene::Scene;

/// Alerts that are in sight at a time.
const ROWS: u16 = 18;

/// The alerts, with one of them under the cursor.
#[derive(Default)]
pub struct Alerts {
    at: usize,
}

impl Alerts {
    /// Takes an action that goes up or down.
    pub fn go(&mut self, action: Action, of: usize) {
        let last = of.saturating_sub(1);
        self.at = match action {
            Action::Up => self.at.min(last).saturating_sub(1),
            Action::Down => (self.at + 1).min(last),
            Action::Top => 0,
            Action::Bottom => last,
            _ => self.at,
        };
    }
}

impl Model {
    pub(super) fn press_alerts(&mut self, event: &KeyEvent, moment: Moment<'_>) -> Vec<Effect> {
        let action = self.keymap.action(Key::of(event));
        match action {
            Some(Action::Acknowledge) => return self.acknowledge(moment),
            Some(Action::Back | Action::Open | Action::Help | Action::Alerts) => self.over = None,
            Some(Action::Quit) => return vec![Effect::Leave],
            _ if event.code == KeyCode::Esc => self.over = None,
            Some(action) => self.go_alerts(action, moment),
            None => {}
        }
        Vec::new()
    }

    /// Goes up or down among the alerts.
    pub(in crate::ui) fn go_alerts(&mut self, action: Action, moment: Moment<'_>) {
        let of = alerts(&self.scene(moment)).len();
        if let Some(Overlay::Alerts(list)) = &mut self.over {
            list.go(action, of);
        }
    }

    /// Somebody looks after the alert under the cursor: the watchdog hears of it where it is one of its own.
    fn acknowledge(&mut self, moment: Moment<'_>) -> Vec<Effect> {
        let Some(Overlay::Alerts(list)) = &self.over else { return Vec::new() };
        let listed = listed(&self.scene(moment));
        let Some(alert) = listed.get(list.at.min(listed.len().saturating_sub(1))) else {
            return Vec::new();
        };
        if let Some(id) = &alert.id {
            return vec![Effect::Do(Wish::Acknowledge(id.clone()))];
        }
        let standing = |topic: &_| listed.iter().any(|alert| alert.topic() == *topic);
        self.seen.retain(standing);
        self.seen.insert(alert.topic());
        Vec::new()
    }

    pub(super) fn draw_alerts(
        &self,
        list: &Alerts,
        scene: &Scene<'_>,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let theme = scene.theme;
        let listed = listed(scene);
        let rows = u16::try_from(listed.len().max(1)).unwrap_or(u16::MAX).min(ROWS);
        let inner = lay(buf, area, theme, (80, rows + 2), "ALERTS");
        if listed.is_empty() {
            line(buf, inner, theme, &[("nothing asks for attention", Role::Text)]);
            return;
        }
        let shown = Rect { height: inner.height.saturating_sub(2), ..inner };
        let at = list.at.min(listed.len() - 1);
        let first = first_shown(at, listed.len(), shown.height);
        for (place, (of, alert)) in (0..shown.height).zip(listed.iter().enumerate().skip(first)) {
            self.draw_alert((alert, of == at), scene, row(shown, place), buf);
        }
        let keys = self.keymap.keys(Action::Acknowledge).into_iter().next().unwrap_or_default();
        let hint = [(keys.as_str(), Role::Key), (" you look after it", Role::Label)];
        line(buf, row(below(inner, shown.height), 1), theme, &hint);
    }

    fn draw_alert(
        &self,
        (alert, picked): (&Alert, bool),
        scene: &Scene<'_>,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let theme = scene.theme;
        let mark = theme.mark(alert.state);
        let host = alert.host.as_ref().map_or("", HostName::as_str);
        let host = format!("{host:<12} ");
        let sign = format!("{} {:<12}", mark.glyph, mark.word);
        let cursor = if picked { theme.glyphs().cursor() } else { " " };
        let text = match (picked, self.seen.contains(&alert.topic())) {
            (true, _) => Role::Selected,
            (false, true) => Role::Faint,
            (false, false) => Role::Text,
        };
        let parts = [
            (cursor, Role::Accent),
            (" ", Role::Label),
            (sign.as_str(), mark.role),
            (host.as_str(), Role::Label),
            (alert.text.as_str(), text),
        ];
        line(buf, area, theme, &parts);
    }
}

/// The alerts as they are listed, the newest first.
fn listed(scene: &Scene<'_>) -> Vec<Alert> {
    let mut listed = alerts(scene);
    listed.reverse();
    listed
}
