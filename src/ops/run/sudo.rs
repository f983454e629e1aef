//! The sudo password: asked for once for all hosts of a run.

use tokio::sync::Mutex;

use crate::fleet::HostName;
use crate::reach::{Asker, Question, Secret};

/// The sudo password of a run, once somebody has given it.
pub(super) struct Passwords {
    asker: Asker,
    common: Mutex<Option<Secret>>,
}

impl Passwords {
    /// Whoever is asked, and what they gave beforehand.
    pub fn new(asker: Asker, given: Option<Secret>) -> Self {
        Self { asker, common: Mutex::new(given) }
    }

    /// The password for a host. `None`: nobody is there to give one, or they declined.
    pub async fn of(&self, host: &HostName) -> Option<Secret> {
        // Held while asking, so that a second host waits for the answer and does not ask as well.
        let mut common = self.common.lock().await;
        if let Some(known) = &*common {
            return Some(known.clone());
        }
        let who = format!("sudo on {host}");
        let question = |reply| Question::Password { who, again: false, reply };
        let given = self.asker.ask(question).await?;
        *common = Some(given.clone());
        Some(given)
    }
}
