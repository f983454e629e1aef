//! How a machine is reached: connections, host keys, logins, commands, files. Knows no playbooks, prints nothing.

mod agent;
mod asker;
mod auth;
mod backoff;
mod certificate;
mod command;
mod dial;
mod error;
mod files;
mod handler;
mod host_key;
mod inside;
mod keys;
mod known_hosts;
mod leash;
mod link;
mod output;
mod passwords;
mod patterns;
mod piped;
mod policy;
mod preamble;
mod running;
mod settings;
mod ssh;
mod ssh_run;
mod steady;
mod switchboard;
mod terminal;
mod trust;

use std::path::PathBuf;
use std::sync::Arc;

pub use crate::fleet::Secret;
pub use agent::agent_keys;
pub use asker::{Asker, Question};
pub use backoff::backoff;
pub use command::Command;
pub use dial::{ByteStream, Dial, Stream};
pub use error::{ReachError, Refusal};
pub use files::{Carried, Progress};
pub use host_key::{HostKey, HostKeyError, KeyLine, Stranger};
pub use keys::USUAL as USUAL_KEYS;
pub use known_hosts::{Acquaintance, Verdict};
pub use link::Link;
pub use output::Output;
pub use running::{Chunk, Exit, Running, Stdin};
pub use settings::{Limits, Patience, ReachSettings};
pub use terminal::{Keys, Screen, Size};

use crate::fleet::{Host, Via};

use piped::Piped;
use switchboard::Switchboard;

/// The ways to all hosts. Clones share them.
#[derive(Clone)]
pub struct Reach {
    board: Arc<Switchboard>,
}

impl Reach {
    /// No connection yet.
    pub fn new(settings: ReachSettings) -> Self {
        Self { board: Arc::new(Switchboard::new(settings)) }
    }

    /// The way to a host: the one that stands, else a new one. Many may ask at once.
    pub async fn link(&self, host: &Host) -> Result<Link, ReachError> {
        match &host.via {
            Via::Ssh(target) => self.board.link(target, host.name.as_str()).await.map(Link::ssh),
            Via::Local => Ok(Link::piped(Piped::local(self.board.settings()))),
            Via::Shell(entry) => Ok(Link::piped(Piped::shell(entry, self.board.settings()))),
        }
    }

    /// The first server on the way to a host whose key nobody has vouched for, if there is one.
    pub async fn stranger(&self, host: &Host) -> Result<Option<Stranger>, ReachError> {
        match &host.via {
            Via::Ssh(target) => self.board.stranger(target, host.name.as_str()).await,
            Via::Local | Via::Shell(_) => Ok(None),
        }
    }

    /// Writes down that a server's key is its own, and tells in which file.
    pub async fn trust(&self, stranger: &Stranger) -> Result<PathBuf, ReachError> {
        self.board.trust(stranger).await
    }

    /// Hangs up on a host.
    pub async fn close(&self, host: &Host) {
        if let Via::Ssh(target) = &host.via {
            self.board.close(target).await;
        }
    }
}
