//! One connection to one SSH server: the handshake, the login, the channels. Knows nothing of sharing.

use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle, Msg};
use russh::{AlgorithmKind, Channel, ChannelOpenFailure, Disconnect, SshId};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::fleet::{Endpoint, Parting, SshTarget};

use super::auth::{Login, Wallet};
use super::dial::ByteStream;
use super::error::ReachError;
use super::handler::{Doorman, Ending, Halt, broken};
use super::host_key::{HostKey, Stranger};
use super::inside::LOOPBACK;
use super::known_hosts::Acquaintance;
use super::policy;
use super::settings::{Patience, ReachSettings};
use super::steady::Steady;

/// Messages that wait on a channel before the whole connection is held back.
const BUFFERED: usize = 16;

/// sshd counts a session until it has seen its process end, which may be a moment after its channel
/// has closed: a refusal is worth another try or two.
const REOPENS: u32 = 4;
const REOPEN: Duration = Duration::from_millis(25);

/// An established connection, logged in.
pub(super) struct SshLink {
    pub(super) target: SshTarget,
    pub(super) patience: Patience,
    pub(super) channels: Arc<Semaphore>,
    session: Handle<Doorman>,
    ended: watch::Receiver<Option<Ending>>,
    // A link through a jump host lives as long as the jump host's link.
    _through: Option<Arc<SshLink>>,
}

/// What a connection is made with.
pub(super) struct Call<'a> {
    pub target: &'a SshTarget,
    /// The host in the inventory on whose way the server lies.
    pub host: &'a str,
    pub settings: &'a ReachSettings,
    pub wallet: &'a Wallet,
    pub through: Option<Arc<SshLink>>,
}

/// A connection on which keys are agreed and the server is known, but nobody is logged in.
struct Met {
    session: Handle<Doorman>,
    ended: watch::Receiver<Option<Ending>>,
}

impl Call<'_> {
    /// Connects and logs in.
    pub(super) async fn connect(self, known: Acquaintance) -> Result<SshLink, ReachError> {
        let Met { mut session, ended } = self.meet(known).await?;
        Login::new(&mut session, &ended, &self).run().await?;
        Ok(SshLink {
            target: self.target.clone(),
            patience: self.settings.patience,
            channels: Arc::new(Semaphore::new(self.settings.limits.channels)),
            session,
            ended,
            _through: self.through,
        })
    }

    /// Connects just far enough to see the server's key.
    pub(super) async fn look(&self, known: Acquaintance) -> Result<(), ReachError> {
        let met = self.meet(known).await?;
        let bye = met.session.disconnect(Disconnect::ByApplication, "", "");
        bye.await.map_err(|e| self.lost(&e))
    }

    async fn meet(&self, known: Acquaintance) -> Result<Met, ReachError> {
        let patience = self.settings.patience.connect;
        let deadline = Instant::now() + patience;
        let slow = |what| ReachError::Timeout { to: self.to(), what, after: patience };
        let stream = timeout_at(deadline, self.stream());
        let stream = stream.await.map_err(|_| slow(super::error::ANSWER))??;
        let limit = self.settings.patience.silence();
        let config = Arc::new(self.config(&known));
        let (tell, ended) = watch::channel(None);
        let doorman = Doorman::new(known.clone(), tell);
        let met = client::connect_stream(config, Steady::new(stream, limit), doorman);
        match timeout_at(deadline, met).await {
            Err(_) => Err(slow("finish the SSH handshake")),
            Ok(Err(halt)) => Err(self.halted(halt, &known)),
            Ok(Ok(session)) => Ok(Met { session, ended }),
        }
    }

    async fn stream(&self) -> Result<ByteStream, ReachError> {
        match &self.through {
            None => self.settings.dial.open(&self.target.endpoint).await,
            Some(jump) => jump.forward(&self.target.endpoint).await,
        }
    }

    fn config(&self, known: &Acquaintance) -> client::Config {
        let patience = &self.settings.patience;
        client::Config {
            client_id: SshId::Standard("SSH-2.0-shelter".into()),
            preferred: policy::preferred(&known.pins()),
            channel_buffer_size: BUFFERED,
            keepalive_interval: Some(patience.keepalive),
            // It gives up at the first keepalive beyond these.
            keepalive_max: patience.keepalives.saturating_sub(1).max(1),
            nodelay: true,
            ..client::Config::default()
        }
    }

    fn halted(&self, halt: Halt, known: &Acquaintance) -> ReachError {
        let protocol = |why: String| ReachError::Protocol { to: self.to(), why };
        match halt {
            Halt::Refused(error) => ReachError::HostKey(error),
            Halt::Unknown(key) => ReachError::Unknown(Box::new(Stranger {
                target: self.target.clone(),
                host: self.host.to_owned(),
                key: HostKey::new(*key),
            })),
            Halt::Unsafe(why) => protocol(why.to_owned()),
            Halt::Ssh(russh::Error::NoCommonAlgo { kind, theirs, .. }) => {
                let other = matches!(kind, AlgorithmKind::Key).then(|| known.other_kind(&theirs));
                other.flatten().map_or_else(
                    || protocol(format!("it has only {}", theirs.join(", "))),
                    ReachError::HostKey,
                )
            }
            Halt::Ssh(russh::Error::Version) => {
                protocol("what it says first is not an SSH greeting".to_owned())
            }
            Halt::Ssh(error) if is_transport(&error) => self.lost(&error),
            Halt::Ssh(error) => protocol(error.to_string()),
        }
    }

    fn lost(&self, error: &russh::Error) -> ReachError {
        ReachError::Lost { to: self.to(), why: format!("{} during the handshake", broken(error)) }
    }

    fn to(&self) -> String {
        self.target.endpoint.to_string()
    }
}

impl Patience {
    /// How long a link may be silent before it is given up.
    pub(super) fn silence(&self) -> Duration {
        self.keepalive * u32::try_from(self.keepalives).unwrap_or(u32::MAX)
    }
}

impl SshLink {
    /// Whether the connection still stands, as far as we know.
    pub(super) fn is_up(&self) -> bool {
        self.ended.borrow().is_none() && !self.session.is_closed()
    }

    /// Waits until the connection has ended, and tells how.
    pub(super) async fn ended(&self) -> (Parting, String) {
        let mut ended = self.ended.clone();
        let end = ended.wait_for(Option::is_some).await;
        let end = end.ok().and_then(|end| end.clone());
        end.map_or_else(|| (Parting::Closed, closed()), |end| (end.parting(), end.to_string()))
    }

    /// A new session channel.
    pub(super) async fn channel(&self) -> Result<Channel<Msg>, ReachError> {
        let patience = self.patience.auth;
        let opened = timeout(patience, async {
            for attempt in 1..=REOPENS {
                match self.session.channel_open_session().await {
                    Err(russh::Error::ChannelOpenFailure(_)) => {
                        sleep(REOPEN * attempt).await;
                    }
                    opened => return opened,
                }
            }
            self.session.channel_open_session().await
        });
        match opened.await {
            Ok(opened) => opened.map_err(|error| self.refused(&error)),
            Err(_) => Err(ReachError::Timeout {
                to: self.target.endpoint.to_string(),
                what: "open a channel",
                after: patience,
            }),
        }
    }

    /// Says goodbye.
    pub(super) async fn close(&self) {
        // A connection that is gone already needs no goodbye.
        let _ = self.session.disconnect(Disconnect::ByApplication, "", "").await;
    }

    /// The error for a connection that is gone.
    pub(super) fn lost(&self) -> ReachError {
        let why = self.ended.borrow().as_ref().map_or_else(closed, ToString::to_string);
        ReachError::Lost { to: self.target.endpoint.to_string(), why }
    }

    async fn forward(&self, to: &Endpoint) -> Result<ByteStream, ReachError> {
        let opened = self.open_to(to).await;
        self.opened(opened, to)
    }

    /// A byte stream to a port of the server's own loopback; `None` where it carries no streams, whatever they lead to.
    pub(super) async fn inside_if_allowed(
        &self,
        port: u16,
    ) -> Result<Option<ByteStream>, ReachError> {
        use ChannelOpenFailure::{AdministrativelyProhibited, ConnectFailed};
        let to = Endpoint::Tcp { address: LOOPBACK.to_owned(), port };
        match self.open_to(&to).await {
            Err(russh::Error::ChannelOpenFailure(AdministrativelyProhibited)) => Ok(None),
            Err(russh::Error::ChannelOpenFailure(ConnectFailed)) => {
                Err(ReachError::Nobody { port })
            }
            opened => self.opened(opened, &to).map(Some),
        }
    }

    async fn open_to(&self, to: &Endpoint) -> Result<Channel<Msg>, russh::Error> {
        match to {
            Endpoint::Tcp { address, port } => {
                let port = u32::from(*port);
                self.session.channel_open_direct_tcpip(address, port, "127.0.0.1", 0).await
            }
            Endpoint::Socket(path) => {
                let path = path.display().to_string();
                self.session.channel_open_direct_streamlocal(path).await
            }
        }
    }

    fn opened(
        &self,
        opened: Result<Channel<Msg>, russh::Error>,
        to: &Endpoint,
    ) -> Result<ByteStream, ReachError> {
        match opened {
            Ok(channel) => Ok(Box::new(channel.into_stream())),
            Err(russh::Error::ChannelOpenFailure(reason)) => Err(ReachError::Dial {
                to: to.to_string(),
                why: format!("{} {}", self.target, no_way(&reason)),
            }),
            Err(error) => Err(self.refused(&error)),
        }
    }

    fn refused(&self, error: &russh::Error) -> ReachError {
        match error {
            russh::Error::ChannelOpenFailure(_) => ReachError::Command {
                what: format!("{} opens no more sessions on this connection", self.target.endpoint),
            },
            _ => self.lost(),
        }
    }
}

fn no_way(reason: &ChannelOpenFailure) -> &'static str {
    match reason {
        ChannelOpenFailure::AdministrativelyProhibited => "does not forward connections",
        ChannelOpenFailure::ConnectFailed => "cannot connect to it",
        _ => "opens no way to it",
    }
}

fn is_transport(error: &russh::Error) -> bool {
    use russh::Error as E;
    matches!(error, E::IO(_) | E::HUP | E::Disconnect | E::SendError | E::RecvError)
}

fn closed() -> String {
    "it was closed".to_owned()
}
