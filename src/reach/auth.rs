//! Logging in: agent, key files, then what the server asks. Knows no network; speaks through one session.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use russh::MethodKind;
use russh::client::{AuthResult, Handle};
use russh::keys::PrivateKeyWithHashAlg;
use russh::keys::agent::AgentIdentity;
use russh::keys::ssh_key::{HashAlg, PrivateKey, PublicKey};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::fleet::SshTarget;

use super::agent::{Agent, AgentError};
use super::error::{ReachError, Refusal};
use super::handler::{Doorman, Ending};
use super::keys::{KeyFile, Keyring, USUAL, half};
use super::passwords::Passwords;
use super::settings::ReachSettings;
use super::ssh::Call;

/// Keys offered at most: sshd counts each as a try and hangs up at six by default, and one is left
/// for a password.
const OFFERS: usize = 5;

/// What all logins of this process share.
#[derive(Default)]
pub(super) struct Wallet {
    pub keyring: Keyring,
    pub passwords: Passwords,
}

/// One login under way.
pub(super) struct Login<'a> {
    pub(super) session: &'a mut Handle<Doorman>,
    pub(super) target: &'a SshTarget,
    pub(super) settings: &'a ReachSettings,
    pub(super) wallet: &'a Wallet,
    pub(super) refusal: Refusal,
    ended: &'a watch::Receiver<Option<Ending>>,
    offers: usize,
    methods: Option<Vec<MethodKind>>,
}

/// A key that could be offered.
enum Offer {
    Agent(Box<AgentIdentity>),
    File(PathBuf, KeyFile),
}

/// How one exchange went.
pub(super) enum Step {
    In,
    Refused,
}

impl<'a> Login<'a> {
    /// A login as the target's user on that session.
    pub(super) fn new(
        session: &'a mut Handle<Doorman>,
        ended: &'a watch::Receiver<Option<Ending>>,
        call: &'a Call<'a>,
    ) -> Self {
        let Call { target, settings, wallet, .. } = call;
        let refusal = Refusal::default();
        Self { session, target, settings, wallet, refusal, ended, offers: 0, methods: None }
    }

    /// Tries every way there is, until one lets us in.
    pub(super) async fn run(mut self) -> Result<(), ReachError> {
        if let Step::In = self.keys().await? {
            return Ok(());
        }
        if self.methods.is_none() {
            let user = self.target.user.clone();
            let patience = self.settings.patience.auth;
            let asked = timeout(patience, self.session.authenticate_none(user)).await;
            if let Step::In = self.judge(flatten(asked))? {
                return Ok(());
            }
        }
        if let Step::In = super::passwords::ask(&mut self).await? {
            return Ok(());
        }
        let methods = self.methods.iter().flatten();
        self.refusal.methods = methods.map(|m| <&str>::from(m).to_owned()).collect();
        Err(ReachError::Auth { who: self.who(), refusal: Box::new(self.refusal) })
    }

    /// User and endpoint, for people.
    pub(super) fn who(&self) -> String {
        self.target.to_string()
    }

    /// Whether the server would take that method.
    pub(super) fn takes(&self, method: MethodKind) -> bool {
        self.methods.as_ref().is_none_or(|methods| methods.contains(&method))
    }

    /// Takes in how an exchange went.
    pub(super) fn judge(&mut self, answer: Result<AuthResult, String>) -> Result<Step, ReachError> {
        match answer {
            Ok(AuthResult::Success) => Ok(Step::In),
            Ok(AuthResult::Failure { remaining_methods, partial_success }) => {
                if remaining_methods.is_empty() && self.session.is_closed() {
                    return Err(self.lost("it hung up during the login"));
                }
                self.methods = Some(remaining_methods.to_vec());
                if partial_success {
                    self.refusal.notes.push("it wants a second proof as well".to_owned());
                }
                Ok(Step::Refused)
            }
            Err(why) => Err(self.lost(&why)),
        }
    }

    /// The session is over. A server that says goodbye to what we offered has refused it.
    fn lost(&mut self, why: &str) -> ReachError {
        let ending = self.ended.borrow().clone();
        match ending {
            Some(goodbye @ Ending::Goodbye(_)) if !self.refusal.offered.is_empty() => {
                self.refusal.notes.push(goodbye.to_string());
                let refusal = Box::new(std::mem::take(&mut self.refusal));
                ReachError::Auth { who: self.who(), refusal }
            }
            ending => ReachError::Lost {
                to: self.target.endpoint.to_string(),
                why: ending.map_or_else(|| why.to_owned(), |ending| format!("{why}: {ending}")),
            },
        }
    }

    async fn keys(&mut self) -> Result<Step, ReachError> {
        let (mut agent, held) = self.agent().await;
        for offer in self.plan(held) {
            if self.offers == OFFERS || !self.takes(MethodKind::PublicKey) {
                break;
            }
            let step = match (offer, agent.as_mut()) {
                (Offer::Agent(key), Some(agent)) => self.offer_agent(agent, *key).await?,
                (Offer::Agent(_), None) => Step::Refused,
                (Offer::File(path, file), _) => self.offer_file(&path, file).await?,
            };
            if let Step::In = step {
                return Ok(step);
            }
        }
        Ok(Step::Refused)
    }

    async fn agent(&mut self) -> (Option<Agent>, Vec<AgentIdentity>) {
        let Some(socket) = &self.settings.agent else { return (None, Vec::new()) };
        match Agent::list(socket, &self.settings.patience).await {
            Ok((agent, keys)) => (Some(agent), keys),
            Err(note) => {
                self.refusal.notes.push(note);
                (None, Vec::new())
            }
        }
    }

    /// The order of offers: named keys first, by the agent where it holds them; then whatever else
    /// the agent has; last what needs a passphrase.
    fn plan(&mut self, mut held: Vec<AgentIdentity>) -> Vec<Offer> {
        let (named, usual) = self.key_paths();
        let (mut first, mut locked) = (Vec::new(), Vec::new());
        for path in named {
            match KeyFile::read(&path) {
                Ok(file) => match take(&mut held, file.public()) {
                    Some(key) => first.push(Offer::Agent(Box::new(key))),
                    None if matches!(file, KeyFile::Locked(_)) => {
                        locked.push(Offer::File(path, file));
                    }
                    None if matches!(file, KeyFile::Public(_)) => self.note(&half(&path)),
                    None => first.push(Offer::File(path, file)),
                },
                // One of the usual files need not exist; one that was named must be usable.
                Err(_) if usual && !path.exists() => {}
                Err(error) => self.note(&error),
            }
        }
        let only_named = self.target.identities_only;
        let rest = held.into_iter().filter(|_| !only_named).map(|k| Offer::Agent(Box::new(k)));
        if usual {
            rest.chain(first).chain(locked).collect()
        } else {
            first.into_iter().chain(rest).chain(locked).collect()
        }
    }

    fn key_paths(&self) -> (Vec<PathBuf>, bool) {
        if !self.target.keys.is_empty() {
            return (self.target.keys.clone(), false);
        }
        let ssh = self.settings.home.join(".ssh");
        (USUAL.iter().map(|name| ssh.join(name)).collect(), true)
    }

    async fn offer_agent(
        &mut self,
        agent: &mut Agent,
        key: AgentIdentity,
    ) -> Result<Step, ReachError> {
        let (user, patience) = (self.target.user.clone(), self.settings.patience.auth);
        let public = key.public_key().into_owned();
        self.note_offer(&public, "agent");
        let hash = self.hash_for(&public).await;
        let signing = async {
            match key {
                AgentIdentity::PublicKey { key, .. } => {
                    self.session.authenticate_publickey_with(user, key, hash, agent).await
                }
                AgentIdentity::Certificate { certificate, .. } => {
                    self.session.authenticate_certificate_with(user, certificate, hash, agent).await
                }
            }
        };
        match timeout(patience * 2, signing).await {
            Ok(Ok(answer)) => self.judge(Ok(answer)),
            Ok(Err(AgentError::Agent(note))) => {
                self.refusal.notes.push(note);
                Ok(Step::Refused)
            }
            Ok(Err(AgentError::Gone)) => Err(self.lost("it hung up during the login")),
            Err(_) => self.judge(Err(slow(patience))),
        }
    }

    async fn offer_file(&mut self, path: &Path, file: KeyFile) -> Result<Step, ReachError> {
        let key = match file {
            KeyFile::Open(key) => Ok(key),
            KeyFile::Locked(_) => self.wallet.keyring.unlock(path, &self.settings.asker).await,
            KeyFile::Public(_) => Err(half(path)),
        };
        match key {
            Ok(key) => self.offer_key(key, &path.display().to_string()).await,
            Err(error) => {
                self.note(&error);
                Ok(Step::Refused)
            }
        }
    }

    async fn offer_key(&mut self, key: Arc<PrivateKey>, from: &str) -> Result<Step, ReachError> {
        self.note_offer(key.public_key(), from);
        let hash = self.hash_for(key.public_key()).await;
        let (user, patience) = (self.target.user.clone(), self.settings.patience.auth);
        let key = PrivateKeyWithHashAlg::new(key, hash);
        let asked = timeout(patience, self.session.authenticate_publickey(user, key)).await;
        self.judge(flatten(asked))
    }

    /// A key that could not be offered: what is wrong with it is the way on as well.
    fn note(&mut self, error: &ReachError) {
        let failure = error.failure();
        self.refusal.notes.push(failure.text);
        self.refusal.hint = failure.hint;
    }

    fn note_offer(&mut self, key: &PublicKey, from: &str) {
        self.offers += 1;
        let print = key.fingerprint(HashAlg::Sha256);
        self.refusal.offered.push(format!("{} {print} ({from})", key.algorithm()));
    }

    /// RSA keys sign with SHA-2 or not at all.
    async fn hash_for(&self, key: &PublicKey) -> Option<HashAlg> {
        if !key.algorithm().is_rsa() {
            return None;
        }
        let best = self.session.best_supported_rsa_hash().await;
        Some(best.ok().flatten().flatten().unwrap_or(HashAlg::Sha256))
    }
}

/// An answer in time, or what went wrong.
pub(super) fn flatten<T>(
    asked: Result<Result<T, russh::Error>, tokio::time::error::Elapsed>,
) -> Result<T, String> {
    match asked {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it did not answer the login in time".to_owned()),
    }
}

fn slow(patience: Duration) -> String {
    format!("it did not answer the login within {} s", patience.as_secs_f32())
}

fn take(held: &mut Vec<AgentIdentity>, wanted: Option<&PublicKey>) -> Option<AgentIdentity> {
    let wanted = wanted?;
    let at = held.iter().position(|k| k.public_key().key_data() == wanted.key_data())?;
    Some(held.remove(at))
}
