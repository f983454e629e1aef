//! What we answer a server of our own accord: whether its key is the one we expect, and no to everything else.

use std::sync::{Arc, Mutex, PoisonError};

use russh::Names;
use russh::client::{DisconnectReason, Handler, Session};
use russh::keys::PublicKeyOrCertificate;
use russh::keys::ssh_key::PublicKey;
use tokio::sync::watch;

use super::certificate;
use super::host_key::HostKeyError;
use super::known_hosts::{Acquaintance, Verdict};
use super::policy;

/// Longest banner that is kept, in bytes.
const BANNER: usize = 4096;

/// Stands at the door of one session.
pub(super) struct Doorman {
    acquaintance: Acquaintance,
    ended: watch::Sender<Option<String>>,
    banner: Arc<Mutex<String>>,
}

/// Why a session could not go on.
#[derive(Debug)]
pub(super) enum Halt {
    /// The transport or the protocol.
    Ssh(russh::Error),
    /// The key is refused.
    Refused(HostKeyError),
    /// The key is unknown: somebody must vouch for it first.
    Unknown(Box<PublicKey>),
    /// What was agreed on is not safe.
    Unsafe(&'static str),
}

impl From<russh::Error> for Halt {
    fn from(error: russh::Error) -> Self {
        Self::Ssh(error)
    }
}

impl Doorman {
    /// Lets in the server of that acquaintance, and tells through `ended` when its session ends.
    pub(super) fn new(acquaintance: Acquaintance, ended: watch::Sender<Option<String>>) -> Self {
        Self { acquaintance, ended, banner: Arc::default() }
    }

    /// What the server says before the login, as it comes in.
    pub(super) fn banner(&self) -> Arc<Mutex<String>> {
        self.banner.clone()
    }
}

impl Handler for Doorman {
    type Error = Halt;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Halt> {
        let key = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => key,
            PublicKeyOrCertificate::Certificate(certificate) => {
                certificate::check(&self.acquaintance, certificate).map_err(Halt::Refused)?;
                return Ok(true);
            }
        };
        match self.acquaintance.judge(key).map_err(Halt::Refused)? {
            Verdict::Known => Ok(true),
            Verdict::Unknown => Err(Halt::Unknown(Box::new(key.clone()))),
        }
    }

    async fn kex_done(
        &mut self,
        _: Option<&[u8]>,
        names: &Names,
        _: &mut Session,
    ) -> Result<(), Halt> {
        policy::objection(names).map_or(Ok(()), |why| Err(Halt::Unsafe(why)))
    }

    async fn auth_banner(&mut self, banner: &str, _: &mut Session) -> Result<(), Halt> {
        let mut kept = self.banner.lock().unwrap_or_else(PoisonError::into_inner);
        let room = BANNER.saturating_sub(kept.len());
        kept.extend(banner.chars().take(room));
        Ok(())
    }

    async fn disconnected(&mut self, reason: DisconnectReason<Halt>) -> Result<(), Halt> {
        self.ended.send_replace(Some(ending(&reason)));
        Ok(())
    }
}

fn ending(reason: &DisconnectReason<Halt>) -> String {
    match reason {
        DisconnectReason::ReceivedDisconnect(info) if info.message.is_empty() => {
            "it hung up".to_owned()
        }
        DisconnectReason::ReceivedDisconnect(info) => format!("it hung up: {}", info.message),
        DisconnectReason::Error(Halt::Ssh(error)) => broken(error),
        DisconnectReason::Error(_) => "its key was refused".to_owned(),
    }
}

/// How a transport ended, in words.
pub(super) fn broken(error: &russh::Error) -> String {
    match error {
        russh::Error::KeepaliveTimeout => "it gives no sign of life any more".to_owned(),
        russh::Error::HUP | russh::Error::Disconnect => "it closed the connection".to_owned(),
        russh::Error::IO(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it closed the connection".to_owned()
        }
        russh::Error::IO(error) => super::dial::plain(error),
        other => other.to_string(),
    }
}
