//! `shelter bench compare`: figure by figure, before and now. What was not measured alike is refused, with the difference
//! named.

use std::io::Write;

use serde_json::json;

use crate::bench::{Comparison, Record, Shift, Verdict, compare};
use crate::cli::args::Compare;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Outcome, Trouble};
use crate::cli::paint::{Paint, Tone};
use crate::cli::table::Table;
use crate::text::{Report, three_digits};

use super::Shelf;

pub fn run(console: &Console, asked: &Compare) -> Outcome {
    let shelf = Shelf::open(console)?;
    let pairs = pairs(console, &shelf, asked)?;
    let (mut out, mut exit) = (std::io::stdout().lock(), Exit::Well);
    for (before, now) in &pairs {
        let compared = compare(before, now);
        let page = Page { shelf: &shelf, before, now, compared: &compared, anyway: asked.anyway };
        let told = if asked.selection.json { page.json() } else { page.text(Paint::of_stdout()) };
        out.write_all(told.as_bytes())?;
        if asked.exit_drift && compared.worse().next().is_some() {
            exit = Exit::Drift;
        }
    }
    if pairs.is_empty() && !asked.selection.json {
        writeln!(out, "nothing to compare: no model was measured twice on one host")?;
    }
    Ok(exit)
}

/// The records to compare: those that are named, else every newest one with its baseline, or where it is the first of its
/// kind with the newest of another kind of the same model, so that the difference is named.
fn pairs<'s>(
    console: &Console,
    shelf: &'s Shelf,
    asked: &Compare,
) -> Result<Vec<(&'s Record, &'s Record)>, Trouble> {
    if let (Some(before), Some(now)) = (&asked.before, &asked.now) {
        if before == now {
            return Err(Report::error(format!("`{now}` is compared with itself")).into());
        }
        return Ok(vec![(shelf.record(before)?, shelf.record(now)?)]);
    }
    let hosts = console.select(&asked.selection.pattern)?;
    let standings = shelf.standings(|name| hosts.iter().any(|host| host.name.as_str() == name));
    let pair = |standing: &crate::bench::Standing<'s>| {
        let now = standing.newest;
        if !standing.is_first() {
            return Some((standing.baseline, now));
        }
        let kin = |record: &&Record| {
            let same = (&record.host, &record.subject.model) == (&now.host, &now.subject.model);
            same && record.at < now.at && record.subject != now.subject
        };
        let before = shelf.records().iter().filter(kin).max_by(|one, other| one.at.cmp(&other.at));
        before.map(|before| (before, now))
    };
    Ok(standings.iter().filter_map(pair).collect())
}

/// One comparison as it is shown.
struct Page<'a> {
    shelf: &'a Shelf,
    before: &'a Record,
    now: &'a Record,
    compared: &'a Comparison,
    anyway: bool,
}

impl Page<'_> {
    fn json(&self) -> String {
        let (before, now) = (self.shelf.name(self.before), self.shelf.name(self.now));
        let fair = self.compared.is_fair();
        let object =
            json!({ "before": before, "now": now, "fair": fair, "comparison": self.compared });
        format!("{object}\n")
    }

    fn text(&self, paint: Paint) -> String {
        let Record { host, subject, .. } = self.now;
        let title =
            format!("{host} · {} {} · {}", subject.model, subject.quantisation, subject.build);
        let (before, now) = (self.shelf.name(self.before), self.shelf.name(self.now));
        let (before, now) = (before.unwrap_or_default(), now.unwrap_or_default());
        let mut text = format!("{}\n  {before} → {now}\n", paint.tone(Tone::Strong, &title));
        for unlike in &self.compared.unlike {
            let line = format!("{}: {} → {}", unlike.what, unlike.before, unlike.now);
            text.push_str(&format!("  {} {line}\n", paint.tone(Tone::Warn, "▲ not alike")));
        }
        if !self.compared.is_fair() && !self.anyway {
            text.push_str("  not compared; --anyway does\n\n");
            return text;
        }
        let mut table = Table::new(&["FIGURE", "BEFORE", "NOW", "BETTER BY", "NOISE", "VERDICT"]);
        for shift in &self.compared.shifts {
            table.row(row(shift, self.compared.is_fair()));
        }
        for line in table.render(paint).lines() {
            text.push_str(&format!("  {line}\n"));
        }
        text + "\n"
    }
}

fn row(shift: &Shift, fair: bool) -> Vec<String> {
    let verdict = match shift.verdict {
        _ if !fair => "? not alike",
        Verdict::Worse => "▼ worse",
        Verdict::Same => "● same",
        Verdict::Better => "▲ better",
    };
    vec![
        shift.name.clone(),
        three_digits(shift.before),
        three_digits(shift.now),
        format!("{:+.1} %", shift.better_by),
        format!("± {:.1} %", shift.noise),
        verdict.to_owned(),
    ]
}
