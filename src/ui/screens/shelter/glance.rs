//! A host at a glance: state, cards, heat, memory, what is unwell. What is not known says so.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::layout::Pane;
use crate::fleet::{
    Bytes, CardMeasure, Celsius, GpuSample, History, Host, HostOutcome, Measure, Percent,
    Reachability, Reading, Sample, Sensors, Series,
};
use crate::ops::Watched;
use crate::theme::{Mark, Role, State, Theme};
use crate::ui::alerts::alerts;
use crate::ui::contact;
use crate::ui::fit::{below, line, right, row};
use crate::ui::scene::Scene;
use crate::ui::widget::{Canvas, Limits, Plot};
use crate::ui::wrap::wrapped;

/// Cards of one host that are shown here.
const CARDS: usize = 3;
/// Alerts of one host that are shown here.
const ALERTS: usize = 3;
/// The rows of a plot.
const PLOT: u16 = 2;
/// From so many rows on there is room for plots.
const ROOMY: u16 = 30;
/// Sensors of one host that are shown here.
const HEAT: usize = 3;

/// A line of a host: what it is called, and what it is.
enum Row {
    Title(&'static str),
    Value(String, String, Role),
    Plain(String, Role),
    State(Mark, String),
    Plot(Vec<Option<f64>>),
    Gap,
}

impl Shelter {
    pub(super) fn draw_glance(&self, scene: &Scene<'_>, at: usize, area: Rect, buf: &mut Buffer) {
        let Some(host) = scene.hosts.get(at) else { return };
        let theme = scene.theme;
        let focused = self.pane == Pane::Hosts && at == scene.chosen;
        let title = if focused { Role::Selected } else { Role::Heading };
        let x = line(buf, area, theme, &[(&host.name.as_str().to_uppercase(), title)]);
        if host.sensors == Sensors::Simulated {
            let rest = Rect { x, width: area.right().saturating_sub(x), ..area };
            right(buf, rest, "SIMULATED", theme.style(Role::Faint));
        }
        let mut at = below(area, 2);
        for one in rows(scene, host, area) {
            if at.height == 0 {
                return;
            }
            match one {
                Row::Plot(points) => {
                    let area = Rect { height: PLOT.min(at.height), ..at };
                    draw_plot(&points, theme, area, buf);
                    at = below(at, PLOT - 1);
                }
                Row::Title(title) => {
                    line(buf, at, theme, &[(title, Role::Heading)]);
                }
                Row::Plain(text, role) => {
                    line(buf, at, theme, &[(&text, role)]);
                }
                Row::Value(label, value, role) => {
                    let x = right(buf, row(at, 0), &value, theme.style(role));
                    let width = x.saturating_sub(at.x + 1);
                    line(buf, Rect { width, ..at }, theme, &[(&label, Role::Label)]);
                }
                Row::State(mark, took) => {
                    line(
                        buf,
                        at,
                        theme,
                        &[(mark.glyph, mark.role), (" ", mark.role), (mark.word, mark.role)],
                    );
                    right(buf, at, &took, theme.style(Role::Label));
                }
                Row::Gap => {}
            }
            at = below(at, 1);
        }
    }
}

/// Where plots come from.
struct Plots<'a> {
    scene: &'a Scene<'a>,
    watched: Option<&'a Watched>,
    points: usize,
    area: Rect,
}

impl Plots<'_> {
    /// The plot of a series over the span that is looked at, where there is room for it.
    fn of<'h>(&'h self, series: impl FnOnce(&'h History) -> Option<&'h Series>) -> Option<Row> {
        let history = self.watched?.history.as_deref().filter(|_| self.area.height >= ROOMY)?;
        let (now, span) = (self.scene.now, self.scene.window.span());
        Some(Row::Plot(series(history)?.window(now, span, self.points)))
    }
}

fn draw_plot(points: &[Option<f64>], theme: Theme, area: Rect, buf: &mut Buffer) {
    let plot = Plot { points, scale: 0.0..100.0, limits: Limits::default(), hangs: false };
    plot.draw(&mut Canvas { buffer: buf, theme }, area);
}

fn rows(scene: &Scene<'_>, host: &Host, area: Rect) -> Vec<Row> {
    let watched = scene.watched(&host.name);
    let mark = scene.theme.mark(contact::state(watched, scene.now));
    let took = match watched.map(|watched| &watched.contact) {
        Some(Reachability::Up(took)) => format!("{} ms", took.0),
        _ => String::new(),
    };
    let mut rows = vec![Row::State(mark, took)];
    if let Some(Reachability::Down(failure)) = watched.map(|watched| &watched.contact) {
        rows.push(Row::Gap);
        for text in [Some(&failure.text), failure.hint.as_ref()].into_iter().flatten() {
            rows.extend(
                wrapped(text, area.width).into_iter().map(|text| Row::Plain(text, Role::Label)),
            );
        }
    }
    for alert in alerts(scene)
        .iter()
        .filter(|alert| {
            alert.host.as_ref() == Some(&host.name) && alert.state != State::Unreachable
        })
        .take(ALERTS)
    {
        let mark = scene.theme.mark(alert.state);
        let lines = wrapped(&format!("{} {}", mark.glyph, alert.text), area.width);
        rows.extend(lines.into_iter().take(2).map(|text| Row::Plain(text, mark.role)));
    }
    if let Some(sample) = watched.and_then(|watched| watched.sample.as_deref()) {
        let plots = Plots { scene, watched, points: Plot::points_for(area.width), area };
        cards(sample, &plots, &mut rows);
        heat(sample, &mut rows);
        memory(sample, &plots, &mut rows);
    }
    unwell(scene, host, &mut rows);
    rows
}

fn cards(sample: &Sample, plots: &Plots<'_>, rows: &mut Vec<Row>) {
    rows.extend([Row::Gap, Row::Title("GPU")]);
    if sample.gpus.is_empty() {
        rows.push(Row::Value("card".into(), "none".into(), Role::Faint));
    }
    for card in sample.gpus.iter().take(CARDS) {
        let name = short(card.name.as_deref().unwrap_or(&card.id)).to_owned();
        let busy = if card.asleep { "asleep".to_owned() } else { told(&card.busy) };
        rows.push(Row::Value(name, busy, Role::Value));
        rows.extend(
            plots.of(|history| history.card(&card.id).map(|card| card.series(CardMeasure::Busy))),
        );
        if let Some(text) = vram(card) {
            rows.push(Row::Value("vram".into(), text, Role::Text));
        }
        if card.power.value.is_some() {
            rows.push(Row::Value("power".into(), told(&card.power), Role::Text));
        }
    }
}

/// The name of a sensor, short: that of its chip says little.
fn sensor(name: &str) -> String {
    let name = name.trim_start_matches("coretemp ").trim_start_matches("k10temp ");
    name.trim_end_matches(" id 0").to_lowercase()
}

/// The name of a card without its maker's.
fn short(name: &str) -> &str {
    let name = name.trim_start_matches("NVIDIA ").trim_start_matches("GeForce ");
    name.trim_start_matches("AMD ").trim_start_matches("Intel(R) ")
}

fn vram(card: &GpuSample) -> Option<String> {
    let (used, all) = (card.vram_used.value?, card.vram.value?);
    Some(part(used, all))
}

/// A part of a whole; a unit that both have is said once.
fn part(part: Bytes, whole: Bytes) -> String {
    let (part, whole) = (part.to_string(), whole.to_string());
    let unit = whole.rsplit_once(' ').map_or("", |(_, unit)| unit);
    match part.strip_suffix(unit) {
        Some(number) if !unit.is_empty() => {
            format!("{}of {whole}", number.trim_end().to_owned() + " ")
        }
        _ => format!("{part} of {whole}"),
    }
}

fn heat(sample: &Sample, rows: &mut Vec<Row>) {
    rows.extend([Row::Gap, Row::Title("Heat")]);
    let sensor = |name: &str, value: Option<Celsius>| Some((sensor(name), value?));
    let first = sample.temperatures.iter().filter_map(|t| sensor(&t.name, t.value.value)).take(1);
    let cards = sample.gpus.iter().filter_map(|card| sensor("gpu", card.temperature.value));
    let others = sample.temperatures.iter().filter_map(|t| sensor(&t.name, t.value.value)).skip(1);
    // In an order of their own: rows that change places with every look cannot be read.
    let shown: Vec<(String, Celsius)> = first.chain(cards).chain(others).take(HEAT).collect();
    if shown.is_empty() {
        rows.push(Row::Value("sensors".into(), "n/a".into(), Role::Faint));
    }
    for (name, degrees) in shown {
        rows.push(Row::Value(name, degrees.to_string(), Role::Text));
    }
    for fan in sample.fans.iter().take(1) {
        rows.push(Row::Value(format!("fan {}", fan.name), told(&fan.value), Role::Text));
    }
}

fn memory(sample: &Sample, plots: &Plots<'_>, rows: &mut Vec<Row>) {
    rows.extend([Row::Gap, Row::Title("Memory")]);
    let used = |free: &Reading<Bytes>, all: &Reading<Bytes>| {
        let (free, all) = (free.value?, all.value?);
        Some(part(Bytes(all.0.saturating_sub(free.0)), all))
    };
    let memory = &sample.memory;
    let known = |text: Option<String>| match text {
        Some(text) => (text, Role::Text),
        None => ("n/a".to_owned(), Role::Faint),
    };
    let (ram, role) = known(used(&memory.available, &memory.total));
    rows.push(Row::Value("ram".into(), ram, role));
    if memory.swap.value.is_some_and(|swap| swap.0 > 0) {
        let (swap, role) = known(used(&memory.swap_free, &memory.swap));
        rows.push(Row::Value("swap".into(), swap, role));
    }
    rows.push(Row::Value("cpu".into(), told(&sample.cpu.busy), Role::Text));
    rows.extend(plots.of(|history| Some(history.series(Measure::Cpu))));
    let full = sample.disks.iter().filter_map(|disk| {
        let (size, free) = (disk.value.size.value?, disk.value.free.value?);
        let share = 100.0 - free.0 as f64 * 100.0 / size.0.max(1) as f64;
        Some((disk.name.as_str(), Percent(share)))
    });
    if let Some((name, share)) = full.max_by(|one, other| one.1.0.total_cmp(&other.1.0)) {
        rows.push(Row::Value(format!("disk {name}"), share.to_string(), Role::Text));
    }
}

/// What went wrong here lately; one line where nothing did.
fn unwell(scene: &Scene<'_>, host: &Host, rows: &mut Vec<Row>) {
    rows.extend([Row::Gap, Row::Title("Playbooks")]);
    let last =
        |card: &crate::ui::scene::Card| Some((card.title(), card.last.get(&host.name)?.clone()));
    let mut known: Vec<_> = scene.shelf.iter().filter_map(last).collect();
    known.sort_by_key(|(_, last)| std::cmp::Reverse(last.at));
    let well = known.iter().filter(|(_, last)| last.state == "well").count();
    let meant = scene.shelf.iter().filter(|card| card.hosts.contains(&host.name)).count();
    rows.push(Row::Value("well".into(), format!("{well} of {meant}"), Role::Text));
    let not_well = known.iter().filter(|(_, last)| last.state != "well");
    for (title, last) in not_well.take(3) {
        let mark = scene.theme.mark(crate::ui::stream::of_word(&last.state));
        let value = format!("{} {}", mark.glyph, last.state.replace('_', " "));
        rows.push(Row::Value(title.clone(), value, mark.role));
    }
    let parts = scene.live().filter_map(|run| Some((run, run.hosts.get(&host.name)?)));
    for (run, part) in parts.take(1) {
        let done = part.done.len();
        let mark = scene.theme.mark(match &part.outcome {
            None => State::Running,
            Some((HostOutcome::Well, _)) => State::Ok,
            Some((outcome, _)) => crate::ui::stream::of_outcome(outcome).0,
        });
        let value = format!("{} {done}/{}", mark.glyph, part.steps.len());
        let (_, title) = run.head.playbook.split_once('_').unwrap_or_default();
        rows.push(Row::Value(title.replace('_', " "), value, mark.role));
    }
}

/// A reading as it is told: n/a where nothing is known.
fn told<T: std::fmt::Display>(reading: &Reading<T>) -> String {
    reading.value.as_ref().map_or("n/a".to_owned(), ToString::to_string)
}
