//! The SSH server of a practice host: one key, one socket, real shells. Forwards nothing and opens no port.

mod channel;
mod handler;
mod idle;
mod pty;
mod reaper;
mod spawn;
mod stdin;

use std::io;
use std::os::unix::net::UnixListener as BoundListener;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{PrivateKey, PublicKey};
use russh::server::Config;
use russh::{MethodKind, MethodSet};
use tokio::io::AsyncWriteExt;
use tokio::net::{UnixListener, UnixStream};
use tokio::signal::unix::{SignalKind, signal};

use super::account::Accounts;
use super::sensors::Sensors;
use handler::Visit;
use idle::Idle;
use reaper::Reaper;

/// How long a server nobody uses stays, with nothing running inside.
const IDLE_LIMIT: Duration = Duration::from_secs(30 * 60);

/// The server library does not read while it writes. Two of its kind that write much to each other would wait for
/// each other forever, so what a client sends is read ahead: at most what its windows allow.
const READ_AHEAD: usize = 64 << 20;

/// Who the server is, and whom it lets in.
pub(super) struct Welcome {
    /// The server's own key.
    pub host_key: PrivateKey,
    /// The only key that opens.
    pub client: PublicKey,
    /// Who may log in.
    pub accounts: Accounts,
}

/// A server on its socket.
pub(super) struct Server {
    listener: UnixListener,
    config: Arc<Config>,
    shared: Arc<Shared>,
}

/// What all visits share.
struct Shared {
    client: PublicKey,
    accounts: Accounts,
    reaper: Reaper,
}

impl Server {
    /// Takes over a socket that listens.
    pub fn new(listener: BoundListener, welcome: Welcome) -> io::Result<Self> {
        let Welcome { host_key, client, accounts } = welcome;
        let config = Config {
            methods: MethodSet::from(&[MethodKind::PublicKey][..]),
            auth_rejection_time: Duration::from_millis(50),
            auth_rejection_time_initial: Some(Duration::ZERO),
            keys: vec![host_key],
            inactivity_timeout: None,
            ..Config::default()
        };
        let shared = Shared { client, accounts, reaper: Reaper::start()? };
        let listener = UnixListener::from_std(listener)?;
        Ok(Self { listener, config: Arc::new(config), shared: Arc::new(shared) })
    }

    /// Serves until asked to end, or until nobody has needed it for long.
    pub async fn serve(self, sensors: Sensors) -> io::Result<()> {
        let mut terminated = signal(SignalKind::terminate())?;
        // A console started by nohup leaves us these ignored, and what is ignored stays so in every
        // program of a session. A handler, even one nobody listens to, ends with the program's start.
        let unheard = [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
        let _unheard = unheard.map(signal);
        let idle = Idle::new(IDLE_LIMIT);
        loop {
            tokio::select! {
                accepted = self.listener.accept() => self.admit(accepted?.0, &idle),
                () = sensors.vary(), if idle.is_visited() => {}
                () = idle.expired() => break,
                _ = terminated.recv() => break,
            }
        }
        reaper::end_all_children()
    }

    fn admit(&self, stream: UnixStream, idle: &Idle) {
        let own = rustix::process::getuid().as_raw();
        if !stream.peer_cred().is_ok_and(|peer| peer.uid() == own) {
            return;
        }
        let visitor = idle.enter();
        let (config, visit) = (self.config.clone(), Visit::new(self.shared.clone()));
        let (mut from_client, to_client) = stream.into_split();
        let (ahead, mut behind) = tokio::io::simplex(READ_AHEAD);
        tokio::spawn(async move {
            // A client that breaks off ends the visit by the end of what it sent.
            let _ = tokio::io::copy(&mut from_client, &mut behind).await;
            let _ = behind.shutdown().await;
        });
        let stream = tokio::io::join(ahead, to_client);
        tokio::spawn(async move {
            if let Ok(session) = russh::server::run_stream(config, stream, visit).await {
                // How a connection ends is the client's affair.
                let _ = session.await;
            }
            drop(visitor);
        });
    }
}
