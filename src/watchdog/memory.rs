//! What the watchdog must not forget, by host and cause. Is written and read by others.

use std::collections::BTreeMap;

use crate::fleet::{AlertId, Halt, HostName, Millis};

use super::cause::Cause;
use super::heal::Budget;
use super::host::HostState;
use super::hush::Hushes;
use super::time::Clockwork;
use super::told::Told;

/// What must not be forgotten over a restart.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Memory {
    pub(super) clock: Clockwork,
    pub(super) blind_until: Millis,
    pub(super) hosts: BTreeMap<HostName, HostState>,
    /// What is about no host.
    pub(super) own: HostState,
    pub(super) suspects: Vec<HostName>,
    pub(super) budget: Budget,
    pub(super) halt: Option<Halt>,
    pub(super) hushes: Hushes,
    /// What was said and not yet delivered: it is said again after a restart, rather than never.
    pub(super) outbox: Vec<Told>,
    /// What is recorded and was not yet handed to the hook.
    pub(super) calls: Vec<Told>,
}

impl Memory {
    /// What is known of a host, or of this machine.
    pub(super) fn place(&self, host: Option<&HostName>) -> Option<&HostState> {
        match host {
            Some(host) => self.hosts.get(host),
            None => Some(&self.own),
        }
    }

    pub(super) fn place_mut(&mut self, host: Option<&HostName>) -> Option<&mut HostState> {
        match host {
            Some(host) => self.hosts.get_mut(host),
            None => Some(&mut self.own),
        }
    }

    pub(super) fn cause(&self, id: &AlertId) -> Option<&Cause> {
        let subject = id.subject.as_deref().unwrap_or_default();
        self.place(id.host.as_ref())?.causes.get(&id.rule, subject)
    }

    pub(super) fn cause_mut(&mut self, id: &AlertId) -> Option<&mut Cause> {
        let subject = id.subject.as_deref().unwrap_or_default();
        self.place_mut(id.host.as_ref())?.causes.get_mut(&id.rule, subject)
    }
}

/// The one name of a cause.
pub(super) fn id(rule: &str, host: Option<&HostName>, subject: &str) -> AlertId {
    let subject = (!subject.is_empty()).then(|| subject.to_owned());
    AlertId { rule: rule.to_owned(), host: host.cloned(), subject }
}
