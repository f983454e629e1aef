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

    /// Whether anybody can be asked.
    pub fn somebody_is_there(&self) -> bool {
        self.asker.is_there()
    }

    /// The password for a host, another than the one that was refused there. `None`: nobody is there to give one, or they
    /// declined.
    pub async fn of(&self, host: &HostName, refused: Option<&Secret>) -> Option<Secret> {
        // Held while asking, so that a second host waits for the answer and does not ask as well.
        let mut common = self.common.lock().await;
        let is_refused = |known: &Secret| refused.is_some_and(|it| it.reveal() == known.reveal());
        if let Some(known) = common.as_ref().filter(|known| !is_refused(known)) {
            return Some(known.clone());
        }
        let (who, again) = (format!("sudo on {host}"), refused.is_some());
        let question = |reply| Question::Password { who, again, reply };
        let given = self.asker.ask(question).await?;
        *common = Some(given.clone());
        Some(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn a_refused_password_is_asked_for_again_once_for_all_hosts() {
        let (asker, mut questions) = mpsc::channel(4);
        let passwords = Passwords::new(Asker::Person(asker), Some(Secret::new("worng".into())));
        let answering = tokio::spawn(async move {
            let mut asked = Vec::new();
            while let Some(Question::Password { again, reply, .. }) = questions.recv().await {
                asked.push(again);
                reply.send(Secret::new("right".into())).ok();
            }
            asked
        });
        let (one, two) = (HostName::new("phantom").unwrap(), HostName::new("shadow").unwrap());
        let refused = passwords.of(&one, None).await.unwrap();
        for host in [&one, &two] {
            let given = passwords.of(host, Some(&refused)).await.unwrap();
            assert_eq!(given.reveal(), "right");
        }
        drop(passwords);
        assert_eq!(answering.await.unwrap(), [true]);
    }
}
