//! A grid of cells as an SVG picture: what a terminal shows, with the font that the look is made for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A cell of a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it shows.
    pub text: String,
    /// Its colour, as `#rrggbb`.
    pub ink: String,
    /// Its ground.
    pub ground: String,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is dim.
    pub dim: bool,
    /// Whether it is underlined.
    pub underlined: bool,
}

const WIDE: f64 = 8.4;
const HIGH: f64 = 17.0;
const SIZE: f64 = 14.0;
/// The font of the look, and what there is where it is not installed.
const FONT: &str = "'Fira Code', 'FiraCode Nerd Font', 'DejaVu Sans Mono', monospace";

/// Rows of cells as a picture on a ground.
pub fn picture(rows: &[Vec<Spot>], ground: &str) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let (wide, high) = (columns as f64 * WIDE + 24.0, rows.len() as f64 * HIGH + 24.0);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" \
         font-family=\"{FONT}\" font-size=\"{SIZE}\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" \
         fill=\"{ground}\"/>\n"
    );
    let (mut grounds, mut lines, mut words) =
        (Surfaces::default(), Surfaces::default(), String::new());
    for (y, row) in rows.iter().enumerate() {
        for (x, part) in stretches(row, |spot| spot.ground.clone()) {
            if part[0].ground != ground {
                grounds.add(&part[0].ground, (x, y), (0.0, 0.0, part.len() as f64, 1.0));
            }
        }
        inks((&mut lines, &mut words), row, y);
    }
    svg + &grounds.drawn() + &lines.drawn() + &words + "</svg>\n"
}

fn place(x: usize, y: usize) -> (f64, f64) {
    (12.0 + x as f64 * WIDE, 12.0 + y as f64 * HIGH)
}

/// Neighbours of one look, with the column of the first.
fn stretches<K: PartialEq>(row: &[Spot], look: impl Fn(&Spot) -> K) -> Vec<(usize, &[Spot])> {
    let (mut at, mut found) = (0, Vec::new());
    for part in row.chunk_by(|one, next| look(one) == look(next)) {
        found.push((at, part));
        at += part.len();
    }
    found
}

/// Rectangles of one colour in one path.
#[derive(Default)]
struct Surfaces(BTreeMap<String, String>);

impl Surfaces {
    /// A part of the cells that begin there, counted in cells.
    fn add(&mut self, fill: &str, (x, y): (usize, usize), part: (f64, f64, f64, f64)) {
        let (left, top, wide, high) = part;
        let (x, y) = place(x, y);
        let (left, top, wide, high) = (x + left * WIDE, y + top * HIGH, wide * WIDE, high * HIGH);
        let path = self.0.entry(fill.to_owned()).or_default();
        write!(path, "M{left:.1} {top:.1}h{wide:.1}v{high:.1}h-{wide:.1}z")
            .expect("a text takes all");
    }

    fn drawn(&self) -> String {
        let one = |(fill, path): (&String, &String)| {
            format!("<path fill=\"{fill}\" shape-rendering=\"crispEdges\" d=\"{path}\"/>\n")
        };
        self.0.iter().map(one).collect()
    }
}

fn inks((lines, svg): (&mut Surfaces, &mut String), row: &[Spot], y: usize) {
    let look = |s: &Spot| (s.ink.clone(), s.bold, s.dim, s.underlined, kind(&s.text));
    for (x, part) in stretches(row, look) {
        match kind(&part[0].text) {
            Kind::Blank => {}
            Kind::Word => word(svg, part, (x, y)),
            Kind::Sign => (0..part.len()).for_each(|at| word(svg, &part[at..=at], (x + at, y))),
            Kind::Braille => dots(svg, part, (x, y)),
            Kind::Surface(share) => surface(lines, part, (x, y), share),
        }
    }
}

/// How what a cell shows is drawn. Lines, blocks and dots are drawn as such: fonts differ in how they
/// fill a cell, and few have braille.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Blank,
    Word,
    Sign,
    Braille,
    /// A part of the cell: left, top, width and height as shares of it.
    Surface((f64, f64, f64, f64)),
}

fn kind(text: &str) -> Kind {
    match text.chars().next() {
        None | Some(' ' | '\u{2800}') => Kind::Blank,
        Some('▀') => Kind::Surface((0.0, 0.0, 1.0, 0.5)),
        Some('▌') => Kind::Surface((0.0, 0.0, 0.4, 1.0)),
        Some('█') => Kind::Surface((0.0, 0.0, 1.0, 1.0)),
        Some('│') => Kind::Surface((0.44, 0.0, 0.12, 1.0)),
        Some('─') => Kind::Surface((0.0, 0.47, 1.0, 0.06)),
        Some('━') => Kind::Surface((0.0, 0.43, 1.0, 0.14)),
        Some('\u{2801}'..='\u{28ff}') => Kind::Braille,
        Some(c) if c.is_ascii() => Kind::Word,
        Some(_) => Kind::Sign,
    }
}

fn word(svg: &mut String, part: &[Spot], (x, y): (usize, usize)) {
    let text: String = part.iter().map(|spot| spot.text.as_str()).collect();
    let ((left, top), first) = (place(x, y), &part[0]);
    let mut more = String::new();
    if first.bold {
        more.push_str(" font-weight=\"700\"");
    }
    if first.dim {
        more.push_str(" opacity=\"0.6\"");
    }
    if first.underlined {
        more.push_str(" text-decoration=\"underline\"");
    }
    let (base, ink, text) = (top + 13.0, &first.ink, escaped(&text));
    writeln!(
        svg,
        "<text x=\"{left:.1}\" y=\"{base:.1}\" xml:space=\"preserve\" fill=\"{ink}\"{more}>{text}</text>"
    )
    .expect("a text takes all");
}

fn surface(
    lines: &mut Surfaces,
    part: &[Spot],
    (x, y): (usize, usize),
    (left, top, wide, high): (f64, f64, f64, f64),
) {
    let ink = &part[0].ink;
    if wide >= 1.0 {
        return lines.add(ink, (x, y), (left, top, part.len() as f64, high));
    }
    for at in 0..part.len() {
        lines.add(ink, (x + at, y), (left, top, wide, high));
    }
}

/// The dots of braille signs, as short strokes with round ends.
fn dots(svg: &mut String, part: &[Spot], (x, y): (usize, usize)) {
    const PLACES: [(f64, f64); 8] = [
        (0.27, 0.14),
        (0.27, 0.38),
        (0.27, 0.62),
        (0.73, 0.14),
        (0.73, 0.38),
        (0.73, 0.62),
        (0.27, 0.86),
        (0.73, 0.86),
    ];
    let mut path = String::new();
    for (at, spot) in part.iter().enumerate() {
        let bits = spot.text.chars().next().map_or(0, |sign| u32::from(sign) - 0x2800);
        let (left, top) = place(x + at, y);
        for (bit, (across, down)) in PLACES.iter().enumerate() {
            if bits >> bit & 1 == 1 {
                write!(path, "M{:.1} {:.1}h0", left + across * WIDE, top + down * HIGH)
                    .expect("a text takes all");
            }
        }
    }
    let (ink, dim) = (&part[0].ink, if part[0].dim { " opacity=\"0.6\"" } else { "" });
    writeln!(
        svg,
        "<path d=\"{path}\" stroke=\"{ink}\" stroke-width=\"2.4\" stroke-linecap=\"round\"{dim}/>"
    )
    .expect("a text takes all");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
