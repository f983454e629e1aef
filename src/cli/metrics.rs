//! `shelter metrics`: what `shelter status` and `shelter bench` tell, once, as OpenMetrics text. A value that was not told is left out,
//! never 0.

mod bench;
mod card;
mod engine;
mod exposition;
mod family;
mod host;

use std::io::Write;

use crate::cli::args::Metrics;
use crate::cli::bench::Shelf;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::fleet::{Reachability, Sensors};
use crate::ops::{Clock, Persistence, Sampling};
use crate::telemetry::sampler::Pace;

use exposition::Exposition;

/// Rates are over the time between two looks.
const PACE: u32 = 2;

/// Looks at every chosen host once and prints what it does.
pub async fn run(console: &Console, asked: &Metrics) -> Result<Exit, Trouble> {
    let hosts = console.select(&asked.pattern)?;
    let reach = console.ways()?.reach;
    let mut sampling =
        Sampling::begin(hosts.clone(), reach, Pace::seconds(PACE), Persistence::Once);
    let (board, clock) = (sampling.settled().await, Clock::system());
    let (mut out, mut exit) = (Exposition::default(), Exit::Well);
    for host in &hosts {
        let Some(watched) = board.get(&host.name) else { continue };
        let up = watched.sample.is_some();
        if matches!(watched.contact, Reachability::Down(_)) {
            exit = Exit::Unreachable;
        }
        let told = host::About {
            host: host.name.as_str(),
            simulated: host.sensors == Sensors::Simulated,
            up,
            silence: watched.heard.map(|heard| (clock.now().0 - heard.0).max(0)),
        };
        host::put(&mut out, &told, watched.sample.as_deref());
        for one in watched.engines.iter().flat_map(|engines| engines.iter()) {
            engine::put(&mut out, told.host, one);
        }
    }
    let shelf = Shelf::open(console)?;
    for standing in shelf.standings(|name| hosts.iter().any(|host| host.name.as_str() == name)) {
        bench::put(&mut out, &standing);
    }
    std::io::stdout().lock().write_all(out.text().as_bytes())?;
    Ok(exit)
}
