//! `shelter lab` and `--lab`: the practice hosts, for people.

use std::io::Write;
use std::process::ExitCode;

use crate::fleet::Inventory;
use crate::lab::{Ground, Lab, LabError, Profile, Raised, Remark, Status, serve_main};
use crate::reach::{Reach, ReachSettings};
use crate::records::Home;
use crate::text::{Report, Reports};

use super::args::{self, Global};
use super::exit::{Exit, Trouble};
use super::paint::{Paint, errors};
use super::runtime::in_runtime;
use super::seat;
use super::surroundings::{find_home, user_home};
use super::table::Table;

/// The practice hosts' own processes are this program, called by a word nobody types.
pub fn serve_if_asked() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    (args.next()? == "lab-serve").then(|| serve_main(args))
}

/// Runs one of the commands.
pub fn run(what: &args::Lab, global: &Global) -> Result<Exit, Trouble> {
    let home = find_home(global)?;
    let lab = Lab::at(&home.lab());
    match what {
        args::Lab::Status => status(&lab)?,
        args::Lab::Shell { name } => return shell(&lab, name),
        args::Lab::Reset => lab.reset()?,
        args::Lab::Stop => lab.stop()?,
    }
    Ok(Exit::Well)
}

/// The practice hosts, started where they are not running, and what is to be told of them.
pub fn inventory(home: &Home) -> Result<(Inventory, Reports), Trouble> {
    let (inventory, remarks) = Lab::at(&home.lab()).inventory()?;
    let mut reports = Reports::new();
    remarks.iter().filter_map(warning).for_each(|report| reports.push(report));
    Ok((inventory, reports))
}

/// That a host is served by an older program is nobody's business: nothing is lost, and nothing need be done.
fn warning(remark: &Remark) -> Option<Report> {
    let worth = remark.ground == Ground::Machine;
    worth.then(|| Report::warning(remark.to_string()).help(remark.help()))
}

/// A login shell on a practice host, on this terminal.
fn shell(lab: &Lab, name: &str) -> Result<Exit, Trouble> {
    let Raised { host, remark } = lab.up(Profile::named(name)?)?;
    if let Some(report) = remark.as_ref().and_then(warning) {
        errors(&report.render(Paint::of_stderr().style()));
    }
    let reach = Reach::new(ReachSettings::new(user_home()?));
    in_runtime(seat::sit(&reach, &host))
}

fn status(lab: &Lab) -> Result<(), Trouble> {
    let mut table = Table::new(&["HOST", "STATE", "STANDS IN FOR", "WALL"]);
    for host in lab.status() {
        let state = host.pid.map_or("○ stopped".to_owned(), |pid| format!("● up, pid {pid}"));
        table.row(vec![host.name.to_owned(), state, host.machine.to_owned(), wall(&host)]);
    }
    let mut out = std::io::stdout().lock();
    out.write_all(table.render(Paint::of_stdout()).as_bytes())?;
    Ok(())
}

fn wall(host: &Status) -> String {
    let Some(wall) = host.confinement else { return "n/a".to_owned() };
    let wall = match host.lasting {
        Some(false) => format!("{wall}; changes end with the host: they are held in memory"),
        _ => wall.to_string(),
    };
    match host.declined.as_slice() {
        [] => wall,
        declined => format!("{wall} (better could not be had: {})", declined.join("; ")),
    }
}

impl From<LabError> for Trouble {
    fn from(error: LabError) -> Self {
        // It names its cause itself.
        Report::error(error.to_string()).into()
    }
}
