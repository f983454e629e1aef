//! What is known of each playbook on each host: `status/<host>/<playbook>.json`, and flags such as `venv_ok`
//! beside it. A cache of the history: what does not fit it counts as unknown.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::fleet::{HostName, HostOutcome, Purpose, Recap, RunHead, RunId, Timestamp};

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
    /// How it ended: `well`, `failed`, `rolled_back`, `undone`…
    pub state: String,
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
        let End { at, outcome, recap, owed } = end;
        if head.purpose == Purpose::Check || matches!(outcome, HostOutcome::LeftOut(_)) {
            // Neither has done anything: what was known before still holds.
            return Ok(());
        }
        if head.purpose == Purpose::Part && *outcome == HostOutcome::Well {
            // Some steps went well; of the whole playbook that says nothing.
            return Ok(());
        }
        let undone = matches!(head.purpose, Purpose::Undo(_)) && *outcome == HostOutcome::Well;
        let state = if undone { "undone" } else { outcome.word() }.to_owned();
        let status =
            Status { state, run: head.run.clone(), at, recap, owed, n: seal.n, h: seal.h.clone() };
        self.write(host, &format!("{}.json", head.playbook), &status)?;
        // A host that was not reached, or let nothing begin, is as it was.
        if !outcome.has_acted() {
            return Ok(());
        }
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
