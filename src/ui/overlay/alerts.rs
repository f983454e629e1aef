//! What asks for attention, over the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::lay;
use crate::fleet::HostName;
use crate::theme::Role;
use crate::ui::alerts::alerts;
use crate::ui::fit::{line, row};
use crate::ui::model::Model;
use crate::ui::scene::Scene;

impl Model {
    pub(super) fn draw_alerts(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let alerts = alerts(scene);
        let rows = u16::try_from(alerts.len().max(1)).unwrap_or(u16::MAX).min(20);
        let inner = lay(buf, area, theme, (80, rows), "ALERTS");
        if alerts.is_empty() {
            line(buf, inner, theme, &[("nothing asks for attention", Role::Text)]);
        }
        for (at, alert) in alerts.iter().rev().take(usize::from(inner.height)).enumerate() {
            let mark = theme.mark(alert.state);
            let host = alert.host.as_ref().map_or("", HostName::as_str);
            let host = format!("{host:<12} ");
            let sign = format!("{} {:<12}", mark.glyph, mark.word);
            let area = row(inner, u16::try_from(at).unwrap_or(u16::MAX));
            line(
                buf,
                area,
                theme,
                &[(&sign, mark.role), (&host, Role::Label), (&alert.text, Role::Text)],
            );
        }
    }
}
