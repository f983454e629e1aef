//! The matrix: a row for each playbook, a column for each host, in each cell how it last went and how long ago.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Plays;
use crate::theme::{Role, State};
use crate::ui::fit::{below, first_shown, line, put, row};
use crate::ui::scene::{Card, Scene, is_live};
use crate::ui::stream::of_last;
use crate::ui::took::ago;
use crate::ui::touch::Touch;

/// The width of a host's column.
const CELL: u16 = 10;
/// The width of the names.
const NAMES: u16 = 30;
/// Hosts whose columns are wished for at least.
const SOME: u16 = 2;

/// A row of the matrix.
struct Line<'a> {
    card: &'a Card,
    picked: bool,
    /// The hosts whose columns are shown, by their places in the inventory.
    hosts: &'a [usize],
}

impl Plays {
    /// The playbooks that match the filter, by their places on the shelf.
    pub(in crate::ui) fn shown(&self, scene: &Scene<'_>) -> Vec<usize> {
        let wanted = self.filter.to_lowercase();
        let fits = |card: &Card| card.id.to_lowercase().contains(&wanted);
        let cards = scene.shelf.iter().enumerate();
        cards.filter(|(_, card)| fits(card)).map(|(at, _)| at).collect()
    }

    /// How wide the matrix wants to be.
    pub(super) fn matrix_width(&self, scene: &Scene<'_>) -> u16 {
        let hosts = u16::try_from(scene.hosts.len()).unwrap_or(u16::MAX).max(SOME);
        NAMES.saturating_add(hosts.saturating_mul(CELL)).saturating_add(4)
    }

    pub(super) fn draw_matrix(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let title = if self.inside { Role::Heading } else { Role::Selected };
        line(buf, area, theme, &[("PLAYS", title)]);
        if !self.filter.is_empty() {
            let at =
                Rect { x: area.x + 7, width: area.width.saturating_sub(7).min(NAMES - 7), ..area };
            line(buf, at, theme, &[("/ ", Role::Key), (&self.filter, Role::Match)]);
        }
        let names = NAMES.min(area.width);
        let hosts = self.columns(scene, area);
        if let (true, Some(first)) = (self.filter.is_empty(), hosts.first())
            && hosts.len() < scene.hosts.len()
        {
            let of = format!("{}–{} of {}", first + 1, first + hosts.len(), scene.hosts.len());
            put(buf, (area.x + 7, area.y), names - 7, &of, theme.style(Role::Label));
        }
        for (place, at) in (0..).zip(&hosts) {
            let Some(host) = scene.hosts.get(*at) else { continue };
            let role =
                if self.column == at + 1 && !self.inside { Role::Selected } else { Role::Label };
            let x = area.x + names + place * CELL;
            put(buf, (x, area.y), CELL - 1, host.name.as_str(), theme.style(role));
        }
        let list = below(area, 2);
        let shown = self.shown(scene);
        let top = top(&shown, scene, list);
        for (place, at) in (0..list.height).zip(shown.iter().skip(top)) {
            let Some(card) = scene.shelf.get(*at) else { continue };
            let line = Line { card, picked: *at == scene.picked, hosts: &hosts };
            self.draw_row(scene, &line, row(list, place), buf);
        }
        if shown.is_empty() {
            let text = if scene.shelf.is_empty() { "being read" } else { "none matches" };
            line(buf, list, theme, &[(text, Role::Faint)]);
        }
    }

    /// The hosts whose columns are shown. They scroll sideways: the one under the cursor is among them.
    fn columns(&self, scene: &Scene<'_>, area: Rect) -> Vec<usize> {
        let fitting = usize::from(area.width.saturating_sub(NAMES.min(area.width)) / CELL);
        let first = self.column.saturating_sub(fitting.max(1));
        (0..scene.hosts.len()).skip(first).take(fitting).collect()
    }

    /// What stands there: a playbook by its place on the shelf, and a column; 0 for all hosts.
    pub(super) fn cell_at(
        &self,
        scene: &Scene<'_>,
        area: Rect,
        touch: Touch,
    ) -> Option<(usize, usize)> {
        let (list, shown) = (below(area, 2), self.shown(scene));
        let card = *shown.get(top(&shown, scene, list) + touch.row(list)?)?;
        let across = (touch.at.x - area.x).checked_sub(NAMES.min(area.width));
        let place = across.map(|across| usize::from(across / CELL));
        let column = place.and_then(|place| self.columns(scene, area).get(place).copied());
        Some((card, column.map_or(0, |at| at + 1)))
    }

    fn draw_row(&self, scene: &Scene<'_>, of: &Line<'_>, area: Rect, buf: &mut Buffer) {
        let Line { card, picked, hosts } = *of;
        let theme = scene.theme;
        let (mark, role) = match picked {
            true => (theme.glyphs().cursor(), Role::Selected),
            false => (" ", Role::Text),
        };
        let number = format!("{:02}  ", card.number);
        let name = Rect { width: NAMES.min(area.width).saturating_sub(1), ..area };
        line(
            buf,
            name,
            theme,
            &[(mark, Role::Accent), (&number, Role::Label), (&card.title(), role)],
        );
        for (place, at) in (0..).zip(hosts) {
            let Some(host) = scene.hosts.get(*at) else { continue };
            let (state, age) = cell(scene, card, &host.name);
            let mark = theme.mark(state);
            let x = area.x + NAMES.min(area.width) + place * CELL;
            let under = picked && !self.inside && (self.column == 0 || self.column == at + 1);
            let cell = Rect { x, width: (CELL - 1).min(area.right().saturating_sub(x)), ..area };
            let role = if under { Role::Selected } else { Role::Label };
            line(buf, cell, theme, &[(mark.glyph, mark.role), (" ", Role::Label), (&age, role)]);
        }
    }
}

/// The first row that is in sight.
fn top(shown: &[usize], scene: &Scene<'_>, list: Rect) -> usize {
    let at = shown.iter().position(|at| *at == scene.picked).unwrap_or(0);
    first_shown(at, shown.len(), list.height)
}

/// How a playbook stands on a host, and how long ago that was; what goes on now comes first.
fn cell(scene: &Scene<'_>, card: &Card, host: &crate::fleet::HostName) -> (State, String) {
    if card.error.is_some() {
        return (State::Failed, "error".to_owned());
    }
    let runs = scene.fleet.runs.values().filter(|run| is_live(run) && run.head.playbook == card.id);
    let mut parts = runs.filter_map(|run| run.hosts.get(host));
    if let Some(part) = parts.rfind(|part| part.outcome.is_none()) {
        return (State::Running, format!("{} of {}", part.done.len(), part.steps.len()));
    }
    if !card.hosts.contains(host) {
        return (State::Skipped, String::new());
    }
    match card.last.get(host) {
        Some(last) => (of_last(last.state), ago(scene.now.since(last.at))),
        None => (State::Never, String::new()),
    }
}
