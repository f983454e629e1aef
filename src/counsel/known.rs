//! What counsel is given: the fleet as it is now, and what the records remember of it. Plain data.

use std::collections::{BTreeMap, BTreeSet};

use crate::fleet::{Facts, Fleet, HostName, LastState, Look, RunId, Space, Timestamp};

/// Everything advice may be drawn from.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// What was seen in this session.
    pub fleet: &'a Fleet,
    /// All hosts of the inventory, in order.
    pub hosts: Vec<HostName>,
    /// Facts as last gathered, with the moment as it was written down.
    pub facts: BTreeMap<HostName, (String, Facts)>,
    /// The action plan, in order.
    pub plan: Vec<Stage>,
    /// For each playbook there is, the hosts it is meant for.
    pub meant: BTreeMap<String, BTreeSet<HostName>>,
    /// Runs whose console died.
    pub interrupted: Vec<Left>,
    /// Handlers that no run has made good yet.
    pub owed: Vec<Owed>,
    /// What was free on disks over time.
    pub spaces: BTreeMap<HostName, Vec<Space>>,
    /// For each host with a card that could hold one whole, the best model of the catalogue that it could.
    pub fits: BTreeMap<HostName, String>,
    /// What is known of backups.
    pub backups: Backups,
}

/// What is known of backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backups {
    /// Hosts of which one was restored and found whole.
    pub proven: BTreeSet<HostName>,
    /// The playbook that proves it, if there is one.
    pub playbook: Option<String>,
}

/// One playbook of the action plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its id.
    pub playbook: String,
    /// The hosts it is meant for, and how it last went there.
    pub hosts: Vec<(HostName, Option<Last>)>,
}

/// How a playbook last went on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// How it ended.
    pub state: LastState,
    /// What a later attempt that did nothing came to.
    pub tried: Option<LastState>,
    /// Which run.
    pub run: RunId,
    /// When.
    pub at: Timestamp,
}

/// A run that was left by its console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Which run.
    pub run: RunId,
    /// Of which playbook.
    pub playbook: String,
    /// When it began.
    pub began: Timestamp,
}

/// A handler that was notified and has not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// On which host.
    pub host: HostName,
    /// Of which playbook.
    pub playbook: String,
    /// Its name.
    pub handler: String,
    /// The run that left it.
    pub run: RunId,
}

impl Last {
    /// Whether all was well.
    pub fn is_well(&self) -> bool {
        self.state == LastState::Well
    }

    /// Whether what was tried last did not go well.
    pub fn has_failed(&self) -> bool {
        self.tried.is_some() || !matches!(self.state, LastState::Well | LastState::Undone)
    }
}

impl Known<'_> {
    /// What hosts were last seen doing.
    pub(super) fn looks(&self) -> impl Iterator<Item = (&HostName, &Look)> {
        self.fleet.hosts.iter().filter_map(|(host, state)| Some((host, state.look.as_ref()?)))
    }

    /// The hosts that took part in a run of this session.
    pub(super) fn in_runs(&self) -> BTreeSet<&HostName> {
        self.fleet.runs.values().flat_map(|run| &run.head.hosts).collect()
    }
}

/// Names, as a sentence lists them.
pub(super) fn names(hosts: &[&HostName]) -> String {
    hosts.iter().map(|host| host.as_str()).collect::<Vec<_>>().join(", ")
}

/// Names, as `--limit` takes them.
pub(super) fn limit(hosts: &[&HostName]) -> String {
    hosts.iter().map(|host| host.as_str()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
pub(super) mod scene {
    //! A fleet to try rules on: phantom and shadow, of which nothing is known.

    use super::*;

    pub fn host(name: &str) -> HostName {
        HostName::new(name).unwrap()
    }

    pub fn quiet(fleet: &Fleet) -> Known<'_> {
        Known {
            fleet,
            hosts: vec![host("phantom"), host("shadow")],
            facts: BTreeMap::new(),
            plan: Vec::new(),
            meant: BTreeMap::new(),
            interrupted: Vec::new(),
            owed: Vec::new(),
            spaces: BTreeMap::new(),
            fits: BTreeMap::new(),
            backups: Backups::default(),
        }
    }

    pub fn with_facts(fleet: &Fleet, facts: Facts) -> Known<'_> {
        let facts = ("2026-11-21T07:50:12.345Z".to_owned(), facts);
        Known { facts: [(host("shadow"), facts)].into(), ..quiet(fleet) }
    }

    pub fn last(state: LastState) -> Option<Last> {
        Some(Last { state, tried: None, run: RunId::new(7), at: Timestamp(0) })
    }
}
