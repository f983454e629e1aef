//! A measure over time as a thin line in braille: two points to a cell from left to right, four from bottom
//! to top. What is not known is a gap; 0 is a line on the ground.

use std::ops::Range;

use ratatui::layout::Rect;

use super::Canvas;
use crate::theme::{Glyphs, Role};

/// Points of a cell from left to right.
pub const POINTS: usize = 2;
/// Points of a cell from bottom to top.
const LEVELS: usize = 4;

/// The bits of a braille sign, column by column from the bottom up.
const BITS: [[u32; LEVELS]; POINTS] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]];

/// From where on a value is worth a look.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Worth a look.
    pub warn: Option<f64>,
    /// Not as it should be.
    pub bad: Option<f64>,
}

/// A measure over time.
#[derive(Clone, Debug)]
pub struct Plot<'a> {
    /// The points, the newest last.
    pub points: &'a [Option<f64>],
    /// What the height stands for.
    pub scale: Range<f64>,
    /// Where its line changes colour.
    pub limits: Limits,
    /// Whether it hangs from the top rather than standing on the ground.
    pub hangs: bool,
}

impl Limits {
    /// The role of a value.
    pub fn role(self, value: f64) -> Role {
        let above = |limit: Option<f64>| limit.is_some_and(|limit| value >= limit);
        match (above(self.bad), above(self.warn)) {
            (true, _) => Role::Bad,
            (false, true) => Role::Warn,
            (false, false) => Role::Plot,
        }
    }
}

impl Plot<'_> {
    /// How many points fill so many cells.
    pub fn points_for(cells: u16) -> usize {
        usize::from(cells) * POINTS
    }

    /// Draws it; where there are more points than room, the newest.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let room = Self::points_for(area.width);
        let points = &self.points[self.points.len().saturating_sub(room)..];
        let strokes = self.strokes(points, usize::from(area.height) * LEVELS);
        let indent = (room - points.len()) / POINTS;
        for (column, pair) in strokes.chunks(POINTS).enumerate() {
            let x = area.x.saturating_add(u16::try_from(indent + column).unwrap_or(u16::MAX));
            let known = points.iter().skip(column * POINTS).take(POINTS).flatten();
            let role = self.limits.role(known.copied().fold(f64::NEG_INFINITY, f64::max));
            self.column(canvas, Rect { x, width: 1, ..area }, (pair, role));
        }
    }

    /// What each point draws, as the lowest and the highest of its dots: the line goes on from the point
    /// before, wherever that stood.
    fn strokes(&self, points: &[Option<f64>], full: usize) -> Vec<Option<(usize, usize)>> {
        let mut before = None;
        let stroke = |point: &Option<f64>| {
            let here = self.height(*point, full);
            let from = std::mem::replace(&mut before, here);
            let here = here?;
            Some(match from {
                Some(from) if from < here => (from + 1, here),
                Some(from) if from > here => (here, from - 1),
                _ => (here, here),
            })
        };
        points.iter().map(stroke).collect()
    }

    fn column(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        (strokes, role): (&[Option<(usize, usize)>], Role),
    ) {
        let style = canvas.theme.style(role);
        let faint = canvas.theme.style(Role::Trough);
        let shown = area.intersection(canvas.buffer.area);
        for row in shown.y - area.y..shown.bottom() - area.y {
            let up = usize::from(if self.hangs { row } else { area.height - 1 - row }) * LEVELS;
            let dots = |(low, high): (usize, usize)| {
                (0..LEVELS).filter(move |level| (low..=high).contains(&(up + level)))
            };
            let mut bits = 0;
            for (side, stroke) in strokes.iter().enumerate() {
                for level in stroke.iter().copied().flat_map(dots) {
                    let level = if self.hangs { LEVELS - 1 - level } else { level };
                    bits |= BITS[side][level];
                }
            }
            let ground = up == 0 && bits == 0 && strokes.iter().any(Option::is_some);
            let (bits, style) = if ground { (self.ground(), faint) } else { (bits, style) };
            let cell = canvas.buffer.cell_mut((shown.x, area.y + row));
            if let Some(cell) = cell.filter(|_| bits > 0 && !shown.is_empty()) {
                cell.set_char(sign(bits, canvas.theme.glyphs())).set_style(style);
            }
        }
    }

    /// What 0 stands on, drawn faintly below what is known.
    fn ground(&self) -> u32 {
        if self.hangs { 0 } else { BITS[0][0] | BITS[1][0] }
    }

    /// The dot on which a value stands, counted from the ground.
    fn height(&self, value: Option<f64>, full: usize) -> Option<usize> {
        let (span, most) = (self.scale.end - self.scale.start, full.checked_sub(1)?);
        let value = value.filter(|value| value.is_finite() && span > 0.0)?;
        let share = ((value - self.scale.start) / span).clamp(0.0, 1.0);
        Some((share * most as f64).round() as usize)
    }
}

/// The sign of these dots; without braille, one that stands where the highest of them does.
fn sign(bits: u32, glyphs: Glyphs) -> char {
    if glyphs == Glyphs::Fine {
        return char::from_u32(0x2800 + bits).unwrap_or(' ');
    }
    let high = |rows: u32| bits & rows > 0;
    match (high(0x09), high(0x12), high(0x24)) {
        (true, false, false) => '\'',
        (false, true, false) | (true, true, false) => '-',
        (false, _, true) | (false, false, false) => {
            if high(0x12) {
                ':'
            } else {
                '.'
            }
        }
        _ => '|',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{Depth, Theme};
    use ratatui::buffer::Buffer;

    fn shares(points: &[Option<f64>]) -> Plot<'_> {
        Plot { points, scale: 0.0..100.0, limits: Limits::default(), hangs: false }
    }

    fn drawn(plot: &Plot<'_>, (wide, high): (u16, u16), glyphs: Glyphs) -> Vec<String> {
        let area = Rect::new(0, 0, wide, high);
        let mut buffer = Buffer::empty(area);
        let theme = Theme::new(Depth::True, glyphs);
        plot.draw(&mut Canvas { buffer: &mut buffer, theme }, area);
        let cell = |x, y| buffer.cell((x, y)).map_or("", |cell| cell.symbol()).to_owned();
        (0..high).map(|y| (0..wide).map(|x| cell(x, y)).collect()).collect()
    }

    #[test]
    fn a_gap_is_empty_and_0_is_a_line_on_the_ground() {
        let points = [Some(0.0), Some(0.0), None, None, Some(50.0), Some(100.0), None, Some(0.0)];
        let plot = shares(&points);
        assert_eq!(drawn(&plot, (4, 1), Glyphs::Fine), ["⣀ ⠊⢀"]);
        assert_eq!(drawn(&plot, (4, 1), Glyphs::Ascii), [". -."]);
        assert_eq!(drawn(&plot, (4, 2), Glyphs::Fine), ["  ⡸ ", "⣀ ⣀⢀"]);
        assert!(drawn(&plot, (0, 0), Glyphs::Fine).is_empty());
    }

    #[test]
    fn what_hangs_begins_at_the_top() {
        let points = [Some(0.0), Some(100.0)];
        let plot = Plot { hangs: true, ..shares(&points) };
        assert_eq!(drawn(&plot, (1, 1), Glyphs::Fine), ["⢱"]);
    }

    #[test]
    fn the_newest_points_are_shown_and_fewer_stand_at_the_right() {
        let points: Vec<_> = (0..20).map(|at| Some(f64::from(at) * 5.0)).collect();
        assert_eq!(drawn(&shares(&points), (2, 1), Glyphs::Fine), ["⠊⠉"]);
        assert_eq!(drawn(&shares(&points[18..]), (3, 1), Glyphs::Fine), ["  ⠉"]);
    }
}
