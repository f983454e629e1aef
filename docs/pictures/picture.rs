//! Draws a picture of the real console: runs it in a terminal of its own, presses keys as the screen changes, and
//! writes what that terminal shows as SVG. `docs/pictures/draw` makes those of the documentation.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a tool of the repository, run by hand: it may stop where it stands"
)]

mod svg;

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use svg::Spot;

/// How long the screen may take to change as it should.
const PATIENCE: Duration = Duration::from_secs(60);
/// The ground of the console, as a terminal without colours of its own is set up for it.
const GROUND: &str = "#0d0d0d";
/// And its text.
const INK: &str = "#808c81";

const USAGE: &str = "picture OUT.svg WIDTHxHEIGHT DEPTH SECONDS [TEXT KEYS]... -- COMMAND...
  DEPTH    truecolor, 256, 16 or none
  SECONDS  to wait at the end, for plots to fill
  TEXT     what the screen must show before KEYS are pressed";

/// What is asked for.
struct Wish {
    out: String,
    rows: NonZero<u16>,
    columns: NonZero<u16>,
    depth: String,
    settle: Duration,
    script: Vec<(String, String)>,
    command: Vec<String>,
}

impl Wish {
    fn size(&self) -> PtySize {
        let (rows, cols) = (self.rows.get(), self.columns.get());
        PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
    }
}

fn main() {
    let wish = read(std::env::args().skip(1)).expect(USAGE);
    let mut screen = vt100::Parser::new(wish.rows, wish.columns, 0);
    let pair = native_pty_system().openpty(wish.size()).expect("a terminal");
    let mut child = pair.slave.spawn_command(command(&wish)).expect("the console starts");
    drop(pair.slave);
    let mut keys = pair.master.take_writer().expect("a keyboard");
    let shown = shown(pair.master.try_clone_reader().expect("a screen"));
    for (text, press) in &wish.script {
        until(&mut screen, &shown, text);
        keys.write_all(press.as_bytes()).expect("keys are taken");
    }
    settle(&mut screen, &shown, wish.settle);
    let picture = svg::picture(&spots(screen.screen()), GROUND);
    child.kill().expect("the console ends");
    child.wait().expect("the console ends");
    #[expect(clippy::disallowed_methods, reason = "a picture is no record")]
    std::fs::write(&wish.out, picture).expect("the picture is written");
    eprintln!("{}", wish.out);
}

fn read(mut args: impl Iterator<Item = String>) -> Option<Wish> {
    let out = args.next()?;
    let size = args.next()?;
    let (columns, rows) = size.split_once('x')?;
    let (rows, columns) = (rows.parse().ok()?, columns.parse().ok()?);
    let (depth, settle) = (args.next()?, Duration::from_secs(args.next()?.parse().ok()?));
    let mut script = Vec::new();
    loop {
        let text = args.next()?;
        if text == "--" {
            break;
        }
        script.push((text, args.next()?.replace("\\r", "\r").replace("\\t", "\t")));
    }
    Some(Wish { out, rows, columns, depth, settle, script, command: args.collect() })
}

fn command(wish: &Wish) -> CommandBuilder {
    let mut command = CommandBuilder::new(&wish.command[0]);
    command.args(&wish.command[1..]);
    for name in ["COLORTERM", "NO_COLOR", "TERM_PROGRAM", "SSH_CONNECTION", "SSH_TTY", "STY"] {
        command.env_remove(name);
    }
    let (name, value) = match wish.depth.as_str() {
        "truecolor" => ("COLORTERM", "truecolor"),
        "none" => ("NO_COLOR", "1"),
        _ => ("COLORTERM", ""),
    };
    command.env(name, value);
    command.env("TERM", if wish.depth == "16" { "xterm" } else { "xterm-256color" });
    command.cwd(std::env::current_dir().expect("a directory"));
    command
}

/// What the console writes, as it comes.
fn shown(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, shown) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            if sender.send(bytes[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    shown
}

fn until(screen: &mut vt100::Parser, shown: &Receiver<Vec<u8>>, text: &str) {
    let since = Instant::now();
    while !screen.screen().contents().contains(text) {
        let left = PATIENCE.saturating_sub(since.elapsed());
        let bytes = shown.recv_timeout(left);
        let seen = || format!("`{text}` was never shown:\n{}", screen.screen().contents());
        screen.process(&bytes.unwrap_or_else(|_| panic!("{}", seen())));
    }
}

fn settle(screen: &mut vt100::Parser, shown: &Receiver<Vec<u8>>, time: Duration) {
    let end = Instant::now() + time;
    loop {
        match shown.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(bytes) => screen.process(&bytes),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn spots(screen: &vt100::Screen) -> Vec<Vec<Spot>> {
    let (rows, columns) = screen.size();
    let cell = |row, column| screen.cell(row, column).map(of);
    let row = |row| (0..columns.get()).filter_map(|column| cell(row, column)).collect();
    (0..rows.get()).map(row).collect()
}

fn of(cell: &vt100::Cell) -> Spot {
    let (mut ink, mut ground) = (colour(cell.fgcolor(), INK), colour(cell.bgcolor(), GROUND));
    if cell.inverse() {
        (ink, ground) = (ground, ink);
    }
    Spot {
        text: cell.contents().to_owned(),
        ink,
        ground,
        bold: cell.bold(),
        dim: cell.dim(),
        underlined: cell.underline(),
    }
}

/// The colours as xterm has them.
fn colour(colour: vt100::Color, otherwise: &str) -> String {
    const SIXTEEN: [&str; 16] = [
        "#000000", "#cd3131", "#0dbc79", "#b58900", "#2472c8", "#bc3fbc", "#11a8cd", "#c0c0c0",
        "#666666", "#f14c4c", "#23d18b", "#e5c07b", "#3b8eea", "#d670d6", "#29b8db", "#ffffff",
    ];
    let step = |value: u8| if value == 0 { 0 } else { 55 + u32::from(value) * 40 };
    match colour {
        vt100::Color::Default => otherwise.to_owned(),
        vt100::Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        vt100::Color::Idx(number @ 0..16) => SIXTEEN[usize::from(number)].to_owned(),
        vt100::Color::Idx(number @ 16..232) => {
            let cube = number - 16;
            let (red, green, blue) = (step(cube / 36), step(cube / 6 % 6), step(cube % 6));
            format!("#{red:02x}{green:02x}{blue:02x}")
        }
        vt100::Color::Idx(number) => {
            let grey = 8 + u32::from(number - 232) * 10;
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}
