//! What the room is told once: whose keys, how patient, how many at a time. Reads no environment by itself.

use std::path::PathBuf;
use std::time::Duration;

use super::asker::Asker;
use super::dial::Dial;

/// How machines are reached.
#[derive(Clone)]
pub struct ReachSettings {
    /// The user's home directory: `.ssh` lies in it, and local commands start in it.
    pub home: PathBuf,
    /// The socket of the user's key agent, if one runs.
    pub agent: Option<PathBuf>,
    /// Who answers questions.
    pub asker: Asker,
    /// How long things may take.
    pub patience: Patience,
    /// How many things may happen at a time.
    pub limits: Limits,
    /// How a byte stream to a server is had.
    pub dial: Dial,
}

/// How long things may take. Waiting for a person never counts.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the first packet to agreed keys.
    pub connect: Duration,
    /// One exchange of the login.
    pub auth: Duration,
    /// From a command's start until the account's shell has got past its own start files.
    pub shell: Duration,
    /// One answer of the key agent.
    pub agent: Duration,
    /// After this much silence the server is asked for a sign of life.
    pub keepalive: Duration,
    /// After so many unanswered asks the link is given up.
    pub keepalives: usize,
    /// How long a command may take to end after TERM, and again after KILL.
    pub grace: Duration,
}

/// How many things may happen at a time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Commands on one link; sshd allows 10 sessions by default.
    pub channels: usize,
    /// Logins under way at one server or through one jump host; sshd begins to refuse at 10.
    pub handshakes: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            auth: Duration::from_secs(20),
            shell: Duration::from_secs(30),
            agent: Duration::from_secs(3),
            keepalive: Duration::from_secs(15),
            keepalives: 3,
            grace: Duration::from_secs(2),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { channels: 8, handshakes: 8 }
    }
}

impl ReachSettings {
    /// The usual ways of a user with that home: nobody to ask, no agent.
    pub fn new(home: PathBuf) -> Self {
        Self {
            home,
            agent: None,
            asker: Asker::Nobody,
            patience: Patience::default(),
            limits: Limits::default(),
            dial: Dial::default(),
        }
    }
}
