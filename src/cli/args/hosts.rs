//! The arguments of `shelter hosts`. Does nothing.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Selection;

/// Hosts: list them, reach them, trust them, know them, carry files to them and back.
#[derive(Debug, Subcommand)]
pub enum Hosts {
    /// Show the hosts of the inventory and how each is reached
    List(Selection),
    /// Reach hosts over SSH and show who answers
    Ping(Selection),
    /// Look at a host's key and accept it
    Trust(Trust),
    /// Gather and show what there is to know about hosts
    Facts(Selection),
    /// Carry a file or a folder to hosts: whole and verified, or not at all
    Put(Put),
    /// Carry a file or a folder from a host: whole and verified, or not at all
    Get(Get),
}

/// Whom to trust.
#[derive(Clone, Debug, Args)]
pub struct Trust {
    /// The host
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Accept without asking, if the host shows exactly this fingerprint
    #[arg(long, value_name = "SHA256:…")]
    pub fingerprint: Option<String>,
}

/// What to carry to which hosts.
#[derive(Clone, Debug, Args)]
pub struct Put {
    /// Which hosts: a name, a group, `alder-*`, `all`, or a combination such as `gpu:&debian:!shadow`
    #[arg(value_name = "PATTERN")]
    pub pattern: String,
    /// The file or folder of this machine
    #[arg(value_name = "FROM")]
    pub from: PathBuf,
    /// What it is to be there, from the login's home on; with `/` at its end the folder it goes into
    #[arg(value_name = "TO", default_value = "./")]
    pub to: String,
    /// Put a folder in the place of what is there, all of which goes
    #[arg(long)]
    pub replace: bool,
}

/// What to carry from which host.
#[derive(Clone, Debug, Args)]
pub struct Get {
    /// The host
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The file or folder of the host, from the login's home on
    #[arg(value_name = "FROM")]
    pub from: String,
    /// What it is to be here; of a folder that is there already, what goes into it
    #[arg(value_name = "TO", default_value = ".")]
    pub to: PathBuf,
    /// Put a folder in the place of what is here, all of which goes
    #[arg(long)]
    pub replace: bool,
}
