//! The way to a person, if there is one: questions go out over a channel, answers come back. Asks nothing by itself.

use std::path::PathBuf;

use tokio::sync::{mpsc, oneshot};

use super::host_key::Stranger;
use crate::fleet::Secret;

/// Who answers when a connection needs a person.
#[derive(Clone, Debug)]
pub enum Asker {
    /// Nobody: what would need an answer fails, naming what is missing.
    Nobody,
    /// Whoever reads this channel.
    Person(mpsc::Sender<Question>),
}

/// Something only a person can answer. Dropping the reply means no.
#[derive(Debug)]
pub enum Question {
    /// The passphrase of a key file.
    Passphrase {
        /// The file.
        file: PathBuf,
        /// Whether an answer before this one was wrong.
        again: bool,
        /// The answer.
        reply: oneshot::Sender<Secret>,
    },
    /// A login password.
    Password {
        /// User and endpoint.
        who: String,
        /// Whether an answer before this one was wrong.
        again: bool,
        /// The answer.
        reply: oneshot::Sender<Secret>,
    },
    /// Questions the server itself asks.
    Challenge {
        /// User and endpoint.
        who: String,
        /// What the server says about them; remote text, not to be shown as it is.
        instructions: String,
        /// Each with whether its answer may be seen while typed; remote text as well.
        prompts: Vec<(String, bool)>,
        /// The answers, one for each.
        reply: oneshot::Sender<Vec<Secret>>,
    },
    /// A secret that a playbook needs and nothing else tells.
    Secret {
        /// Its name.
        name: String,
        /// What it is for, as the playbook says.
        purpose: String,
        /// The answer.
        reply: oneshot::Sender<Secret>,
    },
    /// Whether an unknown server is to be trusted from now on.
    Trust {
        /// The server with its key.
        stranger: Box<Stranger>,
        /// The answer.
        reply: oneshot::Sender<bool>,
    },
}

impl Asker {
    /// Whether a question can be asked at all.
    pub fn is_there(&self) -> bool {
        matches!(self, Self::Person(_))
    }

    /// Asks, and waits for the answer as long as it takes. `None`: nobody is there, or they declined.
    pub async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Question) -> Option<T> {
        let Self::Person(person) = self else { return None };
        let (reply, answer) = oneshot::channel();
        person.send(question(reply)).await.ok()?;
        answer.await.ok()
    }
}
