//! The stream: what happened lately, the newest at the bottom.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::layout::Pane;
use crate::theme::Role;
use crate::ui::fit::{below, line, right, row};
use crate::ui::scene::Scene;
use crate::ui::stream::Told;

impl Shelter {
    pub(super) fn draw_stream(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let title = if self.pane == Pane::Stream { Role::Selected } else { Role::Heading };
        line(buf, area, theme, &[("STREAM", title)]);
        if self.back > 0 {
            let text = format!("{} newer", self.back);
            right(buf, area, &text, theme.style(Role::Label));
        }
        let list = below(area, 2);
        let newest: Vec<&Told> =
            scene.stream.lines().rev().skip(self.back).take(usize::from(list.height)).collect();
        if newest.is_empty() {
            line(buf, list, theme, &[("nothing has happened yet", Role::Faint)]);
        }
        for (at, told) in (0..).zip(newest.iter().rev()) {
            let area = row(list, at);
            let clock = told.at.to_string();
            let clock = format!("{}  ", clock.get(11..19).unwrap_or_default());
            let mark = theme.mark(told.state);
            let host = told.host.as_ref().map(|host| format!("{host} ")).unwrap_or_default();
            line(
                buf,
                area,
                theme,
                &[
                    (&clock, Role::Faint),
                    (mark.glyph, mark.role),
                    (" ", Role::Text),
                    (&host, Role::Label),
                    (&told.text, Role::Text),
                ],
            );
        }
    }
}
