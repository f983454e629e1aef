//! The palette: everything there is to do, found by a few letters of its name.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Overlay;
use super::sheet::{lay, place};
use crate::fleet::HostName;
use crate::theme::Role;
use crate::ui::action::{Action, Place};
use crate::ui::effect::Effect;
use crate::ui::fit::{below, first_shown, line, right, row};
use crate::ui::fuzzy::fits;
use crate::ui::keymap::TABLE;
use crate::ui::model::Model;
use crate::ui::moment::Moment;
use crate::ui::runs;
use crate::ui::scene::Scene;
use crate::ui::touch::{Kind, Touch};
use crate::ui::typing::{Typed, Typing};

/// Columns and rows.
const SIZE: (u16, u16) = (72, 18);

/// What is being looked for.
#[derive(Default)]
pub struct Palette {
    text: Typing,
    at: usize,
}

impl Palette {
    /// Takes a text that was pasted.
    pub fn paste(&mut self, text: &str) {
        self.text.paste(text);
    }
}

/// Something to choose.
#[derive(Clone, Copy)]
enum Choice {
    Act(Action),
    Run(usize),
    Check(usize),
    Show(usize),
    Host(usize),
}

struct Offer {
    text: String,
    aside: String,
    choice: Choice,
}

impl Model {
    pub(super) fn press_palette(&mut self, event: &KeyEvent, moment: Moment<'_>) -> Vec<Effect> {
        let Some(Overlay::Palette(palette)) = &mut self.over else { return Vec::new() };
        match event.code {
            KeyCode::Up => palette.at = palette.at.saturating_sub(1),
            KeyCode::Down => palette.at += 1,
            _ => match palette.text.press(event) {
                Typed::Changed => palette.at = 0,
                Typed::GivenUp => self.over = None,
                Typed::Done => return self.choose(moment),
                Typed::Nothing => {}
            },
        }
        Vec::new()
    }

    /// The mouse while the palette lies over the screen.
    pub(in crate::ui) fn touch_palette(
        &mut self,
        touch: Touch,
        size: Rect,
        moment: Moment<'_>,
    ) -> Vec<Effect> {
        let (sheet, inner) = place(size, SIZE);
        let list = below(inner, 2);
        let Some(Overlay::Palette(palette)) = &self.over else { return Vec::new() };
        let count = self.found(palette, &self.scene(moment)).len();
        let Some(Overlay::Palette(palette)) = &mut self.over else { return Vec::new() };
        let chosen = palette.at.min(count.saturating_sub(1));
        match (touch.kind, touch.row(list)) {
            (Kind::Wheel(Action::Up), _) => palette.at = chosen.saturating_sub(1),
            (Kind::Wheel(_), _) => palette.at = chosen + 1,
            (Kind::Click, Some(row)) => {
                let at = first_shown(chosen, count, list.height) + row;
                if at == chosen {
                    return self.choose(moment);
                }
                palette.at = at.min(count.saturating_sub(1));
            }
            (Kind::Click, None) if !sheet.contains(touch.at) => self.over = None,
            (Kind::Click, None) => {}
        }
        Vec::new()
    }

    fn choose(&mut self, moment: Moment<'_>) -> Vec<Effect> {
        let Some(Overlay::Palette(palette)) = self.over.take() else { return Vec::new() };
        let found = self.found(&palette, &self.scene(moment));
        let Some(entry) = found.get(palette.at.min(found.len().saturating_sub(1))) else {
            return Vec::new();
        };
        match entry.choice {
            Choice::Act(action) => self.act(action, moment),
            Choice::Host(at) => vec![Effect::Choose(at), Effect::Go(Place::Host)],
            Choice::Show(at) => vec![Effect::Pick(at), Effect::Go(Place::Plays)],
            Choice::Run(at) => self.on_shelf(at, Action::Run, moment),
            Choice::Check(at) => self.on_shelf(at, Action::Check, moment),
        }
    }

    fn on_shelf(&mut self, at: usize, action: Action, moment: Moment<'_>) -> Vec<Effect> {
        self.world.picked = at;
        let scene = self.scene(moment);
        let hosts: Vec<HostName> = scene.card().map(|card| card.hosts.clone()).unwrap_or_default();
        runs::on(action, &scene, &hosts, None).unwrap_or_default()
    }

    /// Everything that fits, the best first.
    fn found(&self, palette: &Palette, scene: &Scene<'_>) -> Vec<Offer> {
        let wanted = palette.text.text();
        let mut found: Vec<(i32, Offer)> = self
            .entries(scene)
            .into_iter()
            .filter_map(|entry| Some((fits(wanted, &entry.text)?, entry)))
            .collect();
        if !wanted.is_empty() {
            found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        }
        found.into_iter().map(|(_, entry)| entry).collect()
    }

    fn entries(&self, scene: &Scene<'_>) -> Vec<Offer> {
        let mut entries = Vec::new();
        let mut add = |text: String, aside: String, choice| {
            entries.push(Offer { text, aside, choice });
        };
        for (at, card) in scene.shelf.iter().enumerate() {
            let hosts: Vec<&str> = card.hosts.iter().map(HostName::as_str).collect();
            if self.offers(Action::Run) {
                add(format!("run {}", card.id), hosts.join(" "), Choice::Run(at));
                add(format!("check {}", card.id), hosts.join(" "), Choice::Check(at));
            }
            add(format!("show {}", card.id), card.name.clone(), Choice::Show(at));
        }
        for (at, host) in scene.hosts.iter().enumerate() {
            add(format!("host {}", host.name), String::new(), Choice::Host(at));
        }
        for entry in TABLE.iter().filter(|entry| self.offers(entry.action)) {
            if entry.action == Action::Palette {
                continue;
            }
            let key = self.keymap.keys(entry.action).into_iter().next().unwrap_or_default();
            let name = entry.name.replace('_', " ");
            add(format!("{name}: {}", entry.says), key, Choice::Act(entry.action));
        }
        entries
    }

    pub(super) fn draw_palette(
        &self,
        palette: &Palette,
        scene: &Scene<'_>,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let theme = scene.theme;
        let inner = lay(buf, area, theme, SIZE, "DO");
        let text = palette.text.text();
        line(
            buf,
            inner,
            theme,
            &[(": ", Role::Label), (text, Role::Selected), ("█", Role::Accent)],
        );
        let list = below(inner, 2);
        let found = self.found(palette, scene);
        let chosen = palette.at.min(found.len().saturating_sub(1));
        let first = first_shown(chosen, found.len(), list.height);
        for (at, entry) in found.iter().enumerate().skip(first).take(usize::from(list.height)) {
            let area = row(list, u16::try_from(at - first).unwrap_or(u16::MAX));
            let (mark, role) = if at == chosen {
                (theme.glyphs().cursor(), Role::Selected)
            } else {
                (" ", Role::Text)
            };
            let x =
                line(buf, area, theme, &[(mark, Role::Accent), (" ", role), (&entry.text, role)]);
            let aside = Rect { x: x + 2, width: area.right().saturating_sub(x + 2), ..area };
            right(buf, aside, &entry.aside, theme.style(Role::Label));
        }
        if found.is_empty() {
            line(buf, list, theme, &[("nothing of that name", Role::Label)]);
        }
    }
}
