//! Screen 2: everything about one host, as plots with a time window.

mod card;
mod machine;
mod serving;
mod storage;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::fleet::{Facts, History, Host, Reachability, Sample, Sensors, Series};
use crate::ops::Watched;
use crate::theme::{Role, State};
use crate::ui::action::Action;
use crate::ui::contact;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, inset};
use crate::ui::scene::Scene;
use crate::ui::screens::block::{Block, column};
use crate::ui::touch::{Kind, Touch};
use crate::ui::widget::{Canvas, Plot, width, wrapped};
use crate::ui::words::Said;

/// The names of the columns.
const PANES: [&str; 4] = ["graphics", "machine", "models", "storage"];
/// As many, as columns are counted.
const COLUMNS: u16 = 4;
/// The width of a column below which one is shown at a time.
const NARROW: u16 = 28;

/// What of screen 2 is not the world's.
#[derive(Debug, Default)]
pub struct HostPage {
    pane: usize,
}

impl HostPage {
    /// Takes an action.
    pub fn on(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        let last = scene.hosts.len().saturating_sub(1);
        match action {
            Action::Left => vec![Effect::Choose(scene.chosen.saturating_sub(1))],
            Action::Right => vec![Effect::Choose((scene.chosen + 1).min(last))],
            Action::NextPane | Action::Down => {
                self.pane = (self.pane + 1) % PANES.len();
                Vec::new()
            }
            Action::PrevPane | Action::Up => {
                self.pane = (self.pane + PANES.len() - 1) % PANES.len();
                Vec::new()
            }
            Action::Ping => {
                let hosts = scene.host().map(|host| host.name.clone()).into_iter().collect();
                vec![Effect::Do(Wish::Ping(hosts))]
            }
            _ => Vec::new(),
        }
    }

    /// Takes what the mouse did: the wheel goes to the next column where one stands alone.
    pub fn touch(&mut self, touch: Touch, scene: &Scene<'_>, _: Rect) -> Vec<Effect> {
        match touch.kind {
            Kind::Wheel(action) => self.on(action, scene),
            Kind::Click => Vec::new(),
        }
    }

    /// Nothing here can be narrowed.
    pub fn filter(&mut self, _text: &str) {}

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        vec![
            (Action::Right, "next host"),
            (Action::NextPane, "next column"),
            (Action::Longer, "longer"),
            (Action::Shorter, "shorter"),
            (Action::Zoom, "zoom"),
        ]
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let Some(host) = scene.host() else { return };
        let area = inset(area, 2);
        let look = View {
            scene,
            host,
            watched: scene.watched(&host.name),
            columns: columns(area.width, scene.zoom),
            points: 0,
        };
        let mut canvas = Canvas { buffer: buf, theme: scene.theme };
        self.draw_head(&mut canvas, area, &look);
        let body = below(area, 2);
        match look.watched.map(|watched| &watched.contact) {
            Some(Reachability::Down(failure)) => {
                draw_down(&mut canvas, body, (&failure.text, failure.hint.as_deref()));
            }
            _ => self.draw_panes(&mut canvas, body, &look),
        }
    }

    /// Who it is, how it is, what it is made of, and how far back plots look.
    fn draw_head(&self, canvas: &mut Canvas<'_>, area: Rect, look: &View<'_>) {
        let dot = canvas.theme.glyphs().dot();
        let window = format!("last {}", look.scene.window.name());
        let aside = match look.columns {
            COLUMNS => window,
            _ => format!("{}  {dot}  {window}", self.names(look).join(", ")),
        };
        let aside_wide = u16::try_from(width(&aside)).unwrap_or(u16::MAX);
        let told = canvas.line(area, 0).last(Role::Label, &aside);
        let room = area.width.saturating_sub(if told { aside_wide + 2 } else { 0 });
        let area = Rect { width: room, ..area };
        let name = look.host.name.as_str().to_uppercase();
        let mut pen = canvas.line(area, 0).say(Role::Selected, &name).gap(2);
        pen = pen.state(contact::state(look.watched, look.scene.now));
        if look.host.sensors == Sensors::Simulated {
            pen = pen.gap(2).say(Role::Label, "SIMULATED");
        }
        for word in look.facts().map(about).unwrap_or_default() {
            if usize::from(pen.room()) < width(&word) + 5 {
                break;
            }
            pen = pen.gap(2).say(Role::Faint, dot).gap(2).say(Role::Label, &word);
        }
    }

    /// The columns that are shown, by their names.
    fn shown(&self, look: &View<'_>) -> Vec<usize> {
        let first = if look.columns == COLUMNS { 0 } else { self.pane };
        (first..).map(|at| at % PANES.len()).take(usize::from(look.columns)).collect()
    }

    fn names(&self, look: &View<'_>) -> Vec<&'static str> {
        self.shown(look).into_iter().map(|at| PANES[at]).collect()
    }

    fn draw_panes(&self, canvas: &mut Canvas<'_>, body: Rect, look: &View<'_>) {
        // Behind a line two columns stay empty, before one as well.
        let wide = body.width.saturating_sub(5 * (look.columns - 1)) / look.columns;
        for (at, pane) in (0..look.columns).zip(self.shown(look)) {
            let x = body.x + at * (wide + 5);
            let width = if at + 1 == look.columns { body.right() - x } else { wide };
            if at > 0 {
                canvas.upright(Rect { x: x - 3, ..body });
            }
            draw_pane(canvas, Rect { x, width, ..body }, (look, pane));
        }
    }
}

/// How many columns there is room for: all, two, or one.
fn columns(width: u16, zoom: bool) -> u16 {
    match width {
        _ if zoom => 1,
        width if width >= NARROW * COLUMNS => COLUMNS,
        width if width >= NARROW * 2 => 2,
        _ => 1,
    }
}

fn draw_pane(canvas: &mut Canvas<'_>, area: Rect, (look, pane): (&View<'_>, usize)) {
    let look = &View { points: Plot::points_for(area.width), ..*look };
    let blocks = match look.sample() {
        None => waiting(look),
        Some(sample) => match pane {
            0 => card::blocks(look, sample),
            1 => machine::blocks(look, sample),
            2 => serving::blocks(look, sample),
            _ => storage::blocks(look, sample),
        },
    };
    column(canvas, area, &blocks);
}

/// Before the first sample.
fn waiting(look: &View<'_>) -> Vec<Block> {
    let word = match contact::state(look.watched, look.scene.now) {
        State::Connecting => "being reached",
        _ => "nothing is known yet",
    };
    vec![Block::Words(vec![Said::new(Role::Label, word)])]
}

/// A host as it is looked at.
#[derive(Clone, Copy)]
struct View<'a> {
    scene: &'a Scene<'a>,
    host: &'a Host,
    watched: Option<&'a Watched>,
    /// How many columns are shown.
    columns: u16,
    /// Points of a plot.
    points: usize,
}

impl<'a> View<'a> {
    fn sample(&self) -> Option<&'a Sample> {
        self.watched?.sample.as_deref()
    }

    fn facts(&self) -> Option<&'a Facts> {
        let known = self.scene.fleet.hosts.get(&self.host.name)?;
        known.facts.as_ref().map(|(_, facts)| facts.as_ref())
    }

    /// A series of this host as far back as plots look; nothing where nothing was kept.
    fn window(&self, series: impl FnOnce(&'a History) -> Option<&'a Series>) -> Vec<Option<f64>> {
        let history = self.watched.and_then(|watched| watched.history.as_deref());
        let (now, span) = (self.scene.now, self.scene.window.span());
        let points = |series: &Series| series.window(now, span, self.points);
        history.and_then(series).map(points).unwrap_or_default()
    }
}

/// What the machine is, in a few words.
fn about(facts: &Facts) -> Vec<String> {
    let os = facts.os.name.clone().or_else(|| facts.os.id.clone());
    let threads = facts.cpu.threads.map(|threads| format!("{threads} threads"));
    let words = [os, facts.os.arch.clone(), threads, facts.memory.total.map(|b| b.to_string())];
    words.into_iter().flatten().collect()
}

/// Why it cannot be reached, and what to do about it.
fn draw_down(canvas: &mut Canvas<'_>, area: Rect, (text, hint): (&str, Option<&str>)) {
    let area = Rect { width: area.width.min(76), ..area };
    let glyphs = canvas.theme.glyphs();
    let mut row = 1;
    for (role, text) in [(Role::Bad, Some(text)), (Role::Text, hint)] {
        for line in wrapped(text.unwrap_or_default(), usize::from(area.width), 4, glyphs) {
            canvas.text(area, row, (role, &line));
            row += 1;
        }
        row += 1;
    }
}
