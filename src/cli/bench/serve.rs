//! `shelter bench serve`: a load on a running engine, with the host's governor held and its conditions written down meanwhile.

mod engine;
mod outcome;
mod stumble;

use std::io::IsTerminal;

use tokio::sync::mpsc;

use crate::bench::{Conditions, Level, Load, Measured, Record, Subject};
use crate::cli::args::Serve;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::errors;
use crate::fleet::{Failure, Host};
use crate::llm::{Client, Patience};
use crate::ops::{Beat, Clock, Governed, Governor, Persistence, Sampling, Serving, engine_way};
use crate::reach::{Link, ReachError};
use crate::records::Level as Severity;
use crate::telemetry::sampler::Pace;
use crate::text::{Report, three_digits};

use super::noted::note;
use engine::Engine;
use stumble::Place;

/// Seconds between two looks while it is measured.
const PACE: u32 = 2;
/// Beats that wait for a slow terminal; beyond that they are dropped, the measuring is not held up.
const BEATS: usize = 64;

/// Measures, keeps the record and shows it.
pub async fn run(console: &Console, asked: &Serve) -> Result<Exit, Trouble> {
    let host = the_host(console, &asked.host)?;
    let reach = console.ways()?.reach;
    let link = reach.link(&host).await.map_err(|error| away(&host, &error))?;
    let spelled = |mut report: Report| {
        report.help = report.help.map(|help| console.spelling().spell(&help));
        report
    };
    let engine = engine::ask(&client(&link, asked, Patience::ASKING), asked).await;
    let engine = engine.map_err(spelled)?;
    let governor = Governor::hold(&link).await.map_err(|error| away(&host, &error))?;
    if governor.governed == Governed::Refused {
        errors("note: the governor may not be set there, and stays as it is\n");
    }
    let sampling =
        Sampling::begin(vec![host.clone()], reach, Pace::seconds(PACE), Persistence::ForEver);
    let client = client(&link, asked, Patience::WORKING);
    let serving = Serving { client, model: engine.model.clone(), load: load(asked) };
    // The governor is put back whatever becomes of the measuring, an interruption included.
    let measured = tokio::select! {
        measured = measure(&serving, sampling, &host) => Some(measured),
        _ = tokio::signal::ctrl_c() => None,
    };
    let tell = |level, text| note(console, level, host.name.as_str(), text);
    if !governor.release().await {
        errors("note: nobody knows whether the governor is as it was\n");
        tell(Severity::Warn, "nobody knows whether the governor is as it was".to_owned())?;
    }
    match measured {
        Some(Ok((levels, conditions))) => {
            let at = Clock::system().now();
            let (host, subject) = (host.name.to_string(), subject(&engine, asked));
            let measured = Measured::Serving(levels);
            let record = Record { host, at: at.to_string(), subject, measured, conditions };
            outcome::tell(console, asked, at, &record)
        }
        Some(Err(error)) => {
            tell(Severity::Error, format!("the load on {} failed: {error}", engine.model))?;
            let place = Place { host: host.name.as_str(), port: asked.port };
            Err(spelled(place.unmeasured(&engine.model, &error)).into())
        }
        None => {
            tell(Severity::Warn, format!("the load on {} was interrupted", engine.model))?;
            Err(Trouble::Silent(Exit::Interrupted))
        }
    }
}

fn away(host: &Host, error: &ReachError) -> Trouble {
    let Failure { text, hint, .. } = error.failure();
    let report = Report::error(format!("{}: {text}", host.name));
    Trouble::Unreachable(match hint {
        Some(hint) => report.help(hint).into(),
        None => report.into(),
    })
}

fn subject(engine: &Engine, asked: &Serve) -> Subject {
    let setting = format!("{}, {}", engine.setting, setting(asked));
    Subject { setting, ..engine.subject() }
}

fn client(link: &Link, asked: &Serve, patience: Patience) -> Client {
    let client = Client::new(engine_way(link, asked.port), patience);
    asked.key.iter().fold(client, |client, key| client.with_key(key))
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
            let line = format!("c{concurrency}  {done} of {of}  {} tokens/s", three_digits(rate));
            if terminal {
                errors(&format!("\r\x1b[K{line}"));
            } else if done == of {
                errors(&format!("{line}\n"));
            }
        }
    }
}
