//! The engine room: the hub through which every event passes, and the actors that work on hosts.
//! Sees no screen and prints nothing.

mod begun;
mod clock;
mod engine;
mod hub;
mod run;
mod sampling;
mod serving;
mod station;
mod survey;
mod watch;

pub use begun::Begun;
pub use clock::Clock;
pub use engine::engine_way;
pub use hub::{Events, Hub, HubError, Seen};
pub use run::{Errand, Followup, Job, Level, Lore, Need, Order, Planned, Stopper, plan};
pub use sampling::{Board, Persistence, Sampling, Watched, seen};
pub use serving::{Beat, Governed, Governor, Serving};
pub use station::{Station, Ways, Work};
pub use watch::{GIVEN, Healer, ROUND, Watch, WatchError, Watchman};
