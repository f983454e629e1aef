//! Screen 3: playbooks and hosts as a matrix; beside it what a playbook would do, its program, and the run under way.

mod detail;
mod matrix;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::fleet::{HostName, RunState};
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{PAGE, inset};
use crate::ui::run_pane::RunPane;
use crate::ui::runs;
use crate::ui::scene::Scene;
use crate::ui::sheet::Sheet;
use crate::ui::touch::{Kind, Touch};
use crate::ui::widget::Canvas;

/// From so many columns on the matrix and what belongs to it stand side by side.
const WIDE: u16 = 120;

/// What of screen 3 is not the world's.
#[derive(Debug, Default)]
pub struct Plays {
    /// Whether keys go to the right side.
    inside: bool,
    /// The host under the cursor; 0 for all of them.
    column: usize,
    side: Side,
    sheet: Option<Sheet>,
    scroll: usize,
    run: RunPane,
    filter: String,
}

/// Where the matrix stands, the line behind it, and what belongs to the matrix.
struct Sides {
    matrix: Option<Rect>,
    rule: Option<Rect>,
    side: Option<Rect>,
}

/// What stands on the right side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Side {
    /// What the playbook would do.
    #[default]
    Plan,
    /// The very program.
    Program,
    /// The run under way, or the last one.
    Run,
}

impl Plays {
    /// The screen comes into view.
    pub fn enter(&mut self, scene: &Scene<'_>) -> Vec<Effect> {
        if scene.live().next().is_some() {
            self.side = Side::Run;
        }
        self.plan(scene)
    }

    /// The run that begins next is to be watched.
    pub fn watch_next(&mut self) {
        (self.side, self.inside, self.run) = (Side::Run, true, RunPane::default());
    }

    /// A plan has come; one that was asked for before the cursor went on is dropped.
    pub fn planned(&mut self, sheet: Sheet) {
        self.sheet = Some(sheet);
        self.scroll = 0;
    }

    /// Takes an action.
    pub fn on(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        let run = self.run_shown(scene);
        match action {
            Action::NextPane | Action::PrevPane => self.inside = !self.inside,
            Action::Program => {
                let next = if self.side == Side::Program { Side::Plan } else { Side::Program };
                (self.side, self.scroll) = (next, 0);
                return self.plan(scene);
            }
            Action::Ping => return vec![Effect::Do(Wish::Ping(self.hosts(scene)))],
            Action::Back if self.inside => {
                self.inside = false;
                return vec![Effect::Pick(scene.picked)];
            }
            Action::Back if !self.filter.is_empty() => {
                self.filter.clear();
                return vec![Effect::Pick(scene.picked)];
            }
            other => {
                let hosts = self.hosts(scene);
                if let Some(effects) = runs::on(other, scene, &hosts, run) {
                    return effects;
                }
                return if self.inside {
                    self.on_side(other, run, scene)
                } else {
                    self.on_matrix(other, scene)
                };
            }
        }
        Vec::new()
    }

    /// Takes what the mouse did.
    pub fn touch(&mut self, touch: Touch, scene: &Scene<'_>, area: Rect) -> Vec<Effect> {
        let Sides { matrix, side, .. } = self.sides(scene, area);
        if side.is_some_and(|side| side.contains(touch.at)) {
            self.inside = true;
            return self.touch_side(touch, scene, side.unwrap_or_default());
        }
        let Some(matrix) = matrix.filter(|matrix| matrix.contains(touch.at)) else {
            return Vec::new();
        };
        let before = (std::mem::take(&mut self.inside), self.column);
        if let Kind::Wheel(action) = touch.kind {
            return self.on_matrix(action, scene);
        }
        let Some((at, column)) = self.cell_at(scene, matrix, touch) else { return Vec::new() };
        self.column = column;
        if at == scene.picked && before == (false, column) {
            return self.on_matrix(Action::Open, scene);
        }
        let mut effects = vec![Effect::Pick(at)];
        effects.extend(self.plan(&Scene { picked: at, ..*scene }));
        effects
    }

    fn touch_side(&mut self, touch: Touch, scene: &Scene<'_>, area: Rect) -> Vec<Effect> {
        let run = self.run_shown(scene);
        match (self.side, run, touch.kind) {
            (Side::Run, Some(run), _) => self.run.touch(touch, run, scene, area),
            (_, _, Kind::Wheel(action)) => self.on_side(action, run, scene),
            (_, _, Kind::Click) => Vec::new(),
        }
    }

    fn on_matrix(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        match action {
            Action::Left => self.column = self.column.saturating_sub(1),
            Action::Right => self.column = (self.column + 1).min(scene.hosts.len()),
            Action::Open => {
                self.inside = true;
                if self.side == Side::Run && scene.live().next().is_none() {
                    self.side = Side::Plan;
                }
            }
            Action::Follow => (self.side, self.inside) = (Side::Run, true),
            other => return self.step(other, scene),
        }
        self.plan(scene)
    }

    fn step(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        let by = match action {
            Action::Up => -1,
            Action::Down => 1,
            Action::PageUp => -PAGE.cast_signed(),
            Action::PageDown => PAGE.cast_signed(),
            Action::Top => isize::MIN / 2,
            Action::Bottom => isize::MAX / 2,
            _ => return Vec::new(),
        };
        let shown = self.shown(scene);
        let at = shown.iter().position(|at| *at == scene.picked).unwrap_or(0);
        let at = at.saturating_add_signed(by).min(shown.len().saturating_sub(1));
        let Some(picked) = shown.get(at) else { return Vec::new() };
        if self.side == Side::Run {
            self.side = Side::Plan;
        }
        let mut effects = vec![Effect::Pick(*picked)];
        effects.extend(self.plan(&Scene { picked: *picked, ..*scene }));
        effects
    }

    fn on_side(
        &mut self,
        action: Action,
        run: Option<&RunState>,
        scene: &Scene<'_>,
    ) -> Vec<Effect> {
        if self.side == Side::Run {
            return run.map(|run| self.run.on(action, run, scene)).unwrap_or_default();
        }
        match action {
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down => self.scroll += 1,
            Action::PageUp => self.scroll = self.scroll.saturating_sub(PAGE),
            Action::PageDown => self.scroll += PAGE,
            Action::Top => self.scroll = 0,
            Action::Left => self.inside = false,
            Action::Follow => self.side = Side::Run,
            Action::Copy => {
                let text = self.sheet.as_ref().map(|sheet| sheet.program.join("\n"));
                return text.map(|text| Effect::Do(Wish::Copy(text))).into_iter().collect();
            }
            _ => {}
        }
        Vec::new()
    }

    /// The hosts a key for runs speaks of: the one under the cursor, or all that are meant.
    fn hosts(&self, scene: &Scene<'_>) -> Vec<HostName> {
        let meant = scene.card().map(|card| card.hosts.clone()).unwrap_or_default();
        match self.column.checked_sub(1).and_then(|at| scene.hosts.get(at)) {
            Some(host) => meant.into_iter().filter(|name| *name == host.name).collect(),
            None => meant,
        }
    }

    /// The host whose plan is shown.
    fn host(&self, scene: &Scene<'_>) -> Option<HostName> {
        self.hosts(scene).into_iter().next()
    }

    /// Asks for the plan of what is under the cursor.
    pub fn plan(&self, scene: &Scene<'_>) -> Vec<Effect> {
        let (Some(card), Some(host)) = (scene.card(), self.host(scene)) else { return Vec::new() };
        if card.error.is_some() {
            return Vec::new();
        }
        vec![Effect::Do(Wish::Plan { playbook: card.id.clone(), host })]
    }

    fn run_shown<'a>(&self, scene: &Scene<'a>) -> Option<&'a RunState> {
        scene.latest()
    }

    /// Shows only playbooks that match; inside a run, searches in it.
    pub fn filter(&mut self, text: &str) {
        if self.inside && self.side == Side::Run {
            self.run.filter(text);
        } else {
            text.clone_into(&mut self.filter);
        }
    }

    /// What playbooks have to match.
    pub fn filtered(&self) -> &str {
        if self.inside { self.run.filtered() } else { &self.filter }
    }

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        match (self.inside, self.side) {
            (true, Side::Run) => vec![
                (Action::Cancel, "cancel"),
                (Action::Detach, "leave it running"),
                (Action::Follow, "follow"),
                (Action::Filter, "search"),
                (Action::Undo, "take back"),
            ],
            (true, _) => {
                vec![(Action::Run, "run"), (Action::Check, "check"), (Action::Program, "program")]
            }
            (false, _) => vec![
                (Action::Run, "run"),
                (Action::Check, "check"),
                (Action::Program, "program"),
                (Action::Follow, "the run"),
            ],
        }
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let Sides { matrix, rule, side } = self.sides(scene, area);
        if let Some(matrix) = matrix {
            self.draw_matrix(scene, matrix, buf);
        }
        if let Some(rule) = rule {
            Canvas { buffer: buf, theme: scene.theme }.upright(rule);
        }
        if let Some(side) = side {
            self.draw_side(scene, side, buf);
        }
    }

    /// What stands where: side by side where there is room for both.
    fn sides(&self, scene: &Scene<'_>, area: Rect) -> Sides {
        if area.width < WIDE || scene.zoom {
            let only = inset(area, 2);
            let (matrix, side) = (!self.inside, self.inside);
            return Sides {
                matrix: matrix.then_some(only),
                rule: None,
                side: side.then_some(only),
            };
        }
        let left = self.matrix_width(scene).min(area.width / 2);
        let rule = Rect { x: area.x + left, width: 1, ..area };
        let side = Rect { x: rule.x + 3, width: area.width.saturating_sub(left + 5), ..area };
        let matrix = Rect { x: area.x + 2, width: left.saturating_sub(4), ..area };
        Sides { matrix: Some(matrix), rule: Some(rule), side: Some(side) }
    }
}
