//! A host at a glance: state, cards, heat, memory, what is unwell. What is not known says so.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::layout::Pane;
use crate::fleet::{
    Bytes, Celsius, GpuSample, Host, HostOutcome, Percent, Reachability, Reading, Sample, Sensors,
};
use crate::theme::{Mark, Role, State};
use crate::ui::contact;
use crate::ui::fit::{below, line, right, row};
use crate::ui::scene::Scene;
use crate::ui::took::ago;
use crate::ui::wrap::wrapped;

/// Cards of one host that are shown here.
const CARDS: usize = 3;

/// A line of a host: what it is called, and what it is.
enum Row {
    Title(&'static str),
    Value(String, String, Role),
    Plain(String, Role),
    State(Mark, String),
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
        for one in rows(scene, host, area.width) {
            if at.height == 0 {
                return;
            }
            match one {
                Row::Title(title) => {
                    line(buf, at, theme, &[(title, Role::Heading)]);
                }
                Row::Plain(text, role) => {
                    line(buf, at, theme, &[(&text, role)]);
                }
                Row::Value(label, value, role) => {
                    let x = line(buf, at, theme, &[(&label, Role::Label)]) + 1;
                    let rest = Rect { x, width: area.right().saturating_sub(x), ..row(at, 0) };
                    right(buf, rest, &value, theme.style(role));
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

fn rows(scene: &Scene<'_>, host: &Host, width: u16) -> Vec<Row> {
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
            rows.extend(wrapped(text, width).into_iter().map(|text| Row::Plain(text, Role::Label)));
        }
    }
    if let Some(sample) = watched.and_then(|watched| watched.sample.as_deref()) {
        cards(sample, &mut rows);
        heat(sample, &mut rows);
        memory(sample, &mut rows);
    }
    unwell(scene, host, &mut rows);
    rows
}

fn cards(sample: &Sample, rows: &mut Vec<Row>) {
    rows.extend([Row::Gap, Row::Title("GPU")]);
    if sample.gpus.is_empty() {
        rows.push(Row::Value("card".into(), "none".into(), Role::Faint));
    }
    for card in sample.gpus.iter().take(CARDS) {
        let name = card.name.as_deref().unwrap_or(&card.id).to_owned();
        let busy = if card.asleep { "asleep".to_owned() } else { told(&card.busy) };
        rows.push(Row::Value(name, busy, Role::Value));
        if let Some(text) = vram(card) {
            rows.push(Row::Value("vram".into(), text, Role::Text));
        }
        if card.power.value.is_some() {
            rows.push(Row::Value("power".into(), told(&card.power), Role::Text));
        }
    }
}

fn vram(card: &GpuSample) -> Option<String> {
    let (used, all) = (card.vram_used.value?, card.vram.value?);
    Some(format!("{used} of {all}"))
}

fn heat(sample: &Sample, rows: &mut Vec<Row>) {
    rows.extend([Row::Gap, Row::Title("THERMAL")]);
    let cards = sample.gpus.iter().filter_map(|card| Some(("gpu", card.temperature.value?)));
    let sensors =
        sample.temperatures.iter().filter_map(|t| Some((t.name.as_str(), t.value.value?)));
    let mut all: Vec<(&str, Celsius)> = sensors.chain(cards).collect();
    all.sort_by(|one, other| other.1.0.total_cmp(&one.1.0));
    if all.is_empty() {
        rows.push(Row::Value("sensors".into(), "n/a".into(), Role::Faint));
    }
    for (name, degrees) in all.iter().take(2) {
        rows.push(Row::Value((*name).to_owned(), degrees.to_string(), Role::Text));
    }
    for fan in sample.fans.iter().take(1) {
        rows.push(Row::Value(format!("fan {}", fan.name), told(&fan.value), Role::Text));
    }
}

fn memory(sample: &Sample, rows: &mut Vec<Row>) {
    rows.extend([Row::Gap, Row::Title("MEMORY")]);
    let used = |free: &Reading<Bytes>, all: &Reading<Bytes>| {
        let (free, all) = (free.value?, all.value?);
        Some(format!("{} of {all}", Bytes(all.0.saturating_sub(free.0))))
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
    rows.extend([Row::Gap, Row::Title("PLAYBOOKS")]);
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
        let age = ago(scene.now.0 - last.at.0);
        let value = format!("{} {} {age}", mark.glyph, last.state.replace('_', " "));
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
        let value = format!("{} {done} of {}", mark.glyph, part.steps.len());
        rows.push(Row::Value(run.head.playbook.clone(), value, mark.role));
    }
}

/// A reading as it is told: n/a where nothing is known.
fn told<T: std::fmt::Display>(reading: &Reading<T>) -> String {
    reading.value.as_ref().map_or("n/a".to_owned(), ToString::to_string)
}
