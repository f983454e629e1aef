//! A way to one host that stands, and what can be done over it. Cheap to clone.

use std::sync::Arc;

use crate::fleet::Parting;

use super::command::Command;
use super::error::ReachError;
use super::piped::Piped;
use super::running::Running;
use super::ssh::SshLink;
use super::ssh_run;
use super::terminal::{self, Keys, Screen, Size};

/// A way to one host that stands. Clones share it.
#[derive(Clone)]
pub struct Link {
    way: Way,
}

#[derive(Clone)]
pub(super) enum Way {
    Ssh(Arc<SshLink>),
    Piped(Arc<Piped>),
}

impl Link {
    pub(super) fn ssh(link: Arc<SshLink>) -> Self {
        Self { way: Way::Ssh(link) }
    }

    pub(super) fn piped(way: Piped) -> Self {
        Self { way: Way::Piped(Arc::new(way)) }
    }

    pub(super) fn way(&self) -> &Way {
        &self.way
    }

    /// Starts a command, bound to us: dropping the `Running` ends its process group there.
    pub async fn run(&self, command: &Command) -> Result<Running, ReachError> {
        match &self.way {
            Way::Ssh(link) => ssh_run::run(link, command).await,
            Way::Piped(way) => way.run(command).await,
        }
    }

    /// How many more commands may be under way on it.
    pub fn room(&self) -> usize {
        match &self.way {
            Way::Ssh(link) => link.channels.available_permits(),
            Way::Piped(way) => way.room(),
        }
    }

    /// Opens a login shell on a terminal. Only SSH can: another way has no terminal to give.
    pub async fn terminal(&self, kind: &str, size: Size) -> Result<(Keys, Screen), ReachError> {
        match &self.way {
            Way::Ssh(link) => terminal::open(link, kind, size).await,
            Way::Piped(_) => {
                Err(ReachError::Command { what: "this way has no terminal".to_owned() })
            }
        }
    }

    /// Whether it still stands, as far as can be known without asking the host.
    pub fn is_up(&self) -> bool {
        match &self.way {
            Way::Ssh(link) => link.is_up(),
            Way::Piped(_) => true,
        }
    }

    /// Waits until it stands no more, and tells how, and why in words.
    pub async fn ended(&self) -> (Parting, String) {
        match &self.way {
            Way::Ssh(link) => link.ended().await,
            // There is no connection that could end.
            Way::Piped(_) => std::future::pending().await,
        }
    }
}
