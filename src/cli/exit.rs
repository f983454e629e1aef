//! How the program ends: its exit statuses, and the troubles that lead there.

use std::io;
use std::process::ExitCode;

use crate::ops::HubError;
use crate::records::RecordsError;
use crate::text::{Report, Reports};

/// The exit statuses that scripts may hold on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All well.
    Well,
    /// An error in what was given.
    Given,
    /// A step failed on some host.
    Failed,
    /// `--check` found drift.
    Drift,
    /// A host is unreachable.
    Unreachable,
    /// Interrupted.
    Interrupted,
}

/// What a command comes to.
pub type Outcome = Result<Exit, Trouble>;

/// Why a command ends early.
#[derive(Debug)]
pub enum Trouble {
    /// With findings about what was given.
    Told(Reports),
    /// With findings about a host that cannot be reached.
    Unreachable(Reports),
    /// With nothing more to say.
    Silent(Exit),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Well => 0,
            Exit::Given => 1,
            Exit::Failed => 2,
            Exit::Drift => 3,
            Exit::Unreachable => 4,
            Exit::Interrupted => 130,
        })
    }
}

impl From<Reports> for Trouble {
    fn from(reports: Reports) -> Self {
        Self::Told(reports)
    }
}

impl From<Report> for Trouble {
    fn from(report: Report) -> Self {
        let mut reports = Reports::new();
        reports.push(report);
        Self::Told(reports)
    }
}

fn hinted(report: Report, hint: Option<String>) -> Trouble {
    match hint {
        Some(hint) => report.help(hint).into(),
        None => report.into(),
    }
}

impl From<RecordsError> for Trouble {
    fn from(error: RecordsError) -> Self {
        hinted(Report::of(&error), error.hint())
    }
}

impl From<HubError> for Trouble {
    fn from(error: HubError) -> Self {
        let hint = match &error {
            HubError::Records(error) => error.hint(),
            HubError::Stopped(_) => None,
        };
        hinted(Report::of(&error), hint)
    }
}

impl From<io::Error> for Trouble {
    /// Whoever reads our output may stop reading; that is no trouble worth a word.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Silent(Exit::Well),
            _ => Report::error("cannot write the output").cause(error.to_string()).into(),
        }
    }
}
