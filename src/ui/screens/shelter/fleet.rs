//! More than two hosts: one row each, and what does not fit is counted, never wrapped.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::layout::Pane;
use crate::fleet::{Celsius, Host, Percent, Sample};
use crate::theme::Role;
use crate::ui::contact;
use crate::ui::fit::{below, first_shown, line, right, row};
use crate::ui::scene::Scene;

/// A column of figures: its title, its width, and from which width of the pane on it is shown.
const COLUMNS: [(&str, u16, u16); 4] =
    [("GPU", 7, 40), ("VRAM", 7, 60), ("HEAT", 8, 32), ("RAM", 7, 50)];

impl Shelter {
    pub(super) fn draw_fleet(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let title = if self.pane == Pane::Hosts { Role::Selected } else { Role::Heading };
        line(buf, area, theme, &[("HOSTS", title)]);
        let mut end = area.right();
        for (name, width, from) in COLUMNS.iter().rev() {
            if area.width >= *from {
                let cell = Rect { x: end.saturating_sub(*width), width: *width, ..area };
                right(buf, cell, name, theme.style(Role::Label));
                end = end.saturating_sub(*width);
            }
        }
        let list = below(area, 2);
        let list = Rect { height: list.height.saturating_sub(2), ..list };
        let first = first_shown(scene.chosen, scene.hosts.len(), list.height);
        let shown = scene.hosts.iter().enumerate().skip(first);
        for (place, (at, host)) in (0..list.height).zip(shown) {
            let under_cursor = at == scene.chosen && self.pane == Pane::Hosts;
            draw_host(scene, host, under_cursor, row(list, place), buf);
        }
        let hidden = scene.hosts.len().saturating_sub(first + usize::from(list.height));
        if hidden > 0 {
            let text = format!("{hidden} more below");
            let foot = Rect { y: list.bottom() + 1, height: 1, ..area };
            line(buf, foot, theme, &[(&text, Role::Label)]);
        }
    }
}

fn draw_host(scene: &Scene<'_>, host: &Host, under_cursor: bool, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let watched = scene.watched(&host.name);
    let mark = theme.mark(contact::state(watched, scene.now));
    let sample = watched.and_then(|watched| watched.sample.as_deref());
    let mut end = area.right();
    for ((_, width, from), text) in COLUMNS.iter().zip(figures(sample)).rev() {
        if area.width >= *from {
            let cell = Rect { x: end.saturating_sub(*width), width: *width, ..area };
            let role = if text == "n/a" { Role::Faint } else { Role::Text };
            right(buf, cell, &text, theme.style(role));
            end = end.saturating_sub(*width);
        }
    }
    let (cursor, role) = match under_cursor {
        true => (theme.glyphs().cursor(), Role::Selected),
        false => (" ", Role::Text),
    };
    let left = Rect { width: end.saturating_sub(area.x), ..area };
    let name = format!("{:<14} ", host.name);
    line(
        buf,
        left,
        theme,
        &[
            (cursor, Role::Accent),
            (&name, role),
            (mark.glyph, mark.role),
            (" ", mark.role),
            (mark.word, mark.role),
        ],
    );
}

/// Load of the busiest card, its memory, the hottest sensor, memory taken.
fn figures(sample: Option<&Sample>) -> [String; 4] {
    let cards = || sample.into_iter().flat_map(|sample| &sample.gpus);
    let most = |values: &mut dyn Iterator<Item = f64>| values.reduce(f64::max);
    let busy = most(&mut cards().filter_map(|card| card.busy.value.map(|value| value.0)));
    let vram =
        most(&mut cards().filter_map(|card| share(card.vram_used.value?.0, card.vram.value?.0)));
    let sensors = sample.into_iter().flat_map(|sample| &sample.temperatures);
    let heat = sensors.filter_map(|t| Some(t.value.value?.0));
    let heat = most(&mut heat.chain(cards().filter_map(|card| Some(card.temperature.value?.0))));
    let ram = sample.and_then(|sample| {
        let (all, free) = (sample.memory.total.value?.0, sample.memory.available.value?.0);
        share(all.saturating_sub(free), all)
    });
    let percent = |share: Option<f64>| share.map_or("n/a".to_owned(), |s| Percent(s).to_string());
    let heat = heat.map_or("n/a".to_owned(), |degrees| Celsius(degrees).to_string());
    [percent(busy), percent(vram), heat, percent(ram)]
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}
