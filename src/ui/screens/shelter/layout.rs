//! Where the panes of screen 1 stand, by how much room there is. Draws the lines between them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::theme::{Role, Theme};
use crate::ui::fit::{put, right};
use crate::ui::scene::Scene;

/// From so many columns on the panes stand side by side.
const WIDE: u16 = 120;

/// A pane of screen 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The playbooks.
    #[default]
    Shelf,
    /// The hosts.
    Hosts,
    /// What happened lately.
    Stream,
}

impl Pane {
    const ALL: [Self; 3] = [Self::Shelf, Self::Hosts, Self::Stream];

    /// Names all panes on the right of the first row, this one before the others.
    pub fn draw_names(self, theme: Theme, area: Rect, buf: &mut Buffer) {
        const NAMES: &str = "playbooks  hosts  stream";
        let (before, name) = match self {
            Self::Shelf => (0, "playbooks"),
            Self::Hosts => (11, "hosts"),
            Self::Stream => (18, "stream"),
        };
        let area = Rect { width: area.width.saturating_sub(2), ..area };
        // Room for the pane's own title has to be left.
        if usize::from(area.width) < NAMES.len() + 30 {
            return;
        }
        let x = right(buf, area, NAMES, theme.style(Role::Faint));
        put(buf, (x + before, area.y), 9, name, theme.style(Role::Selected));
    }

    /// The pane on the left or right of it, around the ends.
    pub fn beside(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        Self::ALL[at.wrapping_add_signed(by + 3) % 3]
    }
}

/// Where the panes stand. A pane without a place is not shown.
pub struct Columns {
    /// The playbooks.
    pub shelf: Option<Rect>,
    /// The hosts, each in a column; one for all where there are many.
    pub hosts: Vec<Rect>,
    /// The stream.
    pub stream: Option<Rect>,
    rules: Vec<Rect>,
    /// Whether there is room for one of them only.
    pub alone: bool,
}

impl Columns {
    /// The places in an area.
    pub fn of(area: Rect, scene: &Scene<'_>, pane: Pane) -> Self {
        if area.width < WIDE || scene.zoom {
            return Self::alone(area, pane);
        }
        // One host leaves room for whole names of playbooks.
        let least = if scene.hosts.len() == 1 { 40 } else { 30 };
        let shelf = (area.width / 4).clamp(least, 40);
        let stream = (area.width * 30 / 100).clamp(34, 68);
        let middle = area.width - shelf - stream;
        let many = scene.hosts.len() > 2;
        let count = if many { 1 } else { u16::try_from(scene.hosts.len()).unwrap_or(1).max(1) };
        let each = middle / count;
        let mut widths = vec![shelf];
        widths
            .extend((0..count).map(|at| if at == 0 { middle - each * (count - 1) } else { each }));
        widths.push(stream);
        let (mut x, mut rules, mut places) = (area.x, Vec::new(), Vec::new());
        for (at, width) in widths.iter().enumerate() {
            if at > 0 {
                rules.push(Rect { x, width: 1, ..area });
            }
            // Behind a line two columns stay empty, before one as well.
            let left = if at > 0 { 3 } else { 2 };
            places.push(Rect { x: x + left, width: width.saturating_sub(left + 2), ..area });
            x += width;
        }
        let stream = places.pop();
        let hosts = places.split_off(1);
        Self { shelf: places.pop(), hosts, stream, rules, alone: false }
    }

    fn alone(area: Rect, pane: Pane) -> Self {
        let area =
            Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(4), ..area };
        let only = |which: Pane| (pane == which).then_some(area);
        let hosts = only(Pane::Hosts).into_iter().collect();
        let stream = only(Pane::Stream);
        Self { shelf: only(Pane::Shelf), hosts, stream, rules: Vec::new(), alone: true }
    }

    /// The pane that stands there.
    pub fn pane_at(&self, at: Position) -> Option<Pane> {
        let over = |area: &Option<Rect>| area.is_some_and(|area| area.contains(at));
        if over(&self.shelf) {
            Some(Pane::Shelf)
        } else if over(&self.stream) {
            Some(Pane::Stream)
        } else {
            self.hosts.iter().any(|area| area.contains(at)).then_some(Pane::Hosts)
        }
    }

    /// The lines between the panes.
    pub fn draw_rules(&self, theme: Theme, buf: &mut Buffer) {
        for rule in &self.rules {
            for at in rule.rows() {
                put(buf, (at.x, at.y), 1, theme.glyphs().upright(), theme.style(Role::Rule));
            }
        }
    }
}
