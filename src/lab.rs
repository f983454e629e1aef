//! Practice hosts: copy-on-write forks of this machine behind a real SSH server. Never touches the machine below.

mod account;
mod below;
mod confinement;
mod door;
mod error;
mod fork;
mod harden;
mod keys;
mod place;
mod plain;
mod practice;
mod profile;
mod remark;
mod running;
mod seccomp;
mod sensors;
mod serve;
mod sshd;
mod start;
mod wipe;
mod write;

pub use confinement::Confinement;
pub use error::LabError;
pub use practice::{Lab, Raised, Status};
pub use profile::Profile;
pub use remark::{Fate, Ground, Remark};
pub use serve::serve_main;
