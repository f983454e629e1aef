//! More than two hosts: one row each, and what does not fit is counted, never wrapped. Where rows are left the host
//! under the cursor is told at a glance below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::glance;
use super::layout::Pane;
use crate::fleet::{Celsius, Engine, Host, Percent, Sample};
use crate::ops::Watched;
use crate::theme::{Role, State, Theme};
use crate::ui::alerts::{Alert, alerts};
use crate::ui::contact;
use crate::ui::fit::below;
use crate::ui::scene::Scene;
use crate::ui::widget::{Align, Canvas, Cell, Column, Table};

const COLUMNS: [Column; 9] = [
    Column { title: "HOST", least: 8, most: 24, rank: 0, align: Align::Name },
    Column { title: "STATE", least: 9, most: 13, rank: 0, align: Align::Left },
    Column { title: "!", least: 1, most: 2, rank: 3, align: Align::Right },
    Column { title: "GPU", least: 5, most: 5, rank: 1, align: Align::Right },
    Column { title: "HEAT", least: 5, most: 6, rank: 2, align: Align::Right },
    Column { title: "RAM", least: 5, most: 5, rank: 4, align: Align::Right },
    Column { title: "VRAM", least: 5, most: 5, rank: 5, align: Align::Right },
    Column { title: "DISK", least: 5, most: 5, rank: 6, align: Align::Right },
    Column { title: "MODEL", least: 10, most: 28, rank: 7, align: Align::Name },
];
/// Rows that the host under the cursor needs below the others to be worth telling of.
const ROOM: u16 = 12;

impl Shelter {
    pub(super) fn draw_fleet(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let mut canvas = Canvas { buffer: buf, theme: scene.theme };
        let title = if self.pane == Pane::Hosts { Role::Selected } else { Role::Heading };
        canvas.text(area, 0, (title, "HOSTS"));
        let (list, about) = split(area, scene.hosts.len());
        let asking = alerts(scene);
        let rows: Vec<_> = scene.hosts.iter().map(|host| row(scene, host, &asking)).collect();
        let cursor = Some(scene.chosen);
        Table { columns: &COLUMNS, rows: &rows, cursor }.draw(&mut canvas, list);
        if let (Some(area), Some(host)) = (about, scene.host()) {
            canvas.text(area, 0, (Role::Heading, &host.name.as_str().to_uppercase()));
            glance::draw(&mut canvas, scene, host, below(area, 1));
        }
    }
}

/// The places of the table and, where rows are left, of the host under the cursor.
pub(super) fn split(area: Rect, hosts: usize) -> (Rect, Option<Rect>) {
    let list = below(area, 2);
    let wanted = u16::try_from(hosts).unwrap_or(u16::MAX).saturating_add(1);
    if list.height < wanted.saturating_add(ROOM + 2) {
        return (list, None);
    }
    (Rect { height: wanted, ..list }, Some(below(list, wanted + 2)))
}

fn row(scene: &Scene<'_>, host: &Host, asking: &[Alert]) -> Vec<Cell> {
    let watched = scene.watched(&host.name);
    let mark = scene.theme.mark(contact::state(watched, scene.now));
    let own = asking.iter().filter(|alert| alert.host.as_ref() == Some(&host.name)).count();
    let mut row = vec![
        Cell::new(Role::Text, host.name.as_str()),
        Cell::new(mark.role, format!("{} {}", mark.glyph, mark.word)),
        count(own, scene.theme),
    ];
    row.extend(figures(watched.and_then(|watched| watched.sample.as_deref())));
    row.push(model(watched));
    row
}

/// How many alerts there are of a host.
fn count(alerts: usize, theme: Theme) -> Cell {
    match alerts {
        0 => Cell::new(Role::Faint, theme.glyphs().dot()),
        count => Cell::new(theme.mark(State::Warning).role, count.to_string()),
    }
}

/// The first model in memory, and how many others there are.
fn model(watched: Option<&Watched>) -> Cell {
    let engines = watched.and_then(|watched| watched.engines.as_deref());
    let Some(engines) = engines else { return Cell::new(Role::Faint, "") };
    let mut loaded = engines.iter().flat_map(Engine::loaded).map(|(model, _)| model.name.as_str());
    match (loaded.next(), loaded.count()) {
        (None, _) => Cell::new(Role::Faint, "none"),
        (Some(name), 0) => Cell::new(Role::Text, name),
        (Some(name), more) => Cell::new(Role::Text, format!("{name} +{more}")),
    }
}

/// Load of the busiest card, the hottest sensor, memory taken, the fullest card, the fullest disk.
fn figures(sample: Option<&Sample>) -> [Cell; 5] {
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
    let disks = sample.into_iter().flat_map(|sample| &sample.disks);
    let disk = most(&mut disks.filter_map(|disk| Some(disk.value.fullness().value?.0)));
    let percent = |share: Option<f64>| told(share.map(|share| Percent(share).to_string()));
    let degrees = told(heat.map(|degrees| Celsius(degrees).to_string()));
    [percent(busy), degrees, percent(ram), percent(vram), percent(disk)]
}

fn told(value: Option<String>) -> Cell {
    value.map_or_else(|| Cell::new(Role::Faint, "n/a"), |value| Cell::new(Role::Text, value))
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}
