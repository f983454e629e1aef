//! What is known of the hosts of a plan: facts as last gathered, and gathered now where there are none.

use std::collections::BTreeMap;

use crate::cli::compose::{Console, close};
use crate::cli::exit::{Exit, Trouble};
use crate::cli::runtime::in_runtime;
use crate::fleet::{Event, Facts, Failure, HostName, Intent};
use crate::ops::Order;
use crate::records::FactsCache;

/// The hosts of a plan, as far as they are known.
#[derive(Default)]
pub struct Known {
    /// The facts of each host that has any.
    pub facts: BTreeMap<HostName, Facts>,
    /// Why there are none of another.
    pub failures: BTreeMap<HostName, Failure>,
}

/// Reads what was gathered before, and asks the hosts that were never asked.
pub fn of_all(console: &Console, orders: &[Order]) -> Result<Known, Trouble> {
    let cache = FactsCache::of(console.home());
    let mut known = Known::default();
    let mut strangers = Vec::new();
    for host in orders.iter().flat_map(|order| &order.hosts) {
        if known.facts.contains_key(&host.name) || strangers.contains(&host.name) {
            continue;
        }
        match cache.load(&host.name)? {
            Some(cached) => {
                known.facts.insert(host.name.clone(), cached.facts);
            }
            None => strangers.push(host.name.clone()),
        }
    }
    if !strangers.is_empty() {
        in_runtime(gather(console, strangers, &mut known))?;
    }
    Ok(known)
}

async fn gather(
    console: &Console,
    hosts: Vec<HostName>,
    known: &mut Known,
) -> Result<Exit, Trouble> {
    let mut work = console.station(None)?.carry_out(Intent::Ping { hosts });
    while let Some(stamped) = work.next_event().await {
        match stamped.event {
            Event::Gathered { host, facts } => {
                known.facts.insert(host, *facts);
            }
            Event::Unreachable { host, failure } => {
                known.failures.insert(host, failure);
            }
            _ => {}
        }
    }
    close(work).await?;
    Ok(Exit::Well)
}
