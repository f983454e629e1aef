//! `shelter.yaml` and `~/.ssh/config` become an inventory; patterns choose hosts from it.
//! Reads no file by itself and touches no host.

mod grammar;
mod inventory;
mod pattern;
mod secrets;
mod ssh_config;
mod vars;
mod wildcard;
mod words;

pub use inventory::{Config, ConsoleSettings, inventory};
pub use pattern::Pattern;
pub use ssh_config::{Files, Local, SshConfig};
pub use vars::lone_value;

/// The `shelter.yaml` of a fresh home: commented, with the two founding hosts as examples.
pub const STARTER: &str = include_str!("config/starter.yaml");
