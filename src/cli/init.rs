//! `shelter init`: a commented `shelter.yaml` to begin with. Never writes over one that is there.

use std::io::Write;

use crate::config::STARTER;
use crate::records::{Created, create_new};
use crate::text::Report;

use super::args::Global;
use super::exit::{Exit, Trouble};
use super::surroundings::find_home;

/// Writes the starting inventory.
pub fn run(global: &Global) -> Result<Exit, Trouble> {
    let home = find_home(global)?;
    let path = home.inventory();
    if create_new(&path, STARTER.as_bytes())? == Created::ThereAlready {
        let report = Report::error(format!("`{}` is there already", path.display()))
            .help("edit it, or begin elsewhere with `shelter --home DIR init`");
        return Err(report.into());
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote {}", path.display())?;
    writeln!(out, "next: put your machines in, then `shelter hosts ping`")?;
    Ok(Exit::Well)
}
