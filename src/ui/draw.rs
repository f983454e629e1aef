//! The whole picture: ground, header, the screen, footer, and what lies over it. Pure, at any size.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::fleet::Host;
use crate::theme::{Role, State, Theme};

use super::action::{Action, Place};
use super::alerts::alerts;
use super::contact;
use super::fit::{below, inset, line, put, right};
use super::model::Model;
use super::moment::Moment;
use super::report;
use super::scene::Scene;
use super::welcome;
use super::widget::{Canvas, Surroundings, splash};
use super::world::Footing;

/// From so many rows on there is room for an empty one at the top and the bottom.
const AIRY: u16 = 30;

impl Model {
    /// Draws everything.
    pub fn draw(&self, moment: Moment<'_>, buf: &mut Buffer) {
        let area = buf.area;
        let scene = self.scene(moment);
        buf.set_style(area, scene.theme.style(Role::Ground));
        if area.width < 8 || area.height < 3 {
            line(buf, area, scene.theme, &[("shelter", Role::Label)]);
            return;
        }
        self.draw_header(&scene, header(area), buf);
        self.draw_body(&scene, body(area), area, buf);
        if self.world.standing != Footing::Waiting {
            self.draw_footer(&scene, footer(area), buf);
        }
        self.draw_over(moment, area, buf);
    }

    fn draw_body(&self, scene: &Scene<'_>, body: Rect, whole: Rect, buf: &mut Buffer) {
        match &self.world.standing {
            Footing::Waiting => self.draw_splash(scene.theme, whole, buf),
            Footing::NoInventory(place) => welcome::draw(place, scene.theme, body, buf),
            Footing::Wrong(report) => draw_report(report, scene, body, buf),
            Footing::Known => match self.place {
                Place::Shelter => self.shelter.draw(scene, body, buf),
                Place::Host => self.host.draw(scene, body, buf),
                Place::Plays => self.plays.draw(scene, body, buf),
                Place::Bench => self.bench.draw(scene, body, buf),
                Place::Log => self.log.draw(scene, body, buf),
            },
        }
    }

    fn draw_splash(&self, theme: Theme, whole: Rect, buf: &mut Buffer) {
        let size = whole.as_size();
        let there = Surroundings { depth: theme.depth(), size, remote: self.remote };
        let mut canvas = Canvas { buffer: buf, theme };
        splash(&mut canvas, whole, "reading the inventory", self.effects.shown(there));
    }

    fn draw_header(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        if self.world.standing == Footing::Waiting {
            return;
        }
        let mut x = line(buf, area, theme, &[(title(area.width).0, Role::Heading)]);
        if self.world.standing == Footing::Known {
            for (place, at, text) in tabs(area.width) {
                let role = if place == self.place { Role::Selected } else { Role::Label };
                let (from, left) = (area.x + at, area.width.saturating_sub(at));
                x = put(buf, (from, area.y), left, &text, theme.style(role));
            }
        }
        let rest = Rect { x, width: area.right().saturating_sub(x), ..area };
        self.draw_standing(scene, rest, buf);
    }

    /// On the right of the header: how the fleet is, and the time.
    fn draw_standing(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let clock = scene.now.to_string();
        let clock = clock.get(11..16).unwrap_or_default();
        let mut area = area;
        let mut tell = |text: &str, role: Role| {
            if usize::from(area.width) > text.len() + 1 {
                let x = right(buf, area, text, theme.style(role));
                area.width = x.saturating_sub(area.x).saturating_sub(2);
            }
        };
        if self.world.frozen.is_some() {
            tell("frozen", Role::Accent);
        }
        tell(&format!("{clock} UTC"), Role::Label);
        let mut alerts = alerts(scene);
        alerts.retain(|alert| !self.seen.contains(&alert.topic()));
        let unseen = alerts.len();
        let failed = alerts.iter().any(|alert| theme.mark(alert.state).role == Role::Bad);
        match (unseen, failed) {
            (0, _) => {}
            (unseen, true) => {
                tell(&format!(" {} {unseen} ", theme.mark(State::Failed).glyph), Role::Alarm);
            }
            (unseen, false) => {
                let mark = theme.mark(State::Warning);
                tell(&format!("{} {unseen}", mark.glyph), mark.role);
            }
        }
        let is_up =
            |host: &&Host| contact::state(scene.watched(&host.name), scene.now) == State::Ok;
        let up = scene.hosts.iter().filter(is_up).count();
        tell(&format!("{up} of {} up", scene.hosts.len()), Role::Label);
        if scene.read_only {
            tell("read-only", Role::Warn);
        }
        if scene.practice {
            tell("practice", Role::Label);
        }
    }

    fn draw_footer(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        if let Some(filter) = &self.filter {
            let text = filter.text();
            line(
                buf,
                area,
                theme,
                &[("/ ", Role::Key), (text, Role::Selected), ("█", Role::Accent)],
            );
            return;
        }
        let x = self.draw_live(scene, area, buf);
        let area = Rect { width: x.saturating_sub(area.x + 2), ..area };
        if let Some(notice) = &self.notice {
            line(buf, area, theme, &[(notice, Role::Value)]);
            return;
        }
        let mut x = area.x;
        for (key, word) in self.fitting(scene, area.width) {
            let hint = Rect { x, width: area.right().saturating_sub(x), ..area };
            x = line(
                buf,
                hint,
                theme,
                &[(&key, Role::Key), (" ", Role::Label), (word, Role::Label)],
            ) + 3;
        }
    }

    /// The keys there is room for, with what they do: help and the way back before what is special here.
    fn fitting(&self, scene: &Scene<'_>, width: u16) -> Vec<(String, &'static str)> {
        const BETWEEN: usize = 3;
        const ALWAYS: usize = 3;
        let key = |action| self.keymap.keys(action).into_iter().next();
        let hints =
            self.hints(scene).into_iter().filter_map(|(action, word)| Some((key(action)?, word)));
        let mut hints: Vec<(String, &'static str)> = hints.collect();
        let wide = |(key, word): &(String, &str)| key.len() + 1 + word.len() + BETWEEN;
        while hints.iter().map(wide).sum::<usize>() > usize::from(width) + BETWEEN {
            let Some(last) = hints.len().checked_sub(1) else { break };
            hints.remove(last.saturating_sub(ALWAYS));
        }
        hints
    }

    /// On the right of the footer: the run that goes on. Where it begins.
    fn draw_live(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> u16 {
        let Some(run) = scene.live().next() else { return area.right() };
        let theme = scene.theme;
        let mark = theme.mark(State::Running);
        let gone = scene.now.since(run.began).clock();
        let expected = scene.expected(run).map(|took| format!(" of about {}", took.clock()));
        let text =
            format!("{} {}  {gone}{}", mark.glyph, run.head.playbook, expected.unwrap_or_default());
        right(buf, area, &text, theme.style(mark.role))
    }

    /// The keys that matter most here.
    pub(super) fn hints(&self, scene: &Scene<'_>) -> Vec<(Action, &'static str)> {
        if self.world.standing != Footing::Known {
            return vec![(Action::Help, "help"), (Action::Quit, "leave")];
        }
        let mut hints = match self.place {
            Place::Shelter => self.shelter.hints(),
            Place::Host => self.host.hints(),
            Place::Plays => self.plays.hints(),
            Place::Bench => self.bench.hints(),
            Place::Log => self.log.hints(),
        };
        let live = scene.live().next().is_some();
        let of_a_run = |action| matches!(action, Action::Cancel | Action::Detach);
        hints.retain(|(action, _)| self.offers(*action) && (live || !of_a_run(*action)));
        let back = if self.place == Place::Shelter { "leave" } else { "back" };
        hints.extend([(Action::Palette, "do"), (Action::Help, "help"), (Action::Back, back)]);
        hints
    }
}

/// The name of the program as there is room for it, what is left free behind it, and between two screens.
fn title(width: u16) -> (&'static str, u16, u16) {
    if width >= 96 { ("MOUNTAIN SHELTER", 6, 3) } else { ("SHELTER", 2, 1) }
}

/// The screens in a header of that width: each with its place in it and how it is called.
fn tabs(width: u16) -> Vec<(Place, u16, String)> {
    let (name, free, between) = title(width);
    let wide = |text: &str| u16::try_from(text.len()).unwrap_or(u16::MAX);
    let mut at = wide(name) + free;
    let mut tabs = Vec::new();
    for (number, place) in (1..).zip(Place::ALL) {
        let text = format!("{number} {}", place.name());
        let next = at + wide(&text) + between;
        tabs.push((place, at, text));
        at = next;
    }
    tabs
}

/// The screen whose name stands there in a picture of that size.
pub(super) fn tab_at(at: Position, size: Rect) -> Option<Place> {
    let header = header(size);
    let inside = at.x.checked_sub(header.x).filter(|_| at.y == header.y)?;
    let under = |(_, at, text): &(Place, u16, String)| {
        (usize::from(*at)..usize::from(*at) + text.len()).contains(&usize::from(inside))
    };
    tabs(header.width).into_iter().find(under).map(|(place, ..)| place)
}

/// Where the header stands.
fn header(area: Rect) -> Rect {
    inset(Rect { y: area.y + air(area), height: 1, ..area }, 2)
}

/// Where the footer stands.
fn footer(area: Rect) -> Rect {
    inset(Rect { y: area.bottom().saturating_sub(1 + air(area)), height: 1, ..area }, 2)
}

/// Where screens stand.
pub(super) fn body(area: Rect) -> Rect {
    let air = air(area);
    let top = header(area).y + 1 + air.max(u16::from(area.height >= 12));
    Rect { y: top, height: footer(area).y.saturating_sub(top + air), ..area }
}

/// The empty rows at the top and the bottom.
fn air(area: Rect) -> u16 {
    u16::from(area.height >= AIRY)
}

/// What is wrong, as the command line tells it.
fn draw_report(text: &str, scene: &Scene<'_>, body: Rect, buf: &mut Buffer) {
    let at = report::draw(text, scene.theme, inset(below(body, 1), 4), 0, buf);
    line(
        buf,
        below(at, 1),
        scene.theme,
        &[("mend the file: it is read again as soon as it is saved", Role::Label)],
    );
}
