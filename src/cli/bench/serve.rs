//! `shelter bench serve`: a load on a running engine, with the host's governor held and its conditions written down meanwhile.

mod engine;

use std::io::{IsTerminal, Write};

use tokio::sync::mpsc;

use crate::bench::{Conditions, Level, Load, Measured, Record, Request, Subject, spread};
use crate::cli::args::Serve;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::{Paint, errors};
use crate::cli::table::Table;
use crate::fleet::{Host, Sensors};
use crate::llm::{Client, Patience};
use crate::ops::{Beat, Clock, Governed, Governor, Persistence, Sampling, Serving, engine_way};
use crate::records::{self, Benches};
use crate::telemetry::sampler::Pace;
use crate::text::Report;

use super::list::{round, speed};
use super::noted::note;

/// Seconds between two looks while it is measured.
const PACE: u32 = 2;
/// Beats that wait for a slow terminal; beyond that they are dropped, the measuring is not held up.
const BEATS: usize = 64;

/// Measures, keeps the record and shows it.
pub async fn run(console: &Console, asked: &Serve) -> Result<Exit, Trouble> {
    let host = the_host(console, &asked.host)?;
    let reach = console.ways()?.reach;
    let away = |error: crate::reach::ReachError| {
        Trouble::Unreachable(Report::error(format!("{}: {error}", host.name)).into())
    };
    let link = reach.link(&host).await.map_err(away)?;
    let mut client = Client::new(engine_way(&link, asked.port), Patience::WORKING);
    if let Some(key) = &asked.key {
        client = client.with_key(key);
    }
    let engine = engine::ask(&client, asked.model.as_deref()).await.map_err(|why| {
        let report = Report::error(format!("port {} of {}: {why}", asked.port, host.name));
        report.help("--port names the engine's port on its own host, --model one of its models")
    })?;
    let governor = Governor::hold(&link).await.map_err(away)?;
    if governor.governed == Governed::Refused {
        errors("note: the governor may not be set there, and stays as it is\n");
    }
    let sampling =
        Sampling::begin(vec![host.clone()], reach, Pace::seconds(PACE), Persistence::ForEver);
    let serving = Serving { client, model: engine.model.clone(), load: load(asked) };
    // The governor is put back whatever becomes of the measuring, an interruption included.
    let measured = tokio::select! {
        measured = measure(&serving, sampling, &host) => Some(measured),
        _ = tokio::signal::ctrl_c() => None,
    };
    let tell = |level, text| note(console, level, host.name.as_str(), text);
    if !governor.release().await {
        errors("note: nobody knows whether the governor is as it was\n");
        tell(records::Level::Warn, "nobody knows whether the governor is as it was".to_owned())?;
    }
    let Some(measured) = measured else {
        tell(records::Level::Warn, format!("the load on {} was interrupted", engine.model))?;
        return Err(Trouble::Silent(Exit::Interrupted));
    };
    let (levels, conditions) = match measured {
        Ok(measured) => measured,
        Err(error) => {
            let text = format!("{} on {} did not answer: {error}", engine.model, host.name);
            tell(records::Level::Error, text.clone())?;
            return Err(Report::error(text).into());
        }
    };
    let subject =
        Subject { setting: format!("{}, {}", engine.setting, setting(asked)), ..engine.subject() };
    show(
        console,
        asked,
        Record {
            host: host.name.to_string(),
            at: Clock::system().now().to_string(),
            subject,
            measured: Measured::Serving(levels),
            conditions,
        },
    )
}

fn the_host(console: &Console, name: &str) -> Result<Host, Trouble> {
    match console.select(name)?.as_slice() {
        [host] => Ok(host.clone()),
        hosts => Err(Report::error(format!("`{name}` is {} hosts", hosts.len()))
            .help("a load is put on one host at a time")
            .into()),
    }
}

fn load(asked: &Serve) -> Load {
    Load {
        concurrencies: asked.concurrency.clone(),
        requests: asked.requests,
        words: asked.words,
        tokens: asked.tokens,
        warm_up: asked.warm_up,
        seed: rand::random(),
    }
}

fn setting(asked: &Serve) -> String {
    format!("prompts of {} words, answers of {} tokens", asked.words, asked.tokens)
}

/// The load, with every new sample of the host folded into the conditions meanwhile.
async fn measure(
    serving: &Serving,
    mut sampling: Sampling,
    host: &Host,
) -> Result<(Vec<Level>, Conditions), crate::llm::LlmError> {
    let mut conditions = Conditions::default();
    let mut take = |sampling: &mut Sampling| {
        let board = sampling.board();
        if let Some(sample) = board.get(&host.name).and_then(|watched| watched.sample.clone()) {
            conditions.take(&sample);
        }
    };
    // The load before is that before ours.
    sampling.settled().await;
    take(&mut sampling);
    let (sender, mut beats) = mpsc::channel(BEATS);
    let work = serving.run(&sender);
    tokio::pin!(work);
    let levels = loop {
        tokio::select! {
            levels = &mut work => break levels?,
            Some(beat) = beats.recv() => tell(beat),
            true = sampling.changed() => take(&mut sampling),
        }
    };
    if std::io::stderr().is_terminal() {
        errors("\r\x1b[K");
    }
    Ok((levels, conditions))
}

/// The line of progress on a terminal, with the live rate; in a pipe one line a level.
fn tell(beat: Beat) {
    let terminal = std::io::stderr().is_terminal();
    match beat {
        Beat::WarmingUp if terminal => errors("\r\x1b[Kwarming up"),
        Beat::WarmingUp => {}
        Beat::Ended { concurrency, done: (done, of), rate } => {
            let line = format!("c{concurrency}  {done} of {of}  {} tokens/s", round(rate));
            if terminal {
                errors(&format!("\r\x1b[K{line}"));
            } else if done == of {
                errors(&format!("{line}\n"));
            }
        }
    }
}

fn show(console: &Console, asked: &Serve, record: Record) -> Result<Exit, Trouble> {
    let stem = format!("{}-{}-{}", stamp(&record.at), record.host, record.subject.model);
    let name = Benches::of(console.home()).keep(&stem, &record)?;
    let Measured::Serving(levels) = &record.measured else { return Ok(Exit::Well) };
    let failed = levels.iter().any(|level| !level.failures.is_empty());
    tell_history(console, &record, &name, levels)?;
    let mut out = std::io::stdout().lock();
    if asked.json {
        writeln!(out, "{}", serde_json::json!({ "record": name, "benchmark": record }))?;
    } else {
        let simulated = console.inventory().host(&record.host).map(|host| host.sensors);
        let note = if simulated == Some(Sensors::Simulated) { "  SIMULATED sensors" } else { "" };
        let Subject { model, engine, build, setting, .. } = &record.subject;
        writeln!(out, "{}{note}  {model} · {engine} {build} · {setting}", record.host)?;
        out.write_all(table(levels).render(Paint::of_stdout()).as_bytes())?;
        writeln!(
            out,
            "TTFT first piece · TPOT (last - first) / (tokens - 1) · ITL between pieces · ms"
        )?;
        writeln!(out, "kept as {name}; `shelter bench compare {}`", record.host)?;
        for failure in levels.iter().flat_map(|level| &level.failures) {
            writeln!(out, "failed: {failure}")?;
        }
    }
    Ok(if failed { Exit::Failed } else { Exit::Well })
}

/// What came of it, sealed into the history.
fn tell_history(
    console: &Console,
    record: &Record,
    name: &str,
    levels: &[Level],
) -> Result<(), Trouble> {
    let failed: usize = levels.iter().map(|level| level.failures.len()).sum();
    let (level, failures) = match failed {
        0 => (records::Level::Info, String::new()),
        many => (records::Level::Warn, format!("; {many} requests failed")),
    };
    let text =
        format!("{} served {}{failures}; kept as {name}", record.subject.model, speed(record));
    note(console, level, &record.host, text)
}

/// `2026-11-21T07:50:12.345Z` as `20261121-0750`.
fn stamp(at: &str) -> String {
    let digits: String = at.chars().filter(char::is_ascii_digit).take(12).collect();
    let (day, time) = digits.split_at(digits.len().min(8));
    format!("{day}-{time}")
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
            round(level.tokens_per_second()),
            three(requests.iter().filter_map(Request::first_ms)),
            three(requests.iter().filter_map(Request::per_token_ms)),
            three(requests.iter().flat_map(Request::gaps_ms)),
            three(requests.iter().map(|request| request.done_ms)),
        ]);
    }
    table
}

fn three(values: impl Iterator<Item = f64>) -> String {
    let told = spread(values).map(|s| [s.p50, s.p95, s.p99].map(round).join(" / "));
    told.unwrap_or_else(|| "n/a".to_owned())
}
