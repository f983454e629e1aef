//! Probes: a command for a host and a pure parser of what it answers. Opens no connection, runs nothing.

pub mod facts;
pub mod sampler;
pub mod vitals;
