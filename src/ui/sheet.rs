//! What a playbook would do on a host, before it does: steps and the very program. Plain data.

use crate::fleet::HostName;

/// A playbook on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The playbook.
    pub playbook: String,
    /// The host.
    pub host: Option<HostName>,
    /// What stands above the steps: who runs it there, how it outlives the connection, why nothing is known.
    pub head: Vec<String>,
    /// Its steps and, behind them, its handlers.
    pub rows: Vec<SheetRow>,
    /// The program, line by line; empty where it cannot be compiled yet.
    pub program: Vec<String>,
}

/// A step as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number, as a run tells it.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// The resource it is made of.
    pub resource: String,
    /// How well it can be taken back.
    pub undo: String,
    /// As whom.
    pub user: String,
    /// Why it is skipped here, if that is known already.
    pub skipped: Option<String>,
}
