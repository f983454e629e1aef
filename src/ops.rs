//! The engine room: the hub through which every event passes, and the actors that work on hosts.
//! Sees no screen and prints nothing.

mod clock;
mod hub;
mod station;
mod survey;

pub use clock::Clock;
pub use hub::{Events, Hub, HubError};
pub use station::{Station, Work};
