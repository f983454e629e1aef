//! The hosts of one home.

use super::{GroupName, Host, HostName};

/// The hosts of one home, in the order they were written, names unique.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Inventory {
    /// The hosts.
    pub hosts: Vec<Host>,
    /// Every group that was declared, also those without members.
    pub groups: Vec<GroupName>,
}

impl Inventory {
    /// The host of that name.
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.iter().find(|h| h.name.as_str() == name)
    }

    /// The names of all hosts, in order.
    pub fn names(&self) -> impl Iterator<Item = &HostName> {
        self.hosts.iter().map(|h| &h.name)
    }
}
