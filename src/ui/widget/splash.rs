//! What is seen before there is anything to see: rays of light through a blind, cut across the dark,
//! grain, and the name. Every cell is fixed: nothing here moves.

use ratatui::layout::{Rect, Size};
use ratatui::style::Color;

use super::{Canvas, width};
use crate::theme::{Depth, Role};

/// Whether rays and grain are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effects {
    /// Where the terminal is large, near and knows all colours.
    #[default]
    Auto,
    /// Where the terminal knows all colours.
    On,
    /// Never.
    Off,
}

/// What decides whether effects are worth their bytes.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// How many colours there are.
    pub depth: Depth,
    /// How large the terminal is.
    pub size: Size,
    /// Whether it is at the other end of a link.
    pub remote: bool,
}

/// The smallest terminal with effects.
const LARGE: Size = Size { width: 100, height: 28 };
/// Steps of light: few, so that neighbours look alike and cost nothing to draw.
const STEPS: f64 = 12.0;
/// Beams, and how much of each is open.
const BEAMS: f64 = 7.0;
const OPEN: f64 = 0.56;
/// Where the lamp is, in heights of the area from its middle.
const LAMP: (f64, f64) = (1.25, -1.0);
/// The angles at which the beams leave it.
const FAN: (f64, f64) = (0.38, 1.18);
/// One cell in so many bears a speck.
const SPECKS: u32 = 23;
/// The name.
const NAME: &str = "M O U N T A I N   S H E L T E R";

impl Effects {
    /// The effects of that name, as settings write it.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "on" => Some(Self::On),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    /// Whether they are shown there.
    pub fn shown(self, there: Surroundings) -> bool {
        let large = there.size.width >= LARGE.width && there.size.height >= LARGE.height;
        let wished = match self {
            Self::Auto => large && !there.remote,
            Self::On => true,
            Self::Off => false,
        };
        wished && there.depth == Depth::True
    }
}

/// Draws the name and, below it, what is being waited for; with rays and grain if so wished.
pub fn splash(canvas: &mut Canvas<'_>, area: Rect, said: &str, effects: bool) {
    canvas.clear(area, Role::Ground);
    if effects {
        rays(canvas, area);
        grain(canvas, area);
    }
    let middle = area.height / 2;
    let lines = [
        (middle.saturating_sub(1), Role::Selected, NAME),
        (middle.saturating_add(2), Role::Label, said),
    ];
    for (row, role, text) in lines {
        centred(canvas, area, row).say(role, text);
    }
    let rule = canvas.theme.glyphs().level().repeat(width(NAME));
    centred(canvas, area, middle).say(Role::Rule, &rule);
}

/// A line that begins where the name does.
fn centred<'a>(canvas: &'a mut Canvas<'_>, area: Rect, row: u16) -> super::Pen<'a> {
    let name = u16::try_from(width(NAME)).unwrap_or(u16::MAX);
    canvas.line(area, row).gap(area.width.saturating_sub(name) / 2)
}

/// Lights the ground of an area, two points to a cell from top to bottom.
fn rays(canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let ground = |light: u8| theme.lit(light).bg;
    for at in area.intersection(canvas.buffer.area).positions() {
        let (x, y) = (f64::from(at.x - area.x), f64::from(at.y - area.y) * 2.0);
        let (upper, lower) = (light(area, (x, y)), light(area, (x, y + 1.0)));
        let Some(cell) = canvas.buffer.cell_mut(at) else { continue };
        if upper != lower && cell.symbol() == " " {
            cell.set_symbol("▀").set_fg(ground(upper).unwrap_or(Color::Reset));
        }
        cell.set_bg(ground(lower).unwrap_or(Color::Reset));
    }
}

/// The light at a point of an area, whose height has two points to a cell.
fn light(area: Rect, (x, y): (f64, f64)) -> u8 {
    let height = f64::from(area.height.max(1)) * 2.0;
    let (across, down) = ((x - f64::from(area.width) / 2.0) / height, y / height - 0.5);
    let (left, under) = (LAMP.0 - across, down - LAMP.1);
    let angle = (under.atan2(left) - FAN.0) / (FAN.1 - FAN.0);
    if !(0.0..1.0).contains(&angle) || left <= 0.0 {
        return 0;
    }
    let within = (angle * BEAMS).fract();
    let slat =
        if within < OPEN { (within / OPEN * std::f64::consts::PI).sin().sqrt() } else { 0.0 };
    let edge = (angle * std::f64::consts::PI).sin().sqrt();
    let far = (-left.hypot(under) * 0.62).exp() * 1.75;
    let light = (slat * edge * far).clamp(0.0, 1.0);
    ((light * STEPS).round() / STEPS * 100.0) as u8
}

/// Sets specks on cells that bear nothing.
fn grain(canvas: &mut Canvas<'_>, area: Rect) {
    let style = canvas.theme.style(Role::Grain);
    for at in area.intersection(canvas.buffer.area).positions() {
        if !speck(at.x, at.y) {
            continue;
        }
        if let Some(cell) = canvas.buffer.cell_mut(at)
            && cell.symbol() == " "
        {
            cell.set_symbol("·").set_style(style);
        }
    }
}

/// Whether there is a speck: scattered, and always in the same places.
fn speck(x: u16, y: u16) -> bool {
    let mut seed = u32::from(x).wrapping_mul(0x9e37_79b1) ^ u32::from(y).wrapping_mul(0x85eb_ca77);
    seed = (seed ^ (seed >> 15)).wrapping_mul(0x2c1b_3c6d);
    seed = (seed ^ (seed >> 12)).wrapping_mul(0x297a_2d39);
    (seed ^ (seed >> 15)) % SPECKS == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there(depth: Depth, (width, height): (u16, u16), remote: bool) -> Surroundings {
        Surroundings { depth, size: Size { width, height }, remote }
    }

    #[test]
    fn effects_are_off_below_truecolor_in_small_terminals_and_over_links() {
        let shown = |effects: Effects, there| effects.shown(there);
        assert!(shown(Effects::Auto, there(Depth::True, (120, 40), false)));
        assert!(!shown(Effects::Auto, there(Depth::True, (80, 24), false)));
        assert!(!shown(Effects::Auto, there(Depth::True, (120, 40), true)));
        assert!(!shown(Effects::Auto, there(Depth::Indexed, (120, 40), false)));
        assert!(shown(Effects::On, there(Depth::True, (80, 24), true)));
        assert!(!shown(Effects::On, there(Depth::Sixteen, (200, 60), false)));
        assert!(!shown(Effects::Off, there(Depth::True, (200, 60), false)));
    }
}
