//! What is known of each playbook on each host: `status/<host>/<playbook>.json`, and flags such as `venv_ok`
//! beside it. A cache of the history: what does not fit it counts as unknown.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::fleet::{HostName, HostOutcome, LastState, Purpose, Recap, RunHead, RunId, Timestamp};

use super::json::{read_json, write_json};
use super::{Home, RecordsError, Seal};

/// The status files of a home.
#[derive(Clone, Debug)]
pub struct StatusFiles {
    root: PathBuf,
}

/// How a playbook last went on a host.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Status {
    /// How it ended.
    pub state: LastState,
    /// Which run.
    pub run: RunId,
    /// When it ended.
    pub at: Timestamp,
    /// Its steps, counted.
    pub recap: Recap,
    /// Handlers that were notified and have not run.
    #[serde(default)]
    pub owed: Vec<String>,
    /// The number of the line in the history that says so.
    pub n: u64,
    /// That line's seal.
    pub h: String,
    /// A later attempt that did nothing there: what is said above still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<Attempt>,
}

/// A run that was refused, or did not reach the host.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Attempt {
    /// How it ended.
    pub state: LastState,
    /// Which run.
    pub run: RunId,
    /// When it ended.
    pub at: Timestamp,
}

/// How a playbook last went on a host, as far as that is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Last {
    /// It never ran there.
    Never,
    /// It did, and its status file is not what was written.
    Unknown,
    /// It ended like this.
    Ended(Status),
}

/// How a run ended on a host.
pub(super) struct End<'a> {
    pub at: Timestamp,
    pub outcome: &'a HostOutcome,
    pub recap: Recap,
    pub owed: Vec<String>,
    /// Whether the run let go there, so that it may have done something however it ended.
    pub let_go: bool,
}

impl StatusFiles {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        Self { root: home.status() }
    }

    /// Writes how a run ended on a host, and sets or withdraws the flags it provides.
    pub(super) fn ended(
        &self,
        head: &RunHead,
        host: &HostName,
        end: End<'_>,
        seal: &Seal,
    ) -> Result<(), RecordsError> {
        let Some(state) = told(head, end.outcome) else { return Ok(()) };
        let End { at, outcome, recap, owed, let_go } = end;
        let name = format!("{}.json", head.playbook);
        let before = self.read(host, &name)?;
        let (run, tried) = (head.run.clone(), None);
        if !(outcome.has_acted() || let_go) {
            // A host that was not reached, or let nothing begin, is as it was: what it owes too.
            let status = match before {
                Some(before) if before.state.has_acted() => {
                    Status { tried: Some(Attempt { state, run, at }), ..before }
                }
                before => {
                    let owed = before.map(|before| before.owed).unwrap_or_default();
                    Status { state, run, at, recap, owed, n: seal.n, h: seal.h.clone(), tried }
                }
            };
            return self.write(host, &name, &status);
        }
        let status = Status { state, run, at, recap, owed, n: seal.n, h: seal.h.clone(), tried };
        self.write(host, &name, &status)?;
        let stands = *outcome == HostOutcome::Well && head.purpose == Purpose::Apply;
        for flag in &head.provides {
            if stands {
                self.write(host, flag, &status)?;
            } else {
                self.withdraw(host, flag)?;
            }
        }
        Ok(())
    }

    /// Whether the end of a run at that moment is missing in what is known of the host.
    pub(super) fn misses(
        &self,
        head: &RunHead,
        host: &HostName,
        (outcome, at): (&HostOutcome, Timestamp),
    ) -> Result<bool, RecordsError> {
        if told(head, outcome).is_none() {
            return Ok(false);
        }
        let known = self.playbook(host, &head.playbook)?;
        Ok(known.is_none_or(|known| {
            let tried = known.tried.map_or(known.at, |tried| tried.at);
            known.at.max(tried) < at
        }))
    }

    /// How a playbook last went on a host. `None` where nothing is known.
    pub fn playbook(
        &self,
        host: &HostName,
        playbook: &str,
    ) -> Result<Option<Status>, RecordsError> {
        self.read(host, &format!("{playbook}.json"))
    }

    /// How a playbook last went on a host, and whether it is known that it never did.
    pub fn last(&self, host: &HostName, playbook: &str) -> Result<Last, RecordsError> {
        let name = format!("{playbook}.json");
        Ok(match self.read(host, &name)? {
            Some(status) => Last::Ended(status),
            None if self.path(host, &name).exists() => Last::Unknown,
            None => Last::Never,
        })
    }

    /// Whether a flag stands on a host.
    pub fn flag(&self, host: &HostName, flag: &str) -> Result<bool, RecordsError> {
        Ok(self.read(host, flag)?.is_some())
    }

    fn path(&self, host: &HostName, name: &str) -> PathBuf {
        self.root.join(host.as_str()).join(name)
    }

    fn write(&self, host: &HostName, name: &str, status: &Status) -> Result<(), RecordsError> {
        write_json(&self.path(host, name), status)
    }

    /// A file that cannot be understood counts as unknown.
    fn read(&self, host: &HostName, name: &str) -> Result<Option<Status>, RecordsError> {
        read_json(&self.path(host, name))
    }

    fn withdraw(&self, host: &HostName, flag: &str) -> Result<(), RecordsError> {
        let path = self.path(host, flag);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(RecordsError::io("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }
}

/// What the end of a run says of its playbook, if it says anything.
fn told(head: &RunHead, outcome: &HostOutcome) -> Option<LastState> {
    match (&head.purpose, outcome) {
        // It has not done anything: what was known before still holds.
        (Purpose::Check, _) => None,
        // Some steps went well; of the whole playbook that says nothing.
        (Purpose::Part, HostOutcome::Well) => None,
        (Purpose::Undo(_), HostOutcome::Well) => Some(LastState::Undone),
        _ => LastState::after(outcome),
    }
}
