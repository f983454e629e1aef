//! The fold of all events: what is known of the fleet now.

use std::collections::BTreeMap;

use super::{Event, Facts, Failure, HostName, Millis, Stamped, Timestamp};

/// What is known of the fleet now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fleet {
    /// The hosts that were heard of.
    pub hosts: BTreeMap<HostName, HostState>,
    /// The sequence number of the last event folded in.
    pub seq: u64,
}

/// What is known of one host now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostState {
    /// Whether it can be reached.
    pub reach: Reachability,
    /// Its facts, when last gathered.
    pub facts: Option<(Timestamp, Box<Facts>)>,
}

/// Whether a host can be reached.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reachability {
    /// Nobody has tried.
    #[default]
    Unknown,
    /// A connection is being made.
    Connecting,
    /// It answers.
    Up(Millis),
    /// It does not.
    Down(Failure),
}

impl Fleet {
    /// Takes one event in.
    pub fn fold(&mut self, stamped: &Stamped) {
        self.seq = stamped.seq;
        let state = self.hosts.entry(stamped.event.host().clone()).or_default();
        match &stamped.event {
            Event::Connecting { .. } => state.reach = Reachability::Connecting,
            Event::Reached { took, .. } => state.reach = Reachability::Up(*took),
            Event::Gathered { facts, .. } => state.facts = Some((stamped.at, facts.clone())),
            Event::Unreachable { failure, .. } => {
                state.reach = Reachability::Down(failure.clone());
            }
        }
    }
}
