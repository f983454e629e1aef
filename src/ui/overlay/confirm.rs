//! The question before something is done: it names the playbook, the hosts and what is disruptive.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Overlay;
use super::sheet::{lay, place};
use crate::fleet::HostName;
use crate::theme::Role;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, line, row};
use crate::ui::keymap::Key;
use crate::ui::model::Model;
use crate::ui::moment::Moment;
use crate::ui::scene::Scene;
use crate::ui::touch::{Kind, Touch};
use crate::ui::widget::width;

/// The columns that names of hosts may take, and the lines.
const NAMES: usize = 46;
const LINES: usize = 4;
/// What stands between the answers.
const APART: &str = "      ";

/// A question that is answered by doing it or not.
pub struct Confirm {
    question: Question,
    yes: bool,
}

/// What is asked.
pub enum Question {
    /// Whether something is to be done.
    Wish(Box<Wish>),
    /// Whether the console is to be left.
    Leave,
}

impl Confirm {
    /// A question. What is disruptive is not answered yes by a key pressed too often.
    pub fn of(question: Question) -> Self {
        let yes = match &question {
            Question::Wish(wish) => match wish.as_ref() {
                Wish::Run(run) => run.disruptive.is_none(),
                Wish::Cancel(_) => true,
                _ => false,
            },
            Question::Leave => true,
        };
        Self { question, yes }
    }

    /// Draws it.
    pub fn draw(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let lines = self.lines(scene);
        let inner = lay(buf, area, theme, size(lines.len()), self.title());
        let mut at = inner;
        for parts in &lines {
            let parts: Vec<(&str, Role)> =
                parts.iter().map(|(text, role)| (text.as_str(), *role)).collect();
            line(buf, row(at, 0), theme, &parts);
            at = below(at, 1);
        }
        let (yes, no) =
            if self.yes { (Role::Selected, Role::Label) } else { (Role::Label, Role::Selected) };
        let (mark, blank) = (format!("{} ", theme.glyphs().cursor()), "  ".to_owned());
        let (left, right) = if self.yes { (&mark, &blank) } else { (&blank, &mark) };
        line(
            buf,
            row(below(at, 1), 0),
            theme,
            &[
                (left, Role::Accent),
                (self.word(), yes),
                (APART, Role::Label),
                (right, Role::Accent),
                ("not now", no),
            ],
        );
    }

    fn title(&self) -> &'static str {
        match &self.question {
            Question::Leave => "LEAVE",
            Question::Wish(wish) => match wish.as_ref() {
                Wish::Run(_) => "RUN",
                Wish::Cancel(_) => "CANCEL",
                Wish::Undo(_) => "TAKE BACK",
                _ => "SURE",
            },
        }
    }

    fn word(&self) -> &'static str {
        match &self.question {
            Question::Leave => "leave",
            Question::Wish(wish) => match wish.as_ref() {
                Wish::Run(_) => "run it",
                Wish::Cancel(_) => "cancel it",
                Wish::Undo(_) => "take it back",
                _ => "do it",
            },
        }
    }

    fn lines(&self, scene: &Scene<'_>) -> Vec<Vec<(String, Role)>> {
        match &self.question {
            Question::Leave => leave(scene),
            Question::Wish(wish) => about(wish, scene),
        }
    }
}

/// The columns and rows for so many lines and the answers.
fn size(lines: usize) -> (u16, u16) {
    (64, u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2))
}

fn said(label: &str, text: impl Into<String>, role: Role) -> Vec<(String, Role)> {
    vec![(format!("{label:<12}"), Role::Label), (text.into(), role)]
}

/// The hosts by name, as many as a few lines hold, and how many that are not named.
fn on(hosts: &[HostName], scene: &Scene<'_>) -> Vec<Vec<(String, Role)>> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut named = 0;
    for host in hosts {
        let line = lines.last_mut().map_or("", |line| line.as_str());
        let text = if line.is_empty() { host.to_string() } else { format!("{line}, {host}") };
        match (width(&text) <= NAMES, lines.len() < LINES) {
            (true, _) => lines.last_mut().into_iter().for_each(|line| line.clone_from(&text)),
            (false, true) => {
                lines.last_mut().into_iter().for_each(|line| line.push(','));
                lines.push(host.to_string());
            }
            (false, false) => break,
        }
        named += 1;
    }
    if named < hosts.len() {
        lines.last_mut().into_iter().for_each(|line| line.push(','));
        lines.push(format!("and {} more", hosts.len() - named));
    }
    let all = (named < hosts.len() && hosts.len() == scene.hosts.len()).then_some("all hosts");
    let labels = std::iter::once("on").chain(std::iter::repeat(""));
    let mut told: Vec<_> = all.into_iter().map(|all| said("on", all, Role::Text)).collect();
    let named = labels.skip(told.len()).zip(&lines);
    told.extend(named.map(|(label, line)| said(label, line.as_str(), Role::Text)));
    told
}

fn leave(scene: &Scene<'_>) -> Vec<Vec<(String, Role)>> {
    let live: Vec<String> =
        scene.live().map(|run| format!("{} {}", run.head.run, run.head.playbook)).collect();
    if live.is_empty() {
        return vec![said("", "nothing goes on here", Role::Text)];
    }
    let mut lines: Vec<_> = live.into_iter().map(|run| said("goes on", run, Role::Value)).collect();
    lines.push(said("", "what has begun to change something goes on by itself;", Role::Text));
    lines.push(said("", "`shelter resume` reads on", Role::Text));
    lines
}

fn about(wish: &Wish, scene: &Scene<'_>) -> Vec<Vec<(String, Role)>> {
    match wish {
        Wish::Run(run) => {
            let mut lines = vec![said("playbook", run.playbook.as_str(), Role::Value)];
            lines.extend(on(&run.hosts, scene));
            if let Some(disruptive) = &run.disruptive {
                lines.push(said("disruptive", disruptive.as_str(), Role::Bad));
            }
            lines
        }
        Wish::Cancel(run) | Wish::Undo(run) => {
            let mut lines = vec![said("run", run.as_str(), Role::Value)];
            if let Some(known) = scene.fleet.runs.get(run) {
                lines.push(said("playbook", known.head.playbook.as_str(), Role::Text));
                lines.extend(on(&known.head.hosts, scene));
            }
            lines
        }
        _ => Vec::new(),
    }
}

impl Model {
    pub(super) fn press_confirm(&mut self, event: &KeyEvent) -> Vec<Effect> {
        let Some(Overlay::Confirm(confirm)) = &mut self.over else { return Vec::new() };
        let action = self.keymap.action(Key::of(event));
        match (action, event.code) {
            (Some(Action::Left | Action::Right | Action::NextPane | Action::PrevPane), _) => {
                confirm.yes = !confirm.yes;
            }
            (Some(Action::Open), _) | (_, KeyCode::Enter) => return self.confirmed(),
            (Some(Action::Back), _) | (_, KeyCode::Esc) => self.over = None,
            (Some(Action::Quit), _) => return vec![Effect::Leave],
            _ => {}
        }
        Vec::new()
    }

    /// The mouse while a question lies over the screen: an answer is chosen, and given by a second click.
    pub(in crate::ui) fn touch_confirm(
        &mut self,
        touch: Touch,
        area: Rect,
        moment: Moment<'_>,
    ) -> Vec<Effect> {
        let Some(Overlay::Confirm(confirm)) = &self.over else { return Vec::new() };
        let lines = confirm.lines(&self.scene(moment)).len();
        let (sheet, inner) = place(area, size(lines));
        let answers = row(below(inner, size(lines).1 - 1), 0);
        let wide = 2 + confirm.word().len() + APART.len() / 2;
        let left = Rect { width: u16::try_from(wide).unwrap_or(u16::MAX), ..answers };
        let given = confirm.yes;
        let yes = match touch.inside(answers) {
            Some(Kind::Click) => left.contains(touch.at),
            None if touch.kind == Kind::Click && !sheet.contains(touch.at) => {
                self.over = None;
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        if let Some(Overlay::Confirm(confirm)) = &mut self.over {
            confirm.yes = yes;
        }
        if given == yes { self.confirmed() } else { Vec::new() }
    }

    fn confirmed(&mut self) -> Vec<Effect> {
        let Some(Overlay::Confirm(Confirm { question, yes })) = self.over.take() else {
            return Vec::new();
        };
        match question {
            _ if !yes => Vec::new(),
            Question::Wish(wish) => vec![Effect::Do(*wish)],
            Question::Leave => vec![Effect::Leave],
        }
    }
}
