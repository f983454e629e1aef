//! What the step under the cursor prints, or how it changes files: followed at its end, or scrolled.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{RunPane, Sight};
use crate::fleet::{HostName, HostOutcome, RunState, StepEnd};
use crate::text::counted;
use crate::theme::Role;
use crate::ui::fit::{below, line, right, row};
use crate::ui::scene::Scene;

/// What is shown of a step.
pub struct Shown<'a> {
    /// How it ended, if it has.
    pub end: Option<&'a StepEnd>,
    /// Its lines.
    pub lines: Box<dyn Iterator<Item = String> + 'a>,
}

/// What there is to show of a step on a host.
pub fn of<'a>(
    run: &'a RunState,
    scene: &Scene<'a>,
    (host, number): (Option<&'a HostName>, u32),
    diff: bool,
) -> Shown<'a> {
    let nothing = Shown { end: None, lines: Box::new(std::iter::empty()) };
    let Some((host, part)) = host.and_then(|host| Some((host, run.hosts.get(host)?))) else {
        return nothing;
    };
    if let Some(end) = part.done.iter().rev().find(|end| end.step.number == number) {
        let text = if diff { &end.diff } else { &end.output };
        return Shown { end: Some(end), lines: Box::new(text.lines().map(str::to_owned)) };
    }
    if let Some(tail) = scene.tails.of(&run.head.run, host, number) {
        return Shown { end: None, lines: Box::new(tail.lines().map(str::to_owned)) };
    }
    match &part.outcome {
        Some((
            HostOutcome::Unreachable(why) | HostOutcome::Refused(why) | HostOutcome::LeftOut(why),
            _,
        )) => {
            let lines = why.text.lines().chain(why.hint.as_deref()).map(str::to_owned);
            Shown { end: None, lines: Box::new(lines) }
        }
        _ => nothing,
    }
}

impl RunPane {
    pub(super) fn draw_output(&self, sight: &Sight<'_, '_>, area: Rect, buf: &mut Buffer) {
        let Sight { run, scene, rows, at } = *sight;
        let theme = scene.theme;
        let shown = self.shown(run, scene, at);
        let name = rows.get(at).map_or("", |row| row.name);
        let host = self.name(run).map(|host| format!("{host}  ")).unwrap_or_default();
        let x = line(buf, area, theme, &[(&host, Role::Label), (name, Role::Heading)]);
        let aside = match (self.step, self.scroll) {
            (_, 1..) => format!("{} below", counted(self.scroll, "line")),
            (None, 0) => "following".to_owned(),
            (Some(_), 0) => String::new(),
        };
        let rest = Rect { x, width: area.right().saturating_sub(x), ..area };
        right(buf, rest, &aside, theme.style(Role::Label));
        let mut body = below(area, 1);
        if let Some(why) = shown.end.and_then(why) {
            line(buf, body, theme, &[(&why, Role::Warn)]);
            body = below(body, 1);
        }
        let lines: Vec<String> = shown.lines.collect();
        let height = usize::from(body.height);
        let last = lines.len().saturating_sub(self.scroll.min(lines.len().saturating_sub(height)));
        let first = last.saturating_sub(height);
        for (place, text) in (0..).zip(&lines[first..last]) {
            let role = self.role(text);
            line(buf, row(body, place), theme, &[(text, role)]);
        }
        if lines.is_empty() {
            let text = if self.diff { "no file differs" } else { "nothing was printed" };
            line(buf, body, theme, &[(text, Role::Faint)]);
        }
    }

    fn role(&self, text: &str) -> Role {
        if !self.search.is_empty() && text.contains(&self.search) {
            return Role::Match;
        }
        match text.as_bytes().first() {
            Some(b'+') if self.diff => Role::Added,
            Some(b'-') if self.diff => Role::Removed,
            _ => Role::Text,
        }
    }
}

/// Why a step went as it did, and where it is written.
fn why(end: &StepEnd) -> Option<String> {
    let exit = end.exit.map(|exit| format!("exit status {exit}"));
    let parts: Vec<String> = exit.into_iter().chain(end.why.clone()).collect();
    (!parts.is_empty()).then(|| format!("{}  ({})", parts.join(", "), end.step.place))
}
