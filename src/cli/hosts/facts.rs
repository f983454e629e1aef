//! `shelter hosts facts`: everything known about hosts, gathered now.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use crate::cli::args::Selection;
use crate::cli::compose::{Console, close};
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::{Paint, Tone, errors};
use crate::fleet::{Event, Facts, Failure, Host, HostName, Intent, Sensors};
use crate::telemetry::facts::{summary, warnings};

pub async fn run(console: &Console, selection: &Selection) -> Result<Exit, Trouble> {
    let hosts = console.select(&selection.pattern)?;
    let intent = Intent::Ping { hosts: hosts.iter().map(|h| h.name.clone()).collect() };
    let mut work = console.station(None)?.carry_out(intent);
    let mut exit = Exit::Well;
    while let Some(stamped) = work.next_event().await {
        console.floor_free().await;
        match &stamped.event {
            Event::Gathered { host, facts } => show(&hosts, host, facts, selection.json)?,
            Event::Unreachable { host, failure } => {
                exit = Exit::Unreachable;
                complain(host, failure);
            }
            _ => {}
        }
    }
    close(work).await?;
    Ok(exit)
}

fn show(hosts: &[Host], name: &HostName, facts: &Facts, json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        let value = serde_json::json!({ "host": name, "facts": facts });
        return writeln!(out, "{value}");
    }
    let paint = Paint::of_stdout();
    let simulated = hosts.iter().any(|h| h.name == *name && h.sensors == Sensors::Simulated);
    let note = if simulated { "  SIMULATED" } else { "" };
    writeln!(out, "{}{note}", paint.tone(Tone::Strong, name.as_str()))?;
    let rows = summary(facts);
    let width = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    for (label, value) in rows {
        let label = paint.tone(Tone::Muted, &format!("{label:width$}"));
        writeln!(out, "  {label}  {value}")?;
    }
    for warning in warnings(facts) {
        writeln!(out, "  {} {warning}", paint.tone(Tone::Warn, "▲ note"))?;
    }
    writeln!(out)
}

/// Says on stderr that a host did not answer, and what to do about it.
pub fn complain(host: &HostName, failure: &Failure) {
    let paint = Paint::of_stderr();
    errors(&format!("{host}  {}  {}\n", paint.tone(Tone::Bad, "✕ down"), failure.text));
    if let Some(hint) = &failure.hint {
        errors(&format!("    {}\n", paint.tone(Tone::Muted, &format!("→ {hint}"))));
    }
}
