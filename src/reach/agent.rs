//! The user's key agent: which keys it holds, and signing with them. One that hangs is left alone after a while.

use std::path::Path;
use std::time::Duration;

use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::ssh_key::HashAlg;
use russh::{SendError, Signer};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::dial::plain;
use super::settings::{Patience, ReachSettings};

/// A connection to the agent.
pub(super) struct Agent {
    client: AgentClient<UnixStream>,
    // Signing may wait for a touch or a confirmation.
    patience: Duration,
}

/// Why the agent did not sign.
#[derive(Debug)]
pub(super) enum AgentError {
    /// The connection to the server is gone.
    Gone,
    /// The agent itself.
    Agent(String),
}

impl From<SendError> for AgentError {
    fn from(_: SendError) -> Self {
        Self::Gone
    }
}

/// How many keys the user's agent holds, or why it cannot be asked. `None`: there is no agent.
pub async fn agent_keys(settings: &ReachSettings) -> Option<Result<usize, String>> {
    let socket = settings.agent.as_ref()?;
    Some(Agent::list(socket, &settings.patience).await.map(|(_, keys)| keys.len()))
}

impl Agent {
    /// Connects and lists the keys. An error is a note for people: the login goes on without.
    #[expect(clippy::disallowed_methods, reason = "reach opens connections; this one to the agent")]
    pub(super) async fn list(
        socket: &Path,
        patience: &Patience,
    ) -> Result<(Self, Vec<AgentIdentity>), String> {
        let (patience, signing) = (patience.agent, patience.auth);
        let stream = match timeout(patience, UnixStream::connect(socket)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                return Err(format!("no key agent at `{}`: {}", socket.display(), plain(&error)));
            }
            Err(_) => return Err(silent(patience)),
        };
        let mut client = AgentClient::connect(stream);
        match timeout(patience, client.request_identities()).await {
            Ok(Ok(keys)) => Ok((Self { client, patience: signing }, keys)),
            Ok(Err(error)) => Err(format!("the key agent lists no keys: {error}")),
            Err(_) => Err(silent(patience)),
        }
    }
}

impl Signer for Agent {
    type Error = AgentError;

    async fn auth_sign(
        &mut self,
        key: &AgentIdentity,
        hash: Option<HashAlg>,
        data: Vec<u8>,
    ) -> Result<Vec<u8>, AgentError> {
        match timeout(self.patience, self.client.sign_request(key, hash, data)).await {
            Ok(Ok(signed)) => Ok(signed),
            Ok(Err(error)) => {
                Err(AgentError::Agent(format!("the key agent did not sign: {error}")))
            }
            Err(_) => Err(AgentError::Agent(silent(self.patience))),
        }
    }
}

fn silent(patience: Duration) -> String {
    format!("the key agent did not answer within {} s", patience.as_secs_f32())
}
