//! Manners towards systemd: it is told when the watchdog is ready, that it is alive, and that it stops. Nothing is said
//! to anybody where `$NOTIFY_SOCKET` names nobody.

use std::env;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Who wants to know.
pub(super) struct Service {
    to: Option<SocketAddr>,
    socket: Option<UnixDatagram>,
}

impl Service {
    /// As the environment says.
    pub fn of_environment() -> Self {
        let name = env::var("NOTIFY_SOCKET").ok().filter(|name| !name.is_empty());
        let to = name.and_then(|name| address(&name));
        let socket = to.as_ref().and_then(|_| UnixDatagram::unbound().ok());
        Self { to, socket }
    }

    /// A round is over: only now the watchdog is ready, and only so it shows that it is alive.
    pub fn round_is_over(&self, status: &str) {
        self.say(&format!("READY=1\nWATCHDOG=1\nSTATUS={status}"));
    }

    /// It stops.
    pub fn stops(&self) {
        self.say("STOPPING=1");
    }

    fn say(&self, text: &str) {
        let Some((socket, to)) = self.socket.as_ref().zip(self.to.as_ref()) else { return };
        if let Err(error) = socket.send_to_addr(text.as_bytes(), to) {
            tracing::warn!(%error, "systemd could not be told");
        }
    }
}

fn address(name: &str) -> Option<SocketAddr> {
    match name.strip_prefix('@') {
        Some(hidden) => SocketAddr::from_abstract_name(hidden).ok(),
        None => SocketAddr::from_pathname(name).ok(),
    }
}
