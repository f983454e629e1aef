//! The facts of hosts: what is remembered, and for the others what they answer now.

use std::collections::BTreeMap;

use crate::cli::compose::{Console, close};
use crate::cli::exit::{Exit, Trouble};
use crate::cli::hosts::facts::complain;
use crate::fleet::{Event, Facts, Host, HostName, Intent, Sensors};

/// A host's facts, and since when they are remembered. `None` means gathered just now.
pub struct Known {
    pub facts: Facts,
    pub at: Option<String>,
}

/// The facts of all hosts that are remembered or answer.
pub async fn survey(
    console: &Console,
    hosts: &[Host],
) -> Result<(BTreeMap<HostName, Known>, Exit), Trouble> {
    let mut known = BTreeMap::new();
    let mut unknown = Vec::new();
    for host in hosts {
        // A practice host may bear the name of a real one, and then they share what is remembered.
        let remembered = match host.sensors {
            Sensors::Real => console.remembered(host)?.filter(|cached| !invented(&cached.facts)),
            Sensors::Simulated => None,
        };
        match remembered {
            Some(cached) => {
                let (facts, at) = (cached.facts, Some(cached.at));
                known.insert(host.name.clone(), Known { facts, at });
            }
            None => unknown.push(host.name.clone()),
        }
    }
    let exit =
        if unknown.is_empty() { Exit::Well } else { ask(console, unknown, &mut known).await? };
    Ok((known, exit))
}

/// Whether these are the facts of a practice host, which marks what it invents.
fn invented(facts: &Facts) -> bool {
    let marked = |name: &Option<String>| name.as_deref().is_some_and(|n| n.contains("SIMULATED"));
    marked(&facts.os.name) || facts.gpus.iter().flatten().any(|gpu| marked(&gpu.name))
}

async fn ask(
    console: &Console,
    hosts: Vec<HostName>,
    known: &mut BTreeMap<HostName, Known>,
) -> Result<Exit, Trouble> {
    let mut exit = Exit::Well;
    let mut work = console.station(None)?.carry_out(Intent::Ping { hosts });
    while let Some(stamped) = work.next_event().await {
        match stamped.event {
            Event::Gathered { host, facts } => {
                known.insert(host, Known { facts: *facts, at: None });
            }
            Event::Unreachable { host, failure } => {
                exit = Exit::Unreachable;
                complain(&host, &failure);
            }
            _ => {}
        }
    }
    close(work).await?;
    Ok(exit)
}
