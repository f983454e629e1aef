//! What came of a load: kept, sealed into the history, and shown. Measures nothing.

use std::collections::BTreeMap;
use std::io::Write;

use crate::bench::{Level, Measured, Record, Request, Subject, spread};
use crate::cli::args::Serve;
use crate::cli::bench::list::speed;
use crate::cli::bench::noted::note;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::Paint;
use crate::cli::table::Table;
use crate::fleet::{Sensors, Timestamp};
use crate::records::{self, Benches};
use crate::text::{Report, three_digits};

/// Keeps a record and shows it. Where no request was answered there is nothing to keep.
pub fn tell(
    console: &Console,
    asked: &Serve,
    at: Timestamp,
    record: &Record,
) -> Result<Exit, Trouble> {
    let Measured::Serving(levels) = &record.measured else { return Ok(Exit::Well) };
    let failures = failures(levels);
    if levels.iter().all(|level| level.requests.is_empty()) {
        return Err(unanswered(console, record, &failures)?);
    }
    let stem = format!("{}-{}-{}", at.compact(), record.host, record.subject.model);
    let name = Benches::of(console.home()).keep(&stem, record)?;
    seal(console, record, &name)?;
    let mut out = std::io::stdout().lock();
    if asked.json {
        writeln!(out, "{}", serde_json::json!({ "record": name, "benchmark": record }))?;
    } else {
        out.write_all(page(console, record, &name, levels).as_bytes())?;
        for failure in &failures {
            writeln!(out, "failed: {failure}")?;
        }
    }
    Ok(if failures.is_empty() { Exit::Well } else { Exit::Failed })
}

fn page(console: &Console, record: &Record, name: &str, levels: &[Level]) -> String {
    let simulated = console.inventory().host(&record.host).map(|host| host.sensors);
    let note = if simulated == Some(Sensors::Simulated) { "  SIMULATED sensors" } else { "" };
    let Subject { model, engine, build, setting, .. } = &record.subject;
    let head = format!("{}{note}  {model} · {engine} {build} · {setting}", record.host);
    let table = table(levels).render(Paint::of_stdout());
    let legend = "TTFT first piece · TPOT (last - first) / (tokens - 1) · ITL between pieces · ms";
    let next = format!("kept as {name}; `shelter bench compare {}`", record.host);
    format!("{head}\n{table}{legend}\n{}\n", console.spelling().spell(&next))
}

/// Why requests failed, each reason once with how often.
fn failures(levels: &[Level]) -> Vec<String> {
    let mut often: BTreeMap<&str, usize> = BTreeMap::new();
    for failure in levels.iter().flat_map(|level| &level.failures) {
        *often.entry(failure).or_default() += 1;
    }
    let mut often: Vec<_> = often.into_iter().collect();
    often.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let told = |(failure, times): &(&str, usize)| match times {
        1 => (*failure).to_owned(),
        times => format!("{failure} ({times} times)"),
    };
    often.iter().map(told).collect()
}

fn unanswered(console: &Console, record: &Record, failures: &[String]) -> Result<Trouble, Trouble> {
    let Subject { model, .. } = &record.subject;
    let why = failures.join("; ");
    let text = format!("no request to {model} was answered: {why}");
    note(console, records::Level::Error, &record.host, text)?;
    let report =
        Report::error(format!("no request to `{model}` on `{}` was answered", record.host));
    let report = failures.iter().fold(report, |report, why| report.cause(why));
    Ok(report.help("nothing was kept; the engine's own log says more").into())
}

/// What came of it, sealed into the history.
fn seal(console: &Console, record: &Record, name: &str) -> Result<(), Trouble> {
    let (level, failures) = match record.unanswered() {
        0 => (records::Level::Info, String::new()),
        many => (records::Level::Warn, format!("; {many} requests failed")),
    };
    let text =
        format!("{} served {}{failures}; kept as {name}", record.subject.model, speed(record));
    note(console, level, &record.host, text)
}

fn table(levels: &[Level]) -> Table {
    let mut table = Table::new(&[
        "AT A TIME",
        "ANSWERED",
        "TOKENS/S",
        "TTFT 50/95/99",
        "TPOT 50/95/99",
        "ITL 50/95/99",
        "WHOLE 50/95/99",
    ]);
    for level in levels {
        let requests = &level.requests;
        let of = level.requests.len() + level.failures.len();
        table.row(vec![
            level.concurrency.to_string(),
            format!("{} of {of}", requests.len()),
            three_digits(level.tokens_per_second()),
            three(requests.iter().filter_map(Request::first_ms)),
            three(requests.iter().filter_map(Request::per_token_ms)),
            three(requests.iter().flat_map(Request::gaps_ms)),
            three(requests.iter().map(|request| request.done_ms)),
        ]);
    }
    table
}

fn three(values: impl Iterator<Item = f64>) -> String {
    let told = spread(values).map(|s| [s.p50, s.p95, s.p99].map(three_digits).join(" / "));
    told.unwrap_or_else(|| "n/a".to_owned())
}
