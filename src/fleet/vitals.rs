//! What the stream of samples does not tell of a host and the watchdog asks for: services, clock, boot. Plain data.

use super::Millis;

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Vitals {
    /// The services that were asked for. One that nobody could tell of is not among them.
    pub services: Vec<Service>,
    /// Units in systemd's failed state. `None` where there is no systemd to ask.
    pub failed: Option<Vec<String>>,
    /// The host's clock minus ours, and how uncertain that is.
    pub skew: Option<Skew>,
    /// The kernel's boot id: another one means it has booted.
    pub boot_id: Option<String>,
}

/// A service that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Service {
    /// The unit.
    pub name: String,
    /// As systemd says: `active`, `failed`, `inactive`…
    pub state: String,
    /// In more detail: `running`, `auto-restart`, `dead`…
    pub detail: String,
}

/// How far a host's clock is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Skew {
    /// The host's clock minus ours.
    pub by: Millis,
    /// Half of the exchange's round trip.
    pub doubt: Millis,
}

impl Service {
    /// Whether it does its work. One that is started again and again does not.
    pub fn is_up(&self) -> bool {
        let starting = self.state == "activating" && self.detail != "auto-restart";
        self.state == "active" || self.state == "reloading" || starting
    }
}
