//! A host at a glance: state, alerts, cards, heat, memory, models, benchmarks, playbooks. What is not known says so.

mod hardware;
mod playbooks;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::layout::Pane;
use crate::fleet::{History, Host, Reachability, Sensors, Series};
use crate::ops::Watched;
use crate::theme::{Role, State};
use crate::ui::alerts::alerts;
use crate::ui::contact;
use crate::ui::fit::below;
use crate::ui::scene::Scene;
use crate::ui::screens::block::{Block, column_of};
use crate::ui::screens::{benched, engines};
use crate::ui::widget::{Canvas, Plot, wrapped};
use crate::ui::words::Said;

/// Alerts of one host that are shown here.
const ALERTS: usize = 3;
/// From so many columns on a host is told in two columns where one is too short; and from so many on in any case, for
/// a value far from its name is not found.
const TWO: (u16, u16) = (46, 60);
/// So high that one column tells all.
const HIGH: u16 = 33;
/// The rows of a plot: few, so that hosts side by side look alike; more where there is room for that, too.
const PLOT: (u16, u16) = (2, 4);
/// From so many rows on there is.
const ROOMY: u16 = 48;

/// A host as it is glanced at.
#[derive(Clone, Copy)]
struct Glance<'a> {
    scene: &'a Scene<'a>,
    host: &'a Host,
    watched: Option<&'a Watched>,
    /// The columns there are for words and plots.
    width: u16,
}

impl Shelter {
    /// Draws the host at that place; `alone`: where no other stands beside it.
    pub(super) fn draw_glance(
        &self,
        scene: &Scene<'_>,
        (at, alone): (usize, bool),
        area: Rect,
        buf: &mut Buffer,
    ) {
        let Some(host) = scene.hosts.get(at) else { return };
        let focused = self.pane == Pane::Hosts && at == scene.chosen;
        let title = if focused { Role::Selected } else { Role::Heading };
        let mut canvas = Canvas { buffer: buf, theme: scene.theme };
        let simulated = host.sensors == Sensors::Simulated;
        if simulated && !alone {
            canvas.line(area, 0).last(Role::Faint, "SIMULATED");
        }
        let mut pen = canvas.line(area, 0).say(title, &host.name.as_str().to_uppercase());
        if alone && scene.hosts.len() > 1 {
            pen = pen.gap(3).say(Role::Label, &format!("{} of {}", at + 1, scene.hosts.len()));
        }
        if simulated && alone {
            pen.gap(3).say(Role::Faint, "SIMULATED");
        }
        draw(&mut canvas, scene, host, below(area, 2));
    }
}

/// Draws a host at a glance, in two columns where one is too short and there is room beside it.
pub(super) fn draw(canvas: &mut Canvas<'_>, scene: &Scene<'_>, host: &Host, area: Rect) {
    let two = area.width >= TWO.1 || (area.width >= TWO.0 && area.height < HIGH);
    let left = Rect { width: if two { area.width / 2 - 2 } else { area.width }, ..area };
    let glance = Glance { scene, host, watched: scene.watched(&host.name), width: left.width };
    let (mut blocks, rest) = (glance.machine(), glance.work());
    let high = if area.height >= ROOMY { PLOT.1 } else { PLOT.0 };
    if !two {
        blocks.extend(rest);
        return column_of(canvas, left, &blocks, high);
    }
    column_of(canvas, left, &blocks, high);
    let x = area.x + area.width / 2;
    canvas.upright(Rect { x, ..area });
    let right = Rect { x: x + 3, width: area.right().saturating_sub(x + 3), ..area };
    // The gap above its first heading is wanted between blocks only.
    column_of(canvas, right, rest.get(1..).unwrap_or_default(), high);
}

impl<'a> Glance<'a> {
    /// How the machine is.
    fn machine(&self) -> Vec<Block> {
        let mut blocks = self.state();
        blocks.extend(self.alerts());
        if let Some(sample) = self.watched.and_then(|watched| watched.sample.as_deref()) {
            blocks.extend(hardware::blocks(self, sample));
        }
        blocks
    }

    /// What it does.
    fn work(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Gap, Block::heading("Models")];
        blocks.extend(engines::glance(self.watched));
        blocks.extend([Block::Gap, Block::heading("Bench")]);
        blocks.extend(benched::glance(self.scene, &self.host.name));
        blocks.extend([Block::Gap, Block::heading("Playbooks")]);
        blocks.extend(playbooks::blocks(self.scene, &self.host.name));
        blocks
    }

    /// Whether it can be reached, and if not, why.
    fn state(&self) -> Vec<Block> {
        let contact = self.watched.map(|watched| &watched.contact);
        let mark = self.scene.theme.mark(contact::state(self.watched, self.scene.now));
        let took = match contact {
            Some(Reachability::Up(took)) => format!("{} ms", took.0),
            _ => String::new(),
        };
        let mut blocks = vec![Block::State(mark, Said::new(Role::Label, took))];
        if let Some(Reachability::Down(failure)) = contact {
            blocks.push(Block::Gap);
            let texts = [Some(&failure.text), failure.hint.as_ref()];
            let lines = texts.into_iter().flatten().flat_map(|text| self.wrapped(text, 6));
            blocks.extend(lines.map(|line| Block::Words(vec![Said::new(Role::Label, line)])));
        }
        blocks
    }

    fn alerts(&self) -> Vec<Block> {
        let here = |host: Option<&crate::fleet::HostName>| host == Some(&self.host.name);
        let all = alerts(self.scene);
        let told = all.iter().filter(|alert| here(alert.host.as_ref()));
        let told: Vec<_> = told.filter(|alert| alert.state != State::Unreachable).collect();
        if told.is_empty() {
            let none = Said::new(Role::Faint, "none");
            return vec![Block::Pair("alerts".to_owned(), none)];
        }
        let line = |mark: crate::theme::Mark, text: &str| {
            let lines = self.wrapped(&format!("{} {text}", mark.glyph), 3);
            lines.into_iter().map(move |line| Block::Words(vec![Said::new(mark.role, line)]))
        };
        let mut blocks: Vec<Block> = told
            .iter()
            .take(ALERTS)
            .flat_map(|alert| line(self.scene.theme.mark(alert.state), &alert.text))
            .collect();
        if told.len() > ALERTS {
            let more = format!("{} more", told.len() - ALERTS);
            blocks.push(Block::Words(vec![Said::new(Role::Label, more)]));
        }
        blocks
    }

    fn wrapped(&self, text: &str, lines: usize) -> Vec<String> {
        wrapped(text, usize::from(self.width), lines, self.scene.theme.glyphs())
    }

    /// A series over the span that is looked at; nothing where nothing was kept.
    fn points(&self, series: impl FnOnce(&'a History) -> Option<&'a Series>) -> Vec<Option<f64>> {
        let history = self.watched.and_then(|watched| watched.history.as_deref());
        let (now, span) = (self.scene.now, self.scene.window.span());
        let points = |series: &Series| series.window(now, span, Plot::points_for(self.width));
        history.and_then(series).map(points).unwrap_or_default()
    }
}
