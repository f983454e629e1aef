//! Why a machine could not be reached or did not do what was asked, each with the way on. Never prints.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::fleet::{Failure, FailureKind, Outage};

use super::host_key::{HostKeyError, Stranger};

/// Why a machine could not be reached, or did not do what was asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReachError {
    /// The address has no meaning to the resolver.
    #[error("`{address}` does not resolve: {why}")]
    Unresolved {
        /// The address.
        address: String,
        /// What the resolver said.
        why: String,
    },
    /// No byte stream to the server could be had.
    #[error("no connection to {to}: {why}")]
    Dial {
        /// The endpoint.
        to: String,
        /// What the system said.
        why: String,
    },
    /// The machine answers, and nothing there listens on that port.
    #[error("nothing listens on port {port} there")]
    Nobody {
        /// The port of its own loopback.
        port: u16,
    },
    /// The server took longer than we wait.
    #[error("{to} did not {what} within {} s", after.as_secs_f32())]
    Timeout {
        /// The endpoint.
        to: String,
        /// What it owed.
        what: &'static str,
        /// How long we waited.
        after: Duration,
    },
    /// What the server sent is not SSH as we speak it.
    #[error("{to} does not speak SSH as it should: {why}")]
    Protocol {
        /// The endpoint.
        to: String,
        /// What was wrong.
        why: String,
    },
    /// The connection ended while it was needed.
    #[error("the connection to {to} broke: {why}")]
    Lost {
        /// The endpoint.
        to: String,
        /// How it ended.
        why: String,
    },
    /// The server showed a key that nobody has vouched for yet.
    #[error("{0}")]
    Unknown(Box<Stranger>),
    /// The server's key was refused, or could not be judged.
    #[error(transparent)]
    HostKey(#[from] HostKeyError),
    /// The server let us not in.
    #[error("{who} was not let in: {}", .refusal.text())]
    Auth {
        /// User and endpoint.
        who: String,
        /// What was tried.
        refusal: Box<Refusal>,
    },
    /// A key file that cannot be used.
    #[error("key file `{}` {why}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// What to do.
        hint: String,
    },
    /// A server on the way could not be reached.
    #[error("jump host {jump}: {source}")]
    Jump {
        /// The server on the way.
        jump: String,
        /// Why.
        source: Box<ReachError>,
    },
    /// The account has no shell that runs commands.
    #[error("the account there runs no commands: {said}")]
    Shell {
        /// What was printed instead.
        said: String,
    },
    /// The command that was to yield a shell yields none.
    #[error("`{command}` yields no shell: {said}")]
    Entry {
        /// The command, as the inventory says it.
        command: String,
        /// What it did instead.
        said: String,
    },
    /// A command could not be started, or its answer is more than was allowed.
    #[error("{what}")]
    Command {
        /// What happened.
        what: String,
    },
    /// Something on our own side.
    #[error("{what}: {why}")]
    Local {
        /// What was being done.
        what: String,
        /// What the system said.
        why: String,
    },
    /// A file was not carried over.
    #[error("`{path}` {why}")]
    File {
        /// The file, on whichever side it is.
        path: String,
        /// What happened.
        why: String,
        /// What to do, if something can be done.
        hint: Option<String>,
    },
}

/// What was offered to a server that let us not in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// What was offered, in order: `key SHA256:… (file)`, `password`…
    pub offered: Vec<String>,
    /// What could not be offered, and why.
    pub notes: Vec<String>,
    /// The methods the server would still take.
    pub methods: Vec<String>,
    /// What would help.
    pub hint: Option<String>,
}

impl Refusal {
    fn text(&self) -> String {
        let mut text = match self.offered.as_slice() {
            [] => "there was nothing to offer".to_owned(),
            offered => format!("it refused {}", offered.join(", ")),
        };
        if !self.notes.is_empty() {
            text = format!("{text}; {}", self.notes.join("; "));
        }
        if !self.methods.is_empty() {
            text = format!("{text} (it takes {})", self.methods.join(", "));
        }
        text
    }

    fn hint(&self) -> String {
        self.hint.clone().unwrap_or_else(|| {
            "add one of our public keys to `~/.ssh/authorized_keys` there, or name the right \
             `user` and `key` for this host"
                .to_owned()
        })
    }
}

/// What a server owes first: that somebody takes the connection.
pub(super) const ANSWER: &str = "answer";

/// What the system's words for a connection that did not come about mean.
fn dialled(why: &str) -> Outage {
    match why {
        "connection refused" => Outage::Closed,
        "no route to host" | "host is down" => Outage::NoRoute,
        "network is unreachable" | "network is down" => Outage::NoNetwork,
        "connection timed out" => Outage::Silent,
        _ => Outage::Other,
    }
}

impl ReachError {
    /// The failure as data, for events and reports.
    pub fn failure(&self) -> Failure {
        Failure { kind: self.kind(), text: self.to_string(), hint: self.hint() }
    }

    /// What a host that fails so looks like from here.
    pub fn outage(&self) -> Outage {
        match self {
            Self::Dial { why, .. } => dialled(why),
            Self::Timeout { what: ANSWER, .. } => Outage::Silent,
            Self::Timeout { .. } => Outage::Frozen,
            Self::Unresolved { .. } => Outage::NoName,
            // Nothing came back from the way to it, which says nothing of the host itself.
            Self::Jump { source, .. } => match source.outage() {
                Outage::NoRoute | Outage::Silent => Outage::Silent,
                ours @ (Outage::NoNetwork | Outage::NoName) => ours,
                _ => Outage::Other,
            },
            Self::Lost { .. } | Self::Nobody { .. } => Outage::Other,
            Self::Local { .. } | Self::File { .. } | Self::Command { .. } => Outage::Other,
            Self::Protocol { .. } | Self::Unknown(_) | Self::HostKey(_) => Outage::Barred,
            Self::Auth { .. } | Self::KeyFile { .. } => Outage::Barred,
            Self::Shell { .. } | Self::Entry { .. } => Outage::Barred,
        }
    }

    /// Whether another try may go better by itself.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Jump { source, .. } => source.is_transient(),
            other => matches!(other.kind(), FailureKind::Network),
        }
    }

    pub(super) fn local(what: impl Into<String>, why: impl ToString) -> Self {
        Self::Local { what: what.into(), why: why.to_string() }
    }

    pub(super) fn key_file(path: &Path, why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::KeyFile { path: path.to_owned(), why: why.into(), hint: hint.into() }
    }

    fn kind(&self) -> FailureKind {
        match self {
            Self::Unresolved { .. } | Self::Dial { .. } | Self::Nobody { .. } => {
                FailureKind::Network
            }
            Self::Timeout { .. } | Self::Lost { .. } => FailureKind::Network,
            Self::Protocol { .. } => FailureKind::Protocol,
            Self::Unknown(_) | Self::HostKey(_) => FailureKind::HostKey,
            Self::Auth { .. } => FailureKind::Auth,
            Self::Jump { source, .. } => source.kind(),
            Self::Shell { .. } | Self::Entry { .. } => FailureKind::Shell,
            Self::Command { .. } | Self::KeyFile { .. } => FailureKind::Local,
            Self::Local { .. } | Self::File { .. } => FailureKind::Local,
        }
    }

    fn hint(&self) -> Option<String> {
        let fixed = match self {
            Self::Unresolved { .. } => "check `address` in the inventory, or the resolver",
            Self::Dial { .. } => "check that the machine is up and sshd listens on that port",
            Self::Nobody { .. } => "start there what should listen, or name the port it listens on",
            Self::Timeout { .. } => "check that the machine is up, and any firewall on the way",
            Self::Protocol { .. } => {
                "check that this port is an SSH server's and which version it is"
            }
            Self::Shell { .. } => "give the user a POSIX login shell there, or name another `user`",
            Self::Entry { command, .. } => {
                return Some(format!(
                    "what `via` names must read commands as `sh` does; by hand: `echo date | {command}`"
                ));
            }
            Self::Unknown(stranger) => return Some(stranger.hint()),
            Self::HostKey(error) => return Some(error.hint()),
            Self::Auth { refusal, .. } => return Some(refusal.hint()),
            Self::KeyFile { hint, .. } => return Some(hint.clone()),
            Self::Jump { source, .. } => return source.hint(),
            Self::File { hint, .. } => return hint.clone(),
            Self::Lost { .. } => "try again; if it stays so, the server's own log says why",
            Self::Command { .. } | Self::Local { .. } => return None,
        };
        Some(fixed.to_owned())
    }
}
