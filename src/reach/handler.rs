//! What we answer a server of our own accord: whether its key is the one we expect, and no to everything else.

use russh::Names;
use russh::client::{DisconnectReason, Handler, Session};
use russh::keys::PublicKeyOrCertificate;
use russh::keys::ssh_key::PublicKey;
use tokio::sync::watch;

use crate::fleet::Parting;

use super::certificate;
use super::host_key::HostKeyError;
use super::known_hosts::{Acquaintance, Verdict};
use super::policy;
use super::preamble::one_line;

/// Stands at the door of one session.
pub(super) struct Doorman {
    acquaintance: Acquaintance,
    ended: watch::Sender<Option<Ending>>,
}

/// How a session ended.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    /// The server said so.
    Goodbye(String),
    /// The server closed it without a word.
    Closed(String),
    /// It was not meant to.
    Broken(String),
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Goodbye(said) if said.is_empty() => f.write_str("it hung up"),
            Self::Goodbye(said) => write!(f, "it hung up: {said}"),
            Self::Closed(why) | Self::Broken(why) => f.write_str(why),
        }
    }
}

impl Ending {
    /// Whether the server did it, or nothing was heard of it any more.
    pub(super) fn parting(&self) -> Parting {
        match self {
            Self::Goodbye(_) | Self::Closed(_) => Parting::Closed,
            Self::Broken(_) => Parting::Silence,
        }
    }
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
    pub(super) fn new(acquaintance: Acquaintance, ended: watch::Sender<Option<Ending>>) -> Self {
        Self { acquaintance, ended }
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

    async fn disconnected(&mut self, reason: DisconnectReason<Halt>) -> Result<(), Halt> {
        self.ended.send_replace(Some(ending(&reason)));
        Ok(())
    }
}

fn ending(reason: &DisconnectReason<Halt>) -> Ending {
    match reason {
        DisconnectReason::ReceivedDisconnect(info) => {
            Ending::Goodbye(one_line(info.message.as_bytes()))
        }
        // The server names no method that it would still take: russh ends the session by itself.
        DisconnectReason::Error(Halt::Ssh(russh::Error::NoAuthMethod)) => {
            Ending::Goodbye("no other way in is open".to_owned())
        }
        DisconnectReason::Error(Halt::Ssh(error)) if is_close(error) => {
            Ending::Closed(broken(error))
        }
        DisconnectReason::Error(Halt::Ssh(error)) => Ending::Broken(broken(error)),
        DisconnectReason::Error(_) => Ending::Broken("its key was refused".to_owned()),
    }
}

/// Whether the other side closed the transport.
fn is_close(error: &russh::Error) -> bool {
    match error {
        russh::Error::HUP | russh::Error::Disconnect => true,
        russh::Error::IO(error) => error.kind() == std::io::ErrorKind::UnexpectedEof,
        _ => false,
    }
}

/// How a transport ended, in words.
pub(super) fn broken(error: &russh::Error) -> String {
    match error {
        russh::Error::KeepaliveTimeout => "it gives no sign of life any more".to_owned(),
        russh::Error::HUP => "it closed the connection".to_owned(),
        russh::Error::Disconnect => "it hung up".to_owned(),
        russh::Error::IO(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it closed the connection".to_owned()
        }
        russh::Error::IO(error) => super::dial::plain(error),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error, ErrorKind};

    #[test]
    fn whether_a_server_closed_a_session_or_fell_silent_does_not_hang_on_words() {
        let of = |error| ending(&DisconnectReason::Error(Halt::Ssh(error))).parting();
        for closed in [
            russh::Error::HUP,
            russh::Error::Disconnect,
            russh::Error::IO(Error::new(ErrorKind::UnexpectedEof, "nothing more comes")),
        ] {
            assert_eq!(of(closed), Parting::Closed);
        }
        for silent in [
            russh::Error::KeepaliveTimeout,
            russh::Error::IO(Error::new(ErrorKind::TimedOut, "it closed the connection")),
        ] {
            assert_eq!(of(silent), Parting::Silence);
        }
    }
}
