//! Compiled programs, executed: under dash, bash and busybox's ash, with GNU's tools and with busybox's alone.

mod checking;
mod conditions;
mod faults;
mod golden;
mod limits;
pub mod machine;
pub mod plans;
mod quoting;
mod secrets;
mod transport;
mod undoing;
