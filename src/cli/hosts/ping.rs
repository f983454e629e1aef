//! `shelter hosts ping`: who answers, each host as soon as it does.

use std::io::Write;

use crate::cli::args::Selection;
use crate::cli::compose::{Console, close};
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::{Paint, Tone};
use crate::fleet::{Event, Facts, Failure, Host, HostName, Intent, Millis, Sensors, Stamped};

pub async fn run(console: &Console, selection: &Selection) -> Result<Exit, Trouble> {
    let hosts = console.select(&selection.pattern)?;
    let intent = Intent::Ping { hosts: hosts.iter().map(|h| h.name.clone()).collect() };
    let mut work = console.station(None)?.carry_out(intent);
    let mut lines = Lines::new(&hosts, selection.json);
    while let Some(stamped) = work.next_event().await {
        console.floor_free().await;
        lines.show(&stamped)?;
    }
    close(work).await?;
    Ok(if lines.unreachable > 0 { Exit::Unreachable } else { Exit::Well })
}

/// One line per host, written when it has answered or cannot be reached.
struct Lines<'a> {
    hosts: &'a [Host],
    json: bool,
    paint: Paint,
    width: usize,
    answered: Vec<(HostName, Millis)>,
    unreachable: usize,
}

impl<'a> Lines<'a> {
    fn new(hosts: &'a [Host], json: bool) -> Self {
        let width = hosts.iter().map(|h| h.name.as_str().len()).max().unwrap_or(0);
        let (paint, answered) = (Paint::of_stdout(), Vec::new());
        Self { hosts, json, paint, width, answered, unreachable: 0 }
    }

    fn show(&mut self, stamped: &Stamped) -> std::io::Result<()> {
        if matches!(stamped.event, Event::Unreachable { .. }) {
            self.unreachable += 1;
        }
        let mut out = std::io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, stamped)?;
            return writeln!(out);
        }
        match &stamped.event {
            Event::Reached { host, took } => {
                self.answered.push((host.clone(), *took));
                Ok(())
            }
            Event::Gathered { host, facts } => writeln!(out, "{}", self.up(host, facts)),
            Event::Unreachable { host, failure } => {
                out.write_all(self.down(host, failure).as_bytes())
            }
            _ => Ok(()),
        }
    }

    fn up(&self, host: &HostName, facts: &Facts) -> String {
        let took = self.answered.iter().find(|(name, _)| name == host);
        let took = took.map_or_else(|| "n/a".to_owned(), |(_, took)| format!("{} ms", took.0));
        let word = self.paint.tone(Tone::Good, "● up  ");
        let simulated =
            self.hosts.iter().any(|h| h.name == *host && h.sensors == Sensors::Simulated);
        let note = if simulated { "   SIMULATED" } else { "" };
        let width = self.width;
        format!("{host:width$}  {word}  {took:>8}   {}{note}", short(facts))
    }

    fn down(&self, host: &HostName, failure: &Failure) -> String {
        let word = self.paint.tone(Tone::Bad, "✕ down");
        let width = self.width;
        let mut text = format!("{host:width$}  {word}  {}\n", failure.text);
        if let Some(hint) = &failure.hint {
            let hint = self.paint.tone(Tone::Muted, &format!("→ {hint}"));
            text.push_str(&format!("{:width$}          {hint}\n", ""));
        }
        text
    }
}

/// A host in a few words: system, processor, memory, graphics.
fn short(facts: &Facts) -> String {
    let unknown = || "n/a".to_owned();
    let mut words = vec![
        facts.os.name.clone().unwrap_or_else(unknown),
        facts.os.arch.clone().unwrap_or_else(unknown),
        facts.cpu.threads.map_or_else(unknown, |n| format!("{n} threads")),
        facts.memory.total.map_or_else(unknown, |b| b.to_string()),
    ];
    words.extend(facts.gpus.iter().flatten().filter_map(|gpu| gpu.name.clone()));
    words.join(" · ")
}
