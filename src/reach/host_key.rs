//! A server's key and what can be said about it. Judges nothing: `known_hosts` does.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use russh::keys::ssh_key::{HashAlg, PublicKey};

use crate::fleet::SshTarget;

/// The key a server showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    key: Arc<PublicKey>,
}

/// A server whose key nobody has vouched for yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Stranger {
    /// The server.
    pub target: SshTarget,
    /// The host in the inventory on whose way it lies.
    pub host: String,
    /// The key it showed.
    pub key: HostKey,
}

/// A line of a known hosts file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub number: usize,
}

/// Why a server's key was refused or could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostKeyError {
    /// It shows another key than the one we know.
    #[error("the host key of {server} has changed: it shows {shown}, but {at} holds {known}")]
    Changed {
        /// The server, as looked up.
        server: String,
        /// What it showed.
        shown: HostKey,
        /// What we know it by.
        known: HostKey,
        /// Where.
        at: KeyLine,
    },
    /// It has no key of a kind we know it by.
    #[error(
        "{server} shows no host key of a kind we know it by: {at} holds {known}, it has {shown}"
    )]
    OtherKind {
        /// The server, as looked up.
        server: String,
        /// What it has.
        shown: String,
        /// What we know it by.
        known: HostKey,
        /// Where.
        at: KeyLine,
    },
    /// It shows a key that was declared lost.
    #[error("the host key of {server} is revoked: {at} declares {shown} lost")]
    Revoked {
        /// The server, as looked up.
        server: String,
        /// What it showed.
        shown: HostKey,
        /// Where.
        at: KeyLine,
    },
    /// Its certificate does not hold.
    #[error("the host certificate of {server} does not hold: {why}")]
    Certificate {
        /// The server, as looked up.
        server: String,
        /// Why.
        why: String,
    },
    /// A known hosts file cannot be read or written.
    #[error("known hosts file `{}`: {why}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        why: String,
    },
    /// A line about this server cannot be understood.
    #[error("{at} cannot be read as a known host: {why}")]
    BadLine {
        /// Where.
        at: KeyLine,
        /// What is wrong.
        why: String,
    },
}

impl HostKey {
    /// The key as such.
    pub fn new(key: PublicKey) -> Self {
        Self { key: Arc::new(key) }
    }

    /// Its algorithm, as `ssh-ed25519`.
    pub fn algorithm(&self) -> String {
        self.key.algorithm().to_string()
    }

    /// Its fingerprint, as `SHA256:…`, the form in which a host's own tools show it.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The public key.
    pub fn public(&self) -> &PublicKey {
        &self.key
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm(), self.fingerprint())
    }
}

impl fmt::Display for KeyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.number)
    }
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the host key of {} is unknown: {}", self.target.endpoint, self.key)
    }
}

impl Stranger {
    pub(super) fn hint(&self) -> String {
        format!(
            "compare it with what `ssh-keygen -lf` says of /etc/ssh/ssh_host_*_key.pub on the \
             machine itself, then `shelter hosts trust {}`",
            self.host
        )
    }
}

impl HostKeyError {
    pub(super) fn hint(&self) -> String {
        match self {
            Self::Changed { at, .. } | Self::OtherKind { at, .. } => format!(
                "either the machine was set up anew or someone stands in between: find out which \
                 on the machine itself, then remove line {} of {} and run `shelter hosts trust`",
                at.number,
                at.file.display()
            ),
            Self::Revoked { .. } => {
                "never connect to it with that key: give the machine a new host key".to_owned()
            }
            Self::Certificate { .. } => {
                "have the authority sign the host's key anew, for this name".to_owned()
            }
            Self::File { .. } => "make the file readable and writable for you alone".to_owned(),
            Self::BadLine { .. } => "mend or remove that line".to_owned(),
        }
    }
}
