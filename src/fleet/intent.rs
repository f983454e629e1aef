//! What is wished: keys, command line and watchdog send the same closed set of intents.

use super::HostName;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Connect to hosts and gather their facts.
    Ping {
        /// Which hosts.
        hosts: Vec<HostName>,
    },
}
