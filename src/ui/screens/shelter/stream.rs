//! The stream: what happened lately, the newest at the bottom.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::layout::Pane;
use crate::theme::{Role, Theme};
use crate::ui::fit::{below, line, right, row};
use crate::ui::scene::Scene;
use crate::ui::stream::Happening;

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
        let newest: Vec<&Happening> =
            scene.stream.lines().rev().skip(self.back).take(usize::from(list.height)).collect();
        if newest.is_empty() {
            line(buf, list, theme, &[("nothing has happened yet", Role::Faint)]);
        }
        let today = scene.now.to_string();
        let mut minute = String::new();
        for (at, told) in (0..).zip(newest.iter().rev()) {
            let time = told.at.to_string();
            let is_today = time.get(..10) == today.get(..10);
            // Of another day the day is told.
            let clock = if is_today { time.get(11..16) } else { time.get(5..10) };
            let clock = clock.unwrap_or_default();
            // A time that is that of the line above says nothing.
            let shown = if minute == clock { "     " } else { clock };
            draw_told(told, shown, theme, row(list, at), buf);
            clock.clone_into(&mut minute);
        }
    }
}

fn draw_told(told: &Happening, clock: &str, theme: Theme, area: Rect, buf: &mut Buffer) {
    let mark = theme.mark(told.state);
    let host = told.host.as_ref().map(|host| format!("{host}  ")).unwrap_or_default();
    let parts = [
        (clock, Role::Faint),
        ("  ", Role::Text),
        (mark.glyph, mark.role),
        (" ", Role::Text),
        (host.as_str(), Role::Label),
        (told.text.as_str(), Role::Text),
    ];
    line(buf, area, theme, &parts);
}
