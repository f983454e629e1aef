//! Screen 5: what there was. The runs, narrowed by words; each is replayed on the page that showed it live.

mod past;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::fleet::{Purpose, RunState};
use crate::records::PastRun;
use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, inset};
use crate::ui::run_pane::RunPane;
use crate::ui::scene::Scene;
use crate::ui::widget::{Canvas, Table};

/// From so many columns on there is room for more about the run under the cursor.
const WIDE: u16 = 112;
/// The columns that take.
const ASIDE: u16 = 44;
/// Runs that a page goes by.
const PAGE: isize = 10;

/// What of screen 5 is not the world's.
#[derive(Debug, Default)]
pub struct Log {
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
            return self.pane.on(action, run, scene);
        }
        let shown = self.shown(scene);
        let under = shown.get(self.at.min(shown.len().saturating_sub(1))).copied();
        match action {
            Action::Up => self.step(-1, shown.len()),
            Action::Down => self.step(1, shown.len()),
            Action::PageUp => self.step(-PAGE, shown.len()),
            Action::PageDown => self.step(PAGE, shown.len()),
            Action::Top => self.at = 0,
            Action::Bottom => self.at = shown.len().saturating_sub(1),
            Action::Back if !self.filter.is_empty() => {
                self.filter.clear();
                return vec![Effect::Pick(scene.picked)];
            }
            other => return under.and_then(|run| wish(other, run)).into_iter().collect(),
        }
        Vec::new()
    }

    fn step(&mut self, by: isize, of: usize) {
        self.at = self.at.saturating_add_signed(by).min(of.saturating_sub(1));
    }

    /// A run there was, as it was asked for.
    pub fn replayed(&mut self, run: RunState) {
        (self.run, self.pane) = (Some(run), RunPane::default());
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
            None => {
                vec![(Action::Open, "replay"), (Action::Filter, "filter"), (Action::Undo, "undo")]
            }
        }
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        if let Some(run) = &self.run {
            return self.pane.draw(run, scene, inset(area, 2), buf);
        }
        let mut canvas = Canvas { buffer: buf, theme: scene.theme };
        let area = inset(area, 2);
        let shown = self.shown(scene);
        self.draw_head(&mut canvas, area, (shown.len(), scene.past.len()));
        if shown.is_empty() {
            let text = if scene.past.is_empty() {
                "nothing has been run yet: r on screen 1 or 3 runs a playbook"
            } else {
                "nothing matches"
            };
            canvas.text(area, 2, (Role::Label, text));
            return;
        }
        let at = self.at.min(shown.len() - 1);
        let mut list = below(area, 2);
        if list.width >= WIDE {
            list.width -= ASIDE;
            let aside = Rect { x: list.right(), width: ASIDE, ..list };
            canvas.upright(aside);
            let inner = Rect { x: aside.x + 3, width: ASIDE - 3, ..aside };
            past::draw(&mut canvas, inner, (shown[at], scene.now));
            list.width -= 2;
        }
        let rows: Vec<_> = shown.iter().map(|run| past::row(run, scene.theme)).collect();
        Table { columns: &past::COLUMNS, rows: &rows, cursor: Some(at) }.draw(&mut canvas, list);
    }

    fn draw_head(&self, canvas: &mut Canvas<'_>, area: Rect, (shown, all): (usize, usize)) {
        let pen = canvas.line(area, 0).say(Role::Heading, "LOG").gap(3);
        let runs = if all == 1 { "run" } else { "runs" };
        if self.filter.is_empty() {
            pen.say(Role::Label, &format!("{all} {runs}"));
        } else {
            let pen = pen.say(Role::Label, &format!("{shown} of {all} {runs} with "));
            pen.say(Role::Match, &self.filter);
        }
    }

    /// The runs that match: every word stands somewhere in what is told of a run.
    fn shown<'a>(&self, scene: &Scene<'a>) -> Vec<&'a PastRun> {
        let words: Vec<&str> = self.filter.split_whitespace().collect();
        let matches = |run: &&PastRun| {
            let told = past::told(run);
            words.iter().all(|word| told.contains(word))
        };
        scene.past.iter().filter(matches).collect()
    }
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
        _ => None,
    }
}
