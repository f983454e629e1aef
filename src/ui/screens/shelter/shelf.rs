//! The playbooks by number, and how each last went on each host.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Shelter;
use super::layout::Pane;
use super::signs::{EACH, Signs};
use crate::fleet::HostName;
use crate::theme::{Role, State};
use crate::ui::fit::{below, first_shown, line, put, row};
use crate::ui::scene::{Card, Scene};
use crate::ui::stream::of_last;
use crate::ui::took::ago;
use crate::ui::touch::Touch;
use crate::ui::widget::wrapped;

/// Rows at the bottom for the playbook under the cursor.
const ABOUT: u16 = 10;
/// Of many hosts so many states are told.
const COUNTED: usize = 4;

impl Shelter {
    /// The playbooks that match the filter, by their places on the shelf.
    pub(in crate::ui) fn shown(&self, scene: &Scene<'_>) -> Vec<usize> {
        let wanted = self.filter.to_lowercase();
        let fits = |card: &Card| {
            card.id.to_lowercase().contains(&wanted)
                || card.purpose.to_lowercase().contains(&wanted)
        };
        let cards = scene.shelf.iter().enumerate();
        cards.filter(|(_, card)| fits(card)).map(|(at, _)| at).collect()
    }

    /// The playbook that stands there, by its place on the shelf.
    pub(super) fn card_at(&self, scene: &Scene<'_>, area: Rect, touch: Touch) -> Option<usize> {
        let (list, shown) = (list(area), self.shown(scene));
        shown.get(first(&shown, scene, list) + touch.row(list)?).copied()
    }

    pub(super) fn draw_shelf(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let title = if self.pane == Pane::Shelf { Role::Selected } else { Role::Heading };
        line(buf, area, theme, &[("PLAYBOOKS", title)]);
        if !self.filter.is_empty() {
            let at = Rect { x: area.x + 11, width: area.width.saturating_sub(11), ..area };
            line(buf, at, theme, &[("/ ", Role::Key), (&self.filter, Role::Match)]);
        }
        let about = about(area);
        let list = list(area);
        let shown = self.shown(scene);
        let first = first(&shown, scene, list);
        let signs = Signs::of(scene, area.width);
        signs.draw_heads(scene.theme, row(area, 1), buf);
        let mut before = None;
        for (place, at) in (0..).zip(shown.iter().skip(first)) {
            let Some(card) = scene.shelf.get(*at) else { continue };
            let area = row(list, place);
            if area.height == 0 {
                break;
            }
            let number = (before != Some(card.number)).then_some(card.number);
            before = Some(card.number);
            let of = Shelved { card, number, under_cursor: *at == scene.picked };
            draw_card(scene, (&of, &signs), area, buf);
        }
        if shown.is_empty() {
            let text = if scene.shelf.is_empty() { "being read" } else { "none matches" };
            line(buf, list, theme, &[(text, Role::Faint)]);
        }
        if about > 0
            && let Some(card) = scene.card()
        {
            let area = Rect { y: area.bottom() - about + 1, height: about - 1, ..area };
            draw_about(scene, card, area, buf);
        }
    }
}

/// The rows for the playbook under the cursor, where there is room for them.
fn about(area: Rect) -> u16 {
    if area.height > 3 * ABOUT { ABOUT } else { 0 }
}

/// Where the playbooks stand.
fn list(area: Rect) -> Rect {
    let list = below(area, 2);
    Rect { height: list.height.saturating_sub(about(area)), ..list }
}

/// The first of the playbooks that is in sight.
fn first(shown: &[usize], scene: &Scene<'_>, list: Rect) -> usize {
    let at = shown.iter().position(|at| *at == scene.picked).unwrap_or(0);
    first_shown(at, shown.len(), list.height)
}

/// A playbook in its row.
struct Shelved<'a> {
    card: &'a Card,
    /// Its number, on the first of several that have it.
    number: Option<u8>,
    under_cursor: bool,
}

fn draw_card(scene: &Scene<'_>, (of, signs): (&Shelved<'_>, &Signs), area: Rect, buf: &mut Buffer) {
    let Shelved { card, number, under_cursor } = *of;
    let theme = scene.theme;
    let number = number.map_or("  ".to_owned(), |number| format!("{number:02}"));
    let (mark, role) = match under_cursor {
        true => (theme.glyphs().cursor(), Role::Selected),
        false => (" ", Role::Text),
    };
    let name = Rect { width: area.width.saturating_sub(signs.width() + 1), ..area };
    let parts =
        [(mark, Role::Accent), (&number, Role::Label), ("  ", Role::Label), (&card.title(), role)];
    line(buf, name, theme, &parts);
    for (x, state) in signs.columns(area).zip(states(scene, card)) {
        let mark = theme.mark(state);
        put(buf, (x, area.y), 1, mark.glyph, theme.style(mark.role));
    }
}

/// A sign for each host of the fleet, below its name; one for all of many.
fn states(scene: &Scene<'_>, card: &Card) -> Vec<State> {
    let of = |host: &HostName| match card.last.get(host) {
        _ if card.error.is_some() => State::Failed,
        _ if !card.hosts.contains(host) => State::Skipped,
        Some(last) => of_last(last.state),
        None => State::Never,
    };
    let mut states: Vec<State> = scene.hosts.iter().map(|host| of(&host.name)).collect();
    if states.len() > EACH {
        states.retain(|state| *state != State::Skipped);
        return vec![State::worst(states.into_iter())];
    }
    states
}

/// The playbook under the cursor: what it is for, and how it last went.
fn draw_about(scene: &Scene<'_>, card: &Card, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut at = area;
    if card.error.is_some() {
        let mark = theme.mark(State::Failed);
        line(buf, at, theme, &[(mark.glyph, mark.role), (" the file has an error", mark.role)]);
        at = below(at, 1);
    }
    let many = card.hosts.len() > EACH;
    let below_it = if many { COUNTED } else { card.hosts.len().min(EACH) };
    let purpose = usize::from(at.height).saturating_sub(below_it + 1).max(1);
    for text in wrapped(&card.purpose, usize::from(area.width), purpose, theme.glyphs()) {
        line(buf, at, theme, &[(&text, Role::Label)]);
        at = below(at, 1);
    }
    at = below(at, 1);
    if many {
        return draw_counted(scene, card, at, buf);
    }
    for host in card.hosts.iter().take(usize::from(at.height)) {
        let last = card.last.get(host);
        let mark = theme.mark(last.map_or(State::Never, |last| of_last(last.state)));
        let age = last.map_or(String::new(), |last| format!("  {}", ago(scene.now.since(last.at))));
        let name = format!("{host:<10} ");
        let sign = format!("{} {}", mark.glyph, mark.word);
        line(buf, at, theme, &[(&name, Role::Label), (&sign, mark.role), (&age, Role::Label)]);
        at = below(at, 1);
    }
}

/// How it last went on many hosts: how many of each, the worst first.
fn draw_counted(scene: &Scene<'_>, card: &Card, area: Rect, buf: &mut Buffer) {
    let state =
        |host: &HostName| card.last.get(host).map_or(State::Never, |last| of_last(last.state));
    let mut counted: Vec<(State, usize)> = Vec::new();
    for state in card.hosts.iter().map(state) {
        match counted.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counted.push((state, 1)),
        }
    }
    counted.sort_by_key(|(state, _)| std::cmp::Reverse(state.weight()));
    for (place, (state, count)) in (0..area.height).zip(counted) {
        let mark = scene.theme.mark(state);
        let (count, sign) = (format!("{count:>4}  "), format!("{} {}", mark.glyph, mark.word));
        let parts = [(count.as_str(), Role::Text), (sign.as_str(), mark.role)];
        line(buf, row(area, place), scene.theme, &parts);
    }
}
