//! `shelter status`: what every host is doing, once or for as long as one looks.

mod block;
mod engine;
mod gpu;
mod line;
mod screen;
mod words;

use std::io::{IsTerminal, Write};
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep_until};

use crate::cli::args::Status;
use crate::cli::compose::Console;
use crate::cli::counsel;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::Paint;
use crate::fleet::{Host, HostName, Millis, Reachability, Sensors, Timestamp};
use crate::ops::{Board, Clock, Persistence, Sampling, Watched, seen};
use crate::telemetry::sampler::Pace;

pub use block::rows;
use screen::Screen;

/// One host as it is to be shown.
struct View<'a> {
    host: &'a Host,
    watched: &'a Watched,
    now: Timestamp,
}

/// How a host is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Connecting,
    Up,
    Stale,
    Down,
}

pub async fn run(console: &Console, asked: &Status) -> Result<Exit, Trouble> {
    let hosts = console.select(&asked.selection.pattern)?;
    let persistence = if asked.watch { Persistence::ForEver } else { Persistence::Once };
    let pace = Pace::seconds(asked.every);
    let mut sampling = Sampling::begin(hosts.clone(), console.ways()?.reach, pace, persistence);
    let look =
        Viewer { console, hosts: &hosts, json: asked.selection.json, clock: Clock::system(), pace };
    if !asked.watch {
        let board = sampling.settled().await;
        return look.once(&board);
    }
    if std::io::stdout().is_terminal() && !look.json {
        return look.redraw(&mut sampling).await;
    }
    look.follow(&mut sampling).await
}

/// Who looks, and how.
struct Viewer<'a> {
    console: &'a Console,
    hosts: &'a [Host],
    json: bool,
    clock: Clock,
    pace: Pace,
}

impl Viewer<'_> {
    fn once(&self, board: &Board) -> Result<Exit, Trouble> {
        let (mut out, now) = (std::io::stdout().lock(), self.clock.now());
        let mut exit = Exit::Well;
        for view in self.views(board, now) {
            if self.json {
                writeln!(out, "{}", view.json())?;
            } else {
                out.write_all(block::text(&view, Paint::of_stdout()).as_bytes())?;
            }
            if view.state() == State::Down {
                exit = Exit::Unreachable;
            }
        }
        out.write_all(counsel::end(self.console, &seen(board), self.json)?.as_bytes())?;
        Ok(exit)
    }

    /// Draws anew at every beat, in place, for as long as the program is let.
    async fn redraw(&self, sampling: &mut Sampling) -> Result<Exit, Trouble> {
        let mut screen = Screen::default();
        let mut beat = Instant::now();
        loop {
            let (board, now) = (sampling.board(), self.clock.now());
            let blocks: String = self
                .views(&board, now)
                .map(|view| block::text(&view, Paint::of_stdout()))
                .collect();
            screen.draw(&format!("{now}\n\n{blocks}"))?;
            beat += Duration::from_millis(self.pace.millis().0.unsigned_abs());
            // The first values are shown as soon as they are there.
            if !board.values().all(Watched::is_settled) {
                tokio::select! { _ = sampling.changed() => beat = Instant::now(), () = sleep_until(beat) => {} }
            } else {
                sleep_until(beat).await;
            }
        }
    }

    /// One line per host whenever it has told something new.
    async fn follow(&self, sampling: &mut Sampling) -> Result<Exit, Trouble> {
        let mut shown = Board::new();
        while sampling.changed().await {
            let (board, now) = (sampling.board(), self.clock.now());
            let mut out = std::io::stdout().lock();
            for view in self.views(&board, now) {
                let known = shown.get(view.name());
                if view.state() == State::Connecting || known == Some(view.watched) {
                    continue;
                }
                let line = if self.json { view.json().to_string() } else { line::text(&view) };
                writeln!(out, "{line}")?;
                shown.insert(view.name().clone(), view.watched.clone());
            }
            out.flush()?;
        }
        Ok(Exit::Well)
    }

    fn views<'b>(&'b self, board: &'b Board, now: Timestamp) -> impl Iterator<Item = View<'b>> {
        let view = move |host: &'b Host| Some(View { host, watched: board.get(&host.name)?, now });
        self.hosts.iter().filter_map(view)
    }
}

impl View<'_> {
    fn name(&self) -> &HostName {
        &self.host.name
    }

    /// How long the host has been silent.
    fn age(&self) -> Option<Millis> {
        self.watched.heard.map(|heard| Millis((self.now.0 - heard.0).max(0)))
    }

    fn state(&self) -> State {
        match &self.watched.contact {
            Reachability::Down(_) => State::Down,
            Reachability::Up(_) if self.watched.sample.is_none() => State::Connecting,
            Reachability::Up(_) if self.watched.is_stale(self.now) => State::Stale,
            Reachability::Up(_) => State::Up,
            Reachability::Unknown | Reachability::Connecting => State::Connecting,
        }
    }

    fn simulated(&self) -> bool {
        self.host.sensors == Sensors::Simulated
    }

    fn json(&self) -> serde_json::Value {
        let failure = match &self.watched.contact {
            Reachability::Down(failure) => Some(failure),
            _ => None,
        };
        json!({
            "host": self.name(),
            "at": self.now,
            "state": self.state(),
            "age_ms": self.age(),
            "simulated": self.simulated(),
            "failure": failure,
            "sample": self.watched.sample.as_deref(),
            "engines": self.watched.engines.as_deref(),
            "trend": &*self.watched.trend,
        })
    }
}
