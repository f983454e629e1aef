//! Which handlers each host of a run owes: notified, and not run yet; and where the run has let go. Follows the events;
//! writes nothing.

use std::collections::{HashMap, HashSet};

use crate::fleet::{Event, HostEvent, HostName};

/// What the hosts of one run owe.
#[derive(Clone, Debug, Default)]
pub(super) struct Debts {
    owed: HashMap<HostName, Vec<String>>,
    let_go: HashSet<HostName>,
}

impl Debts {
    /// Takes one event in.
    pub fn take(&mut self, event: &Event) {
        let Event::OnHost { host, what, .. } = event else { return };
        match what {
            HostEvent::Detached { .. } => {
                self.let_go.insert(host.clone());
            }
            HostEvent::Owed { handler } => {
                let owed = self.owed.entry(host.clone()).or_default();
                if !owed.contains(handler) {
                    owed.push(handler.clone());
                }
            }
            HostEvent::Waived { handler } => {
                if let Some(owed) = self.owed.get_mut(host) {
                    owed.retain(|name| name != handler);
                }
            }
            HostEvent::StepEnded(end) if end.verdict.is_settled() => {
                if let Some(owed) = self.owed.get_mut(host) {
                    owed.retain(|handler| *handler != end.step.name);
                }
            }
            _ => {}
        }
    }

    /// What a host owes now.
    pub fn of(&self, host: &HostName) -> Vec<String> {
        self.owed.get(host).cloned().unwrap_or_default()
    }

    /// Whether the run goes on there by itself: something may have been done.
    pub fn has_let_go(&self, host: &HostName) -> bool {
        self.let_go.contains(host)
    }
}
