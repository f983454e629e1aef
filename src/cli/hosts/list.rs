//! `shelter hosts list`: the inventory as it is understood.

use std::io::Write;

use crate::cli::args::Selection;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::Paint;
use crate::cli::table::Table;
use crate::fleet::{Host, Sensors, Via};

pub fn run(console: &Console, selection: &Selection) -> Result<Exit, Trouble> {
    let hosts = console.select(&selection.pattern)?;
    let mut out = std::io::stdout().lock();
    if selection.json {
        for host in &hosts {
            serde_json::to_writer(&mut out, host).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        return Ok(Exit::Well);
    }
    let mut table = Table::new(&["HOST", "WAY", "GROUPS", "NOTES"]);
    for host in &hosts {
        let groups: Vec<&str> = host.groups.iter().map(|g| g.as_str()).collect();
        table.row(vec![host.name.to_string(), way(&host.via), groups.join(" "), notes(host)]);
    }
    out.write_all(table.render(Paint::of_stdout()).as_bytes())?;
    Ok(Exit::Well)
}

/// The way to a host, for people.
pub fn way(via: &Via) -> String {
    match via {
        Via::Local => "this machine".to_owned(),
        Via::Shell(words) => format!("shell: {}", words.join(" ")),
        Via::Ssh(target) => {
            let jumps: String = target.jumps.iter().map(|j| format!(" via {j}")).collect();
            format!("{target}{jumps}")
        }
    }
}

fn notes(host: &Host) -> String {
    match host.sensors {
        Sensors::Real => String::new(),
        Sensors::Simulated => "SIMULATED".to_owned(),
    }
}
