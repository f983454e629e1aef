//! `shelter report`: the state of the fleet as one Markdown page, which ends with what nobody asked.

mod capacity;
mod host;
mod running;
mod topology;

use std::collections::BTreeMap;
use std::io::Write;

use crate::bench::{Catalogue, Places, advice};
use crate::cli::args::Selection;
use crate::cli::bench::Shelf;
use crate::cli::compose::Console;
use crate::cli::counsel;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::models::survey::{Known, survey};
use crate::fleet::{Host, HostName, Reachability, Sensors, Timestamp};
use crate::ops::{Board, Clock, Persistence, Sampling, Watched, seen};
use crate::telemetry::facts::warnings;
use crate::telemetry::sampler::Pace;
use crate::text::counted;

use super::markdown::text;

/// Rates are over the time between two looks.
const PACE: u32 = 2;

/// Everything a page is written from.
struct Page<'a> {
    hosts: &'a [Host],
    facts: BTreeMap<HostName, Known>,
    board: Board,
    catalogue: Catalogue,
    now: Timestamp,
}

/// One host of the page.
struct Seen<'a> {
    host: &'a Host,
    facts: Option<&'a Known>,
    watched: Watched,
    now: Timestamp,
}

/// Looks at every chosen host and prints the page.
pub async fn run(console: &Console, asked: &Selection) -> Result<Exit, Trouble> {
    let hosts = console.select(&asked.pattern)?;
    let catalogue = console.catalogue()?;
    let (facts, exit) = survey(console, &hosts).await?;
    let reach = console.ways()?.reach;
    let mut sampling =
        Sampling::begin(hosts.clone(), reach, Pace::seconds(PACE), Persistence::Once);
    let board = sampling.settled().await;
    let now = Clock::system().now();
    let page = Page { hosts: &hosts, facts, board, catalogue, now };
    let down = page.seen().any(|seen| seen.is_down());
    let told = if asked.json { page.json() } else { page.markdown(console)? };
    std::io::stdout().lock().write_all(told.as_bytes())?;
    Ok(if down { Exit::Unreachable } else { exit })
}

impl Page<'_> {
    fn seen(&self) -> impl Iterator<Item = Seen<'_>> {
        self.hosts.iter().map(|host| Seen {
            host,
            facts: self.facts.get(&host.name),
            watched: self.board.get(&host.name).cloned().unwrap_or_default(),
            now: self.now,
        })
    }

    fn markdown(&self, console: &Console) -> Result<String, Trouble> {
        let (hosts, shelf): (Vec<Seen<'_>>, _) = (self.seen().collect(), Shelf::open(console)?);
        let up = hosts.iter().filter(|seen| seen.watched.sample.is_some()).count();
        let practice = if console.is_practice() { ", practice hosts" } else { "" };
        let mut page = format!(
            "# Mountain Shelter: the state of the fleet\n\n{} · {}, {up} up{practice} · home `{}`\n\n",
            self.now,
            counted(hosts.len(), "host"),
            console.base().root().display(),
        );
        page.push_str(&topology::section(&hosts));
        page.push_str("## Hosts\n\n");
        for seen in &hosts {
            page.push_str(&host::section(seen, &host::playbooks(console, &seen.host.name)?));
            page.push_str(&host::benchmarks(&shelf, &seen.host.name));
        }
        page.push_str(&running::section(&hosts));
        page.push_str(&capacity::section(&hosts, &self.catalogue));
        page.push_str(&advice_section(&hosts, &shelf));
        page.push_str(&counsel::markdown(console, &seen(&self.board))?);
        Ok(page)
    }

    /// One object: the same facts, for programs.
    fn json(&self) -> String {
        let one = |seen: Seen<'_>| {
            serde_json::json!({
                "host": seen.host.name,
                "simulated": seen.host.sensors == Sensors::Simulated,
                "state": seen.state(),
                "facts": seen.facts.map(|known| &known.facts),
                "facts_at": seen.facts.and_then(|known| known.at.clone()),
                "sample": seen.watched.sample.as_deref(),
                "engines": seen.watched.engines.as_deref(),
                "capacity": seen.facts.map(|known| capacity::of(known, &self.catalogue)),
            })
        };
        let hosts: Vec<_> = self.seen().map(one).collect();
        format!("{}\n", serde_json::json!({ "at": self.now, "hosts": hosts }))
    }
}

impl Seen<'_> {
    fn is_down(&self) -> bool {
        matches!(self.watched.contact, Reachability::Down(_))
    }

    fn state(&self) -> &'static str {
        match (&self.watched.contact, &self.watched.sample) {
            (Reachability::Down(_), _) => "down",
            (_, Some(_)) => "up",
            _ => "silent",
        }
    }

    fn name(&self) -> String {
        let note = if self.host.sensors == Sensors::Simulated { " SIMULATED" } else { "" };
        format!("{}{note}", self.host.name)
    }
}

/// What each host's cards and state demand, and what got slower, one line each.
fn advice_section(seen: &[Seen<'_>], shelf: &Shelf) -> String {
    let mut page = "## Advice\n\n".to_owned();
    let mut any = false;
    for seen in seen {
        let facts = seen.facts.map(|known| &known.facts);
        let about = facts.map(|facts| [warnings(facts), advice(&Places::of(facts))].concat());
        for line in about.unwrap_or_default().into_iter().chain(slower(shelf, seen.host)) {
            page.push_str(&format!("- **{}**: {}\n", seen.name(), text(&line)));
            any = true;
        }
    }
    page.push_str(if any {
        "\n"
    } else {
        "Nothing: no host's cards, clock, disks, battery or benchmarks ask for it.\n\n"
    });
    page
}

/// What got slower on a host, beyond noise, than its baseline.
fn slower(shelf: &Shelf, host: &Host) -> Vec<String> {
    let mut lines = Vec::new();
    for standing in shelf.standings(|name| name == host.name.as_str()) {
        let model = &standing.newest.subject.model;
        lines.extend(standing.comparison.worse().map(|shift| {
            let (name, by) = (&shift.name, -shift.better_by);
            format!("{model} is slower than its baseline: {name} by {by:.0} %; `shelter bench compare` says more")
        }));
    }
    lines
}
