//! `shelter watch list`: what is wrong, who watches, whether healing has halted.

use std::io::Write;

use super::line::{said, tone_of};
use crate::cli::args::Global;
use crate::cli::compose::Console;
use crate::cli::counsel;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::{Paint, Tone};
use crate::cli::spelling::Spelling;
use crate::fleet::{Alert, Fleet, Hush, Matcher, Watching, Wish};
use crate::ops::Clock;
use crate::records::WatchFiles;
use crate::text::{counted, inert_line};

/// Shows it.
pub fn run(json: bool, global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    let files = WatchFiles::of(console.home());
    let (standing, watcher) = (files.standing()?, files.watcher()?);
    let silences = silences(&files)?;
    let mut out = std::io::stdout().lock();
    if json {
        let object =
            serde_json::json!({ "watcher": watcher, "standing": standing, "silences": silences });
        writeln!(out, "{object}")?;
        return Ok(Exit::Well);
    }
    let spelling = console.spelling();
    let text = match &standing {
        Some(standing) => text(standing, Some(watcher.as_deref()), spelling, Paint::of_stdout()),
        None => spelling.spell("nobody has watched this home yet: `shelter --watchdog`\n"),
    };
    out.write_all(text.as_bytes())?;
    for (about, hush) in silences.iter().filter_map(silence) {
        let word = Paint::of_stdout().tone(Tone::Muted, &format!("{:<9}", "silence"));
        let lift = spelling.spell(&format!("shelter watch silence {about} --lift"));
        writeln!(out, "{word} {about}: by {}\n    → {lift}", wished(hush))?;
    }
    out.write_all(counsel::end(&console, &Fleet::default(), false)?.as_bytes())?;
    Ok(Exit::Well)
}

/// The silences that stand, whether or not an alert is hit by them. One that is over waits for a watchdog to clear it away.
fn silences(files: &WatchFiles) -> Result<Vec<Wish>, Trouble> {
    let now = Clock::system().now();
    let mut wishes: Vec<Wish> = files.wishes()?.into_iter().map(|(_, wish)| wish).collect();
    wishes.retain(|wish| silence(wish).is_some_and(|(_, hush)| hush.until > now));
    Ok(wishes)
}

fn silence(wish: &Wish) -> Option<(&Matcher, &Hush)> {
    match wish {
        Wish::Silence { about, hush } => Some((about, hush)),
        Wish::Acknowledge { .. } | Wish::Resume { .. } => None,
    }
}

/// Where the watchdog stands. `watcher`: who watches now, where that is to be told.
pub fn text(
    standing: &Watching,
    watcher: Option<Option<&str>>,
    spelling: &Spelling,
    paint: Paint,
) -> String {
    let mut text = String::new();
    match watcher {
        Some(Some(who)) => text.push_str(&format!("{who} watches; last round {}\n", standing.at)),
        Some(None) => {
            let nobody = paint.tone(Tone::Warn, "nobody watches");
            let way = spelling.spell("`shelter --watchdog`");
            text.push_str(&format!("{nobody} since {}: {way}\n", standing.at));
        }
        None => {}
    }
    if let Some(halt) = &standing.halt {
        let word = paint.tone(Tone::Bad, "HEALING HALTED");
        let run = halt.run.as_ref().map(|run| format!(" (run {run})")).unwrap_or_default();
        text.push_str(&format!("{word} {}: {}: {}{run}\n", halt.since, halt.alert, halt.why));
        text.push_str(&format!("    → {}\n", spelling.spell("shelter watch resume")));
    }
    let (loud, quiet): (Vec<&Alert>, Vec<&Alert>) =
        standing.alerts.iter().partition(|alert| alert.is_loud());
    for alert in loud.iter().chain(&quiet) {
        text.push_str(&block(alert, spelling, paint));
    }
    if standing.alerts.is_empty() {
        text.push_str(&format!("nothing is wrong on {}\n", counted(standing.hosts, "host")));
    }
    text
}

fn block(alert: &Alert, spelling: &Spelling, paint: Paint) -> String {
    let tone = if alert.is_loud() { tone_of(alert.severity) } else { Tone::Muted };
    let word = paint.tone(tone, &format!("{:<9}", alert.severity.word()));
    let id = paint.tone(Tone::Strong, &alert.id.to_string());
    let mut text = format!("{word} {id}: {}\n", said(alert, spelling, paint));
    let mut notes = vec![format!("since {}", alert.since)];
    if alert.times > 1 {
        notes.push(format!("{} times", alert.times));
    }
    if alert.flapping {
        notes.push("comes and goes".to_owned());
    }
    notes.extend(alert.behind.as_ref().map(|behind| format!("follows from {behind}")));
    notes.extend(alert.acknowledged.as_ref().map(|hush| hushed("acknowledged", hush)));
    notes.extend(alert.silenced.as_ref().map(|hush| hushed("silenced", hush)));
    notes.extend(alert.healing.as_ref().map(|healing| spelling.spell(healing)));
    text.push_str(&format!("    {}\n", paint.tone(Tone::Muted, &notes.join("; "))));
    text
}

fn hushed(word: &str, hush: &Hush) -> String {
    format!("{word} by {}", wished(hush))
}

fn wished(hush: &Hush) -> String {
    let why = hush.why.as_ref().map(|why| format!(" ({})", inert_line(why))).unwrap_or_default();
    format!("{} until {}{why}", hush.by, hush.until)
}
