//! Screen 4: how fast models are, against what they were before, and what cannot be compared.

mod page;
mod row;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::bench::Standing;
use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, inset};
use crate::ui::scene::Scene;
use crate::ui::screens::block::column;
use crate::ui::touch::{Kind, Touch};
use crate::ui::widget::{Canvas, Plot, Table};

pub(super) use row::stands;

/// From so many columns on the page stands beside the list, else below it.
const WIDE: u16 = 112;
/// The columns it takes there.
const ASIDE: u16 = 50;

/// What of screen 4 is not the world's.
#[derive(Debug, Default)]
pub struct Bench {
    at: usize,
}

impl Bench {
    /// Takes an action.
    pub fn on(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        let standings = scene.benches.standings();
        let last = standings.len().saturating_sub(1);
        match action {
            Action::Up => self.at = self.at.min(last).saturating_sub(1),
            Action::Down => self.at = (self.at + 1).min(last),
            Action::Top => self.at = 0,
            Action::Bottom => self.at = last,
            Action::Copy => {
                let told = standings.get(self.at.min(last)).map(row::told);
                return told.map(|told| Effect::Do(Wish::Copy(told))).into_iter().collect();
            }
            _ => {}
        }
        Vec::new()
    }

    /// Takes what the mouse did.
    pub fn touch(&mut self, touch: Touch, scene: &Scene<'_>, area: Rect) -> Vec<Effect> {
        let rows = scene.benches.standings().len();
        let (list, _) = split(below(inset(area, 2), 2), rows);
        if let Kind::Wheel(action) = touch.kind {
            return self.on(action, scene);
        }
        let line = touch.row(list);
        let under = line.and_then(|line| Table::row_at((rows, Some(self.at)), list.height, line));
        self.at = under.unwrap_or(self.at);
        Vec::new()
    }

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        vec![(Action::Down, "next"), (Action::Copy, "copy")]
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let area = inset(area, 2);
        let mut canvas = Canvas { buffer: buf, theme: scene.theme };
        let standings = scene.benches.standings();
        let head = canvas.line(area, 0).say(Role::Heading, "BENCH").gap(3);
        if standings.is_empty() {
            return draw_nothing(&mut canvas, area, scene);
        }
        head.say(Role::Label, "each against its baseline");
        let at = self.at.min(standings.len() - 1);
        let (list, page) = split(below(area, 2), standings.len());
        if list.width < page.x.saturating_sub(list.x) {
            canvas.upright(Rect { x: page.x - 3, ..page });
        }
        let rows: Vec<_> = standings.iter().map(|one| row::row(one, scene.theme)).collect();
        Table { columns: &row::COLUMNS, rows: &rows, cursor: Some(at) }.draw(&mut canvas, list);
        draw_page(&mut canvas, page, &standings[at]);
    }
}

fn draw_page(canvas: &mut Canvas<'_>, area: Rect, standing: &Standing<'_>) {
    let blocks = page::blocks(standing, Plot::points_for(area.width), canvas.theme);
    column(canvas, area, &blocks);
}

/// The places of the list and of the page.
fn split(area: Rect, rows: usize) -> (Rect, Rect) {
    if area.width >= WIDE {
        let list = Rect { width: area.width - ASIDE - 2, ..area };
        let page = Rect { x: area.right() - ASIDE + 3, width: ASIDE - 3, ..area };
        return (list, page);
    }
    let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(1);
    let high = wanted.min(area.height / 2);
    (Rect { height: high, ..area }, below(area, high + 1))
}

fn draw_nothing(canvas: &mut Canvas<'_>, area: Rect, scene: &Scene<'_>) {
    let command = if scene.practice { "shelter --lab --run 04" } else { "shelter --run 04" };
    canvas.text(area, 2, (Role::Text, "nothing was measured yet"));
    let pen = canvas.line(area, 4).say(Role::Value, command);
    pen.gap(2).say(Role::Label, "measures the models of every host; so does r on screen 3");
}
