//! A run on the screen, live or replayed: its steps on every host with verdict and time, and below what a step prints.

mod output;
mod steps;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::fleet::{HostName, RunState};
use crate::theme::{Role, State};

use super::action::Action;
use super::effect::{Effect, Wish};
use super::fit::{PAGE, below, first_shown, line, put};
use super::scene::{Scene, is_live};
use super::stream::{of_care, of_outcome};
use super::touch::{Kind, Touch};
use output::Shown;
use steps::Row;

/// Lines that a turn of the wheel goes by.
const TURN: usize = 3;

/// What of a run is in sight.
struct Sight<'a, 'b> {
    run: &'a RunState,
    scene: &'b Scene<'a>,
    rows: &'b [Row<'a>],
    /// The row of the step that is shown.
    at: usize,
}

/// How a run is looked at.
#[derive(Debug, Default)]
pub struct RunPane {
    /// The step under the cursor; `None` follows the one that goes on.
    step: Option<usize>,
    /// The host under the cursor, by its place in the run.
    host: usize,
    /// Lines of the output below the last one shown.
    scroll: usize,
    /// Whether differences of files are shown in place of what was printed.
    diff: bool,
    search: String,
}

impl RunPane {
    /// Takes an action.
    pub fn on(&mut self, action: Action, run: &RunState, scene: &Scene<'_>) -> Vec<Effect> {
        let rows = steps::rows(run);
        let (at, last) = (self.at(run, &rows), rows.len().saturating_sub(1));
        match action {
            Action::Up => self.go(at.saturating_sub(1)),
            Action::Down => self.go((at + 1).min(last)),
            Action::Top => self.go(0),
            Action::Bottom | Action::Follow => (self.step, self.scroll) = (None, 0),
            Action::PageUp => self.scroll += PAGE,
            Action::PageDown => self.scroll = self.scroll.saturating_sub(PAGE),
            Action::Left => (self.host, self.scroll) = (self.host.saturating_sub(1), 0),
            Action::Right => {
                let hosts = run.hosts.len().saturating_sub(1);
                (self.host, self.scroll) = ((self.host + 1).min(hosts), 0);
            }
            Action::Diff => (self.diff, self.scroll) = (!self.diff, 0),
            Action::NextMatch | Action::PrevMatch => self.find(action, run, scene, at),
            Action::Copy => {
                let text: Vec<String> = self.shown(run, scene, at).lines.collect();
                return vec![Effect::Do(Wish::Copy(text.join("\n")))];
            }
            _ => {}
        }
        Vec::new()
    }

    fn go(&mut self, step: usize) {
        (self.step, self.scroll) = (Some(step), 0);
    }

    /// The step that is shown, by its row.
    fn at(&self, run: &RunState, rows: &[Row<'_>]) -> usize {
        let last = rows.len().saturating_sub(1);
        match self.step {
            Some(at) => at.min(last),
            None => steps::newest(run, rows, self.name(run)).min(last),
        }
    }

    /// The host under the cursor.
    fn name<'a>(&self, run: &'a RunState) -> Option<&'a HostName> {
        run.hosts.keys().nth(self.host.min(run.hosts.len().saturating_sub(1)))
    }

    /// Searches for a text in what is printed.
    pub fn filter(&mut self, text: &str) {
        text.clone_into(&mut self.search);
    }

    /// What is searched for.
    pub fn filtered(&self) -> &str {
        &self.search
    }

    /// To the match above or below the last line shown, counted from the end of the output.
    fn find(&mut self, action: Action, run: &RunState, scene: &Scene<'_>, at: usize) {
        if self.search.is_empty() {
            return;
        }
        let lines: Vec<String> = self.shown(run, scene, at).lines.collect();
        let from_end = |found: &usize| lines.len() - 1 - *found;
        let matches = (0..lines.len()).filter(|at| lines[*at].contains(&self.search));
        let mut places = matches.map(|at| from_end(&at));
        let found = match action {
            Action::PrevMatch => places.rfind(|at| *at > self.scroll),
            _ => places.find(|at| *at < self.scroll),
        };
        if let Some(found) = found {
            (self.step, self.scroll) = (Some(at), found);
        }
    }

    fn shown<'a>(&self, run: &'a RunState, scene: &Scene<'a>, at: usize) -> Shown<'a> {
        let rows = steps::rows(run);
        let number = rows.get(at).map_or(0, |row| row.number);
        output::of(run, scene, (self.name(run), number), self.diff)
    }

    /// Takes what the mouse did: a click goes to a step, the wheel through the steps or what one printed.
    pub fn touch(
        &mut self,
        touch: Touch,
        run: &RunState,
        scene: &Scene<'_>,
        area: Rect,
    ) -> Vec<Effect> {
        let rows = steps::rows(run);
        let (upper, lower) = areas(area, rows.len());
        match (touch.kind, upper.contains(touch.at)) {
            (Kind::Wheel(action), true) => return self.on(action, run, scene),
            (Kind::Wheel(Action::Up), false) => self.scroll += TURN,
            (Kind::Wheel(_), false) => self.scroll = self.scroll.saturating_sub(TURN),
            (Kind::Click, _) => {
                let list = below(upper, 1);
                let first = first_shown(self.at(run, &rows), rows.len(), list.height);
                let under = touch.row(list).map(|row| first + row);
                if let Some(step) = under.filter(|step| *step < rows.len()) {
                    self.go(step);
                } else if lower.contains(touch.at) {
                    self.scroll = 0;
                }
            }
        }
        Vec::new()
    }

    /// Draws it.
    pub fn draw<'a>(&self, run: &'a RunState, scene: &Scene<'a>, area: Rect, buf: &mut Buffer) {
        let rows = steps::rows(run);
        let at = self.at(run, &rows);
        draw_head(run, scene, area, buf);
        let (upper, lower) = areas(area, rows.len());
        let sight = Sight { run, scene, rows: &rows, at };
        self.draw_steps(&sight, upper, buf);
        let level = scene.theme.glyphs().level();
        for x in lower.left()..lower.right() {
            put(buf, (x, lower.y), 1, level, scene.theme.style(Role::Hairline));
        }
        self.draw_output(&sight, below(lower, 2), buf);
    }
}

/// The places of the steps and, behind a line, of what is printed.
fn areas(area: Rect, rows: usize) -> (Rect, Rect) {
    let area = below(area, 2);
    let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
    let most = (area.height / 2).max(area.height.saturating_sub(16).min(wanted));
    let upper = Rect { height: wanted.min(most), ..area };
    (upper, below(area, upper.height + 1))
}

/// What the run is, how far it is, and how long it takes.
fn draw_head(run: &RunState, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (mark, live) = (scene.theme.mark(state(run)), is_live(run));
    // What goes on where nobody looks has no time that is known here.
    let (word, took) = match run.ended {
        None if !live => (run.care.word(), String::new()),
        ended => (mark.word, ended.unwrap_or(scene.now).since(run.began).clock()),
    };
    let expected = scene.expected(run).filter(|_| live);
    let expected = expected.map(|took| format!(" of about {}", took.clock())).unwrap_or_default();
    let purpose = format!("  {}  ", run.head.purpose);
    let name = format!("{}  ", run.head.run);
    line(
        buf,
        area,
        scene.theme,
        &[
            (&name, Role::Label),
            (&run.head.playbook, Role::Value),
            (&purpose, Role::Label),
            (mark.glyph, mark.role),
            (" ", mark.role),
            (word, mark.role),
            ("  ", Role::Label),
            (&took, Role::Text),
            (&expected, Role::Label),
        ],
    );
}

/// How a run stands, by the worst of its hosts.
pub fn state(run: &RunState) -> State {
    if run.ended.is_none() {
        return of_care(run.care);
    }
    let states = run.hosts.values().map(|part| match &part.outcome {
        Some((outcome, recap)) => match of_outcome(outcome).0 {
            State::Ok if recap.changed > 0 => State::Changed,
            state => state,
        },
        None => State::Unknown,
    });
    State::worst(states)
}
