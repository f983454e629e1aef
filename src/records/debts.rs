//! Which handlers each host of a run owes: notified, and not run yet. Follows the events; writes nothing.

use std::collections::HashMap;

use crate::fleet::{Event, HostEvent, HostName};

/// What the hosts of one run owe.
#[derive(Clone, Debug, Default)]
pub(super) struct Debts(HashMap<HostName, Vec<String>>);

impl Debts {
    /// Takes one event in.
    pub fn take(&mut self, event: &Event) {
        let Event::OnHost { host, what, .. } = event else { return };
        match what {
            HostEvent::Owed { handler } => {
                let owed = self.0.entry(host.clone()).or_default();
                if !owed.contains(handler) {
                    owed.push(handler.clone());
                }
            }
            HostEvent::Waived { handler } => {
                if let Some(owed) = self.0.get_mut(host) {
                    owed.retain(|name| name != handler);
                }
            }
            HostEvent::StepEnded(end) if end.verdict.is_settled() => {
                if let Some(owed) = self.0.get_mut(host) {
                    owed.retain(|handler| *handler != end.step.name);
                }
            }
            _ => {}
        }
    }

    /// What a host owes now.
    pub fn of(&self, host: &HostName) -> Vec<String> {
        self.0.get(host).cloned().unwrap_or_default()
    }
}
