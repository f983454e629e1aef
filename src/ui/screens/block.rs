//! A column of a screen as blocks, one below the other: plots take the room that words leave.

use std::ops::Range;

use ratatui::layout::Rect;

use crate::theme::{Mark, Role};
use crate::ui::widget::{Canvas, Limits, Meter, Plot, fit, width};
use crate::ui::words::Said;

/// A part of a column.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// What the next ones are about, and a word about it at the end of the line.
    Heading(String, Said),
    /// What a value is called, and the value.
    Pair(String, Said),
    /// A state, and a word about it at the end of the line.
    State(Mark, Said),
    /// A line of words.
    Words(Vec<Said>),
    /// A share as a line.
    Share(Line, Option<f64>, Limits),
    /// A measure over time.
    Graph(Line, Vec<Option<f64>>, Range<f64>, Limits),
    /// Two measures over time, one standing, one hanging below it, each with its value on its side: what comes and
    /// what goes.
    Twin([Line; 2], [Vec<Option<f64>>; 2], Range<f64>),
    /// Nothing.
    Gap,
}

/// What a value is called, and the value.
#[derive(Clone, Debug)]
pub(super) struct Line(pub String, pub Said);

/// A plot is never higher: it would tell no more.
const HIGHEST: u16 = 6;
/// A plot this high is left so before its neighbours are pressed against it.
const COMFORTABLE: u16 = 3;

impl Block {
    /// A measure over time; where nothing is known of it, the word for that alone.
    pub(super) fn graph(
        label: &str,
        value: Said,
        (points, scale, limits): (Vec<Option<f64>>, Range<f64>, Limits),
    ) -> Self {
        if value.role == Role::Faint && points.iter().all(Option::is_none) {
            return Self::Pair(label.to_owned(), value);
        }
        Self::Graph(Line(label.to_owned(), value), points, scale, limits)
    }

    /// A heading without a word at its end.
    pub(super) fn heading(text: impl Into<String>) -> Self {
        Self::Heading(text.into(), Said::new(Role::Label, ""))
    }

    /// The lines it takes without its plot.
    fn fixed(&self) -> u16 {
        match self {
            Self::Share(..) | Self::Twin(..) => 2,
            _ => 1,
        }
    }

    fn has_plot(&self) -> bool {
        matches!(self, Self::Graph(..) | Self::Twin(..))
    }

    fn is_picture(&self) -> bool {
        self.has_plot() || matches!(self, Self::Share(..))
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        match self {
            Self::Heading(title, note) => head(canvas, area, (Role::Heading, title), note),
            Self::Pair(label, value) => head(canvas, area, (Role::Label, label), value),
            Self::State(mark, aside) => {
                let state = format!("{} {}", mark.glyph, mark.word);
                head(canvas, area, (mark.role, &state), aside);
            }
            Self::Words(words) => {
                let pen = canvas.line(area, 0);
                words.iter().fold(pen, |pen, said| pen.say(said.role, &said.text));
            }
            Self::Share(Line(label, value), share, limits) => {
                head(canvas, area, (Role::Label, label), value);
                Meter { share: *share, limits: *limits }.draw(canvas, area, 1);
            }
            Self::Graph(Line(label, value), points, scale, limits) => {
                head(canvas, area, (Role::Label, label), value);
                let (scale, limits) = (scale.clone(), *limits);
                Plot { points, scale, limits, hangs: false }.draw(canvas, below(area));
            }
            Self::Twin([above, under], [up, down], scale) => {
                head(canvas, area, (Role::Label, &above.0), &above.1);
                let plot = Rect { height: area.height.saturating_sub(2), ..below(area) };
                twin(canvas, plot, [up, down], scale);
                let last = Rect { y: plot.bottom(), height: 1, ..area };
                head(canvas, last, (Role::Label, &under.0), &under.1);
            }
            Self::Gap => {}
        }
    }
}

fn twin(
    canvas: &mut Canvas<'_>,
    area: Rect,
    [up, down]: [&Vec<Option<f64>>; 2],
    scale: &Range<f64>,
) {
    let upper = Rect { height: area.height.div_ceil(2), ..area };
    let lower = Rect { y: upper.bottom(), height: area.height - upper.height, ..area };
    let plot = |points, hangs| {
        let (scale, limits) = (scale.clone(), Limits::default());
        Plot { points, scale, limits, hangs }
    };
    plot(up, false).draw(canvas, upper);
    plot(down, true).draw(canvas, lower);
}

fn below(area: Rect) -> Rect {
    Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area }
}

/// A word at the beginning of a line and one at its end; the end is what counts.
fn head(canvas: &mut Canvas<'_>, area: Rect, (role, label): (Role, &str), value: &Said) {
    let glyphs = canvas.theme.glyphs();
    let taken = width(&value.text).min(usize::from(area.width));
    let room = usize::from(area.width).saturating_sub(taken + 2);
    canvas.line(area, 0).say(role, &fit(label, room, glyphs));
    if !value.text.is_empty() {
        let value_text = fit(&value.text, usize::from(area.width), glyphs);
        canvas.line(area, 0).last(value.role, &value_text);
    }
}

/// How blocks stand in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Arrangement {
    /// How many there is room for.
    kept: usize,
    /// How high their plots are.
    high: u16,
    /// Empty lines behind each that is more than words.
    air: u16,
    /// Whether gaps take a line.
    gaps: bool,
}

/// Draws blocks one below the other. Those for which there is no room are counted in the last line.
pub(super) fn column(canvas: &mut Canvas<'_>, area: Rect, blocks: &[Block]) {
    column_of(canvas, area, blocks, HIGHEST);
}

/// The same with plots that are at most so high: columns side by side look alike.
pub(super) fn column_of(canvas: &mut Canvas<'_>, area: Rect, blocks: &[Block], highest: u16) {
    let Arrangement { kept, high, air, gaps } = standing(blocks, area.height, highest);
    let mut y = area.y;
    for block in &blocks[..kept] {
        if matches!(block, Block::Gap) && !gaps {
            continue;
        }
        let height = block.fixed() + if block.has_plot() { high } else { 0 };
        block.draw(canvas, Rect { y, height, ..area });
        y = y.saturating_add(height + if block.is_picture() { air } else { 0 });
    }
    let hidden = blocks[kept..].iter().filter(|block| !matches!(block, Block::Gap)).count();
    if hidden > 0 && area.height > 0 {
        let more = format!("{hidden} more: z shows this column alone");
        canvas.text(area, area.height - 1, (Role::Label, &more));
    }
}

/// Where room is short plots go first, then gaps, then what stands last: a number tells more than its picture.
fn standing(blocks: &[Block], height: u16, highest: u16) -> Arrangement {
    let count = |which: fn(&Block) -> bool| {
        u16::try_from(blocks.iter().filter(|block| which(block)).count()).unwrap_or(u16::MAX)
    };
    let (plots, pictures) = (count(Block::has_plot), count(Block::is_picture));
    let lines: u16 = blocks.iter().map(Block::fixed).sum();
    let kept = blocks.len();
    if lines + plots <= height {
        let wished = COMFORTABLE.min(highest);
        let air = u16::from(lines + plots * wished + pictures <= height);
        let spare = height.saturating_sub(lines + pictures * air);
        let high = spare.checked_div(plots).unwrap_or(0).min(highest);
        return Arrangement { kept, high, air, gaps: true };
    }
    let gaps = count(|block| matches!(block, Block::Gap));
    if lines - gaps <= height {
        return Arrangement { kept, high: 0, air: 0, gaps: lines <= height };
    }
    let mut room = height.saturating_sub(1);
    let fits = |block: &&Block| {
        let wanted = if matches!(block, Block::Gap) { 0 } else { block.fixed() };
        let fits = wanted <= room;
        room = room.saturating_sub(wanted);
        fits
    };
    Arrangement { kept: blocks.iter().take_while(fits).count(), high: 0, air: 0, gaps: false }
}
