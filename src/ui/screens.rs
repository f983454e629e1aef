//! The five screens. Each is a state, what keys do to it, and a drawing that changes nothing.

mod bench;
mod benched;
mod block;
mod engines;
mod host;
mod log;
mod plays;
mod shelter;

pub use bench::Bench;
pub use host::HostPage;
pub use log::Log;
pub use plays::Plays;
pub use shelter::Shelter;
