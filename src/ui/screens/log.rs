//! Screen 5: what there was, narrowed by words: the runs, each of which is replayed on the page that showed it
//! live, and the lines of the history.

mod noted;
mod past;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::fleet::{Purpose, RunState};
use crate::records::{Noted, PastRun};
use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{PAGE, below, inset};
use crate::ui::run_pane::RunPane;
use crate::ui::runs;
use crate::ui::scene::Scene;
use crate::ui::touch::{Kind, Touch};
use crate::ui::widget::{Canvas, Cell, Column, Table};

/// From so many columns on there is room for more about the run under the cursor.
const WIDE: u16 = 112;
/// The columns that take.
const ASIDE: u16 = 44;

/// What of screen 5 is not the world's.
#[derive(Debug, Default)]
pub struct Log {
    /// Whether the history is shown in place of the runs.
    history: bool,
    at: usize,
    filter: String,
    run: Option<RunState>,
    pane: RunPane,
}

impl Log {
    /// Takes an action.
    pub fn on(&mut self, action: Action, scene: &Scene<'_>) -> Vec<Effect> {
        if let Some(run) = &self.run {
            if action == Action::Back {
                self.run = None;
                return vec![Effect::Pick(scene.picked)];
            }
            let run = current(run, scene);
            return match about_run(action, run, scene) {
                Some(effects) => effects,
                None => self.pane.on(action, run, scene),
            };
        }
        let runs = self.runs(scene);
        let of = if self.history { self.lines(scene).len() } else { runs.len() };
        match action {
            Action::Up => self.step(-1, of),
            Action::Down => self.step(1, of),
            Action::PageUp => self.step(-PAGE.cast_signed(), of),
            Action::PageDown => self.step(PAGE.cast_signed(), of),
            Action::Top => self.at = 0,
            Action::Bottom => self.at = of.saturating_sub(1),
            Action::NextPane | Action::PrevPane | Action::Left | Action::Right => {
                (self.history, self.at) = (!self.history, 0);
            }
            Action::Back if !self.filter.is_empty() => {
                self.filter.clear();
                return vec![Effect::Pick(scene.picked)];
            }
            other => return self.wish(other, scene).into_iter().collect(),
        }
        Vec::new()
    }

    /// What a key means for what is under the cursor.
    fn wish(&self, action: Action, scene: &Scene<'_>) -> Option<Effect> {
        if self.history {
            let noted = *self.lines(scene).get(self.at)?;
            return (action == Action::Copy).then(|| Effect::Do(Wish::Copy(noted::told(noted))));
        }
        wish(action, self.runs(scene).get(self.at)?)
    }

    /// Takes what the mouse did.
    pub fn touch(&mut self, touch: Touch, scene: &Scene<'_>, area: Rect) -> Vec<Effect> {
        let area = inset(area, 2);
        if let Some(run) = &self.run {
            return self.pane.touch(touch, current(run, scene), scene, area);
        }
        if let Kind::Wheel(action) = touch.kind {
            return self.on(action, scene);
        }
        let rows = if self.history { self.lines(scene).len() } else { self.runs(scene).len() };
        let list = below(area, 2);
        let list = if self.history || rows == 0 { list } else { beside(list).0 };
        let line = touch.row(list);
        let under = line.and_then(|line| Table::row_at((rows, Some(self.at)), list.height, line));
        match under {
            Some(at) if at == self.at => self.on(Action::Open, scene),
            Some(at) => {
                self.at = at;
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn step(&mut self, by: isize, of: usize) {
        self.at = self.at.saturating_add_signed(by).min(of.saturating_sub(1));
    }

    /// A run there was, as it was asked for.
    pub fn replayed(&mut self, run: RunState) {
        (self.run, self.pane) = (Some(run), RunPane::default());
    }

    /// What the records say by now of a run: one that is looked at is looked at as before.
    pub fn learned(&mut self, run: RunState) {
        if let Some(shown) = self.run.as_mut().filter(|shown| shown.head.run == run.head.run) {
            *shown = run;
        }
    }

    /// Narrows the list, or searches in a run.
    pub fn filter(&mut self, text: &str) {
        match self.run {
            Some(_) => self.pane.filter(text),
            None => (self.filter, self.at) = (text.to_lowercase(), 0),
        }
    }

    /// What runs have to match, or what is searched for.
    pub fn filtered(&self) -> &str {
        match self.run {
            Some(_) => self.pane.filtered(),
            None => &self.filter,
        }
    }

    /// The keys that matter most here.
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        match self.run {
            Some(_) => vec![(Action::Filter, "search"), (Action::Diff, "differences")],
            None if self.history => vec![(Action::NextPane, "runs"), (Action::Filter, "filter")],
            None => {
                vec![
                    (Action::Open, "replay"),
                    (Action::NextPane, "history"),
                    (Action::Filter, "filter"),
                    (Action::Undo, "undo"),
                ]
            }
        }
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let area = inset(area, 2);
        if let Some(run) = &self.run {
            return self.pane.draw(current(run, scene), scene, area, buf);
        }
        let mut canvas = Canvas { buffer: buf, theme: scene.theme };
        let list = below(area, 2);
        if self.history {
            let lines = self.lines(scene);
            self.draw_head(&mut canvas, area, (lines.len(), scene.history.len()));
            let rows: Vec<_> = lines.iter().map(|noted| noted::row(noted, scene.theme)).collect();
            self.draw_list(&mut canvas, list, (&noted::COLUMNS, &rows));
        } else {
            let runs = self.runs(scene);
            self.draw_head(&mut canvas, area, (runs.len(), scene.past.len()));
            let list = self.draw_aside(&mut canvas, list, (&runs, scene));
            let rows: Vec<_> = runs.iter().map(|run| past::row(run, scene.theme)).collect();
            self.draw_list(&mut canvas, list, (&past::COLUMNS, &rows));
        }
    }

    fn draw_list(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        (columns, rows): (&[Column], &[Vec<Cell>]),
    ) {
        if rows.is_empty() {
            let text = match self.filter.is_empty() {
                true => "nothing has been run yet: r on screen 1 or 3 runs a playbook",
                false => "nothing matches",
            };
            return canvas.text(area, 0, (Role::Label, text));
        }
        let cursor = Some(self.at.min(rows.len() - 1));
        Table { columns, rows, cursor }.draw(canvas, area);
    }

    /// More about the run under the cursor, where there is room. What is left for the list.
    fn draw_aside(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        (runs, scene): (&[&PastRun], &Scene<'_>),
    ) -> Rect {
        let Some(run) = runs.get(self.at.min(runs.len().saturating_sub(1))) else { return area };
        let (list, aside) = beside(area);
        if let Some(aside) = aside {
            canvas.upright(aside);
            let page = Rect { x: aside.x + 3, width: ASIDE - 3, ..aside };
            past::draw(canvas, page, (run, scene.now));
        }
        list
    }

    fn draw_head(&self, canvas: &mut Canvas<'_>, area: Rect, (shown, all): (usize, usize)) {
        let (runs, history) = match self.history {
            true => (Role::Label, Role::Heading),
            false => (Role::Heading, Role::Label),
        };
        let pen = canvas.line(area, 0).say(runs, "RUNS").gap(3).say(history, "HISTORY").gap(3);
        let what = if self.history { "lines" } else { "runs" };
        if self.filter.is_empty() {
            pen.say(Role::Label, &format!("{all} {what}"));
        } else {
            let pen = pen.say(Role::Label, &format!("{shown} of {all} {what} with "));
            pen.say(Role::Match, &self.filter);
        }
    }

    /// The runs that match: every word stands somewhere in what is told of one.
    fn runs<'a>(&self, scene: &Scene<'a>) -> Vec<&'a PastRun> {
        scene.past.iter().filter(|run| self.matches(|| past::told(run))).collect()
    }

    /// The lines of the history that match.
    fn lines<'a>(&self, scene: &Scene<'a>) -> Vec<&'a Noted> {
        scene.history.iter().filter(|noted| self.matches(|| noted::told(noted))).collect()
    }

    fn matches(&self, told: impl FnOnce() -> String) -> bool {
        if self.filter.is_empty() {
            return true;
        }
        let told = told();
        self.filter.split_whitespace().all(|word| told.contains(word))
    }
}

/// A run that is looked at, as it stands now: one of this session goes on under one's eyes.
fn current<'a>(run: &'a RunState, scene: &Scene<'a>) -> &'a RunState {
    scene.fleet.runs.get(&run.head.run).unwrap_or(run)
}

/// What a key means for a run that is looked at, whenever it was begun. `None`: it is about the page.
fn about_run(action: Action, run: &RunState, scene: &Scene<'_>) -> Option<Vec<Effect>> {
    match action {
        Action::Cancel | Action::Detach | Action::Resume | Action::Undo => {
            runs::on(action, scene, &[], Some(run))
        }
        _ => None,
    }
}

/// The places of the list and, where there is room, of more about the run under the cursor.
fn beside(area: Rect) -> (Rect, Option<Rect>) {
    if area.width < WIDE {
        return (area, None);
    }
    let width = area.width - ASIDE;
    let aside = Rect { x: area.x + width, width: ASIDE, ..area };
    (Rect { width: width - 2, ..area }, Some(aside))
}

/// What a key means for the run under the cursor.
fn wish(action: Action, run: &PastRun) -> Option<Effect> {
    let name = run.head.run.clone();
    match action {
        Action::Open => Some(Effect::Do(Wish::Replay(name))),
        Action::Copy => Some(Effect::Do(Wish::Copy(past::told(run)))),
        Action::Undo if run.head.purpose == Purpose::Apply => {
            Some(Effect::Ask(Box::new(Wish::Undo(name))))
        }
        Action::Undo => Some(Effect::Say(format!("run {name} changed nothing"))),
        Action::Resume if run.ended.is_none() && run.care.can_be_resumed() => {
            Some(Effect::Do(Wish::Resume(name)))
        }
        Action::Resume => Some(Effect::Say(format!("run {name} is not to be gone on with"))),
        _ => None,
    }
}
