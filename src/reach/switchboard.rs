//! Who shares which connection: one per server and user, jump hosts included, however many ask at once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::fleet::SshTarget;

use super::asker::Question;
use super::auth::Wallet;
use super::error::ReachError;
use super::host_key::{HostKeyError, Stranger};
use super::known_hosts::Acquaintance;
use super::settings::ReachSettings;
use super::ssh::{Call, SshLink};
use super::trust;

/// All SSH connections of this process.
pub(super) struct Switchboard {
    settings: ReachSettings,
    wallet: Wallet,
    slots: Mutex<HashMap<SshTarget, Arc<Slot>>>,
    gates: Mutex<HashMap<String, Arc<Semaphore>>>,
}

#[derive(Default)]
struct Slot {
    state: tokio::sync::Mutex<State>,
    attempts: AtomicU64,
}

#[derive(Default)]
struct State {
    link: Option<Arc<SshLink>>,
    failure: Option<ReachError>,
}

impl Switchboard {
    pub(super) fn new(settings: ReachSettings) -> Self {
        let (slots, gates) = (Mutex::default(), Mutex::default());
        Self { settings, wallet: Wallet::default(), slots, gates }
    }

    pub(super) fn settings(&self) -> &ReachSettings {
        &self.settings
    }

    /// The one connection to that server. Those who ask while it is being made share the outcome.
    pub(super) fn link<'a>(
        &'a self,
        target: &'a SshTarget,
        host: &'a str,
    ) -> BoxFuture<'a, Result<Arc<SshLink>, ReachError>> {
        async move {
            let slot = self.slot(target);
            let before = slot.attempts.load(Ordering::Acquire);
            let mut state = slot.state.lock().await;
            if let Some(link) = state.link.as_ref().filter(|link| link.is_up()) {
                return Ok(link.clone());
            }
            let tried_meanwhile = slot.attempts.load(Ordering::Acquire) != before;
            if let Some(failure) = state.failure.as_ref().filter(|_| tried_meanwhile) {
                return Err(failure.clone());
            }
            let dialled = self.dial(target, host).await;
            slot.attempts.fetch_add(1, Ordering::AcqRel);
            state.link = dialled.as_ref().ok().cloned();
            state.failure = dialled.as_ref().err().cloned();
            dialled
        }
        .boxed()
    }

    /// The first server on the way that nobody has vouched for.
    pub(super) async fn stranger(
        &self,
        target: &SshTarget,
        host: &str,
    ) -> Result<Option<Stranger>, ReachError> {
        let seen = match self.call(target, host).await {
            Ok(call) => call.look(self.acquaintance(target).await?).await,
            Err(error) => Err(error),
        };
        match seen {
            Ok(()) => Ok(None),
            Err(ReachError::Unknown(stranger)) => Ok(Some(*stranger)),
            Err(error) => Err(error),
        }
    }

    /// Writes down that a server's key is its own.
    pub(super) async fn trust(&self, stranger: &Stranger) -> Result<PathBuf, ReachError> {
        let files = self.known_hosts(&stranger.target);
        let (name, key) = (looked_up(&stranger.target), stranger.key.public().clone());
        let written = blocking(move || trust::write(&files, &name, &key)).await?;
        Ok(written?)
    }

    /// Hangs up on that server.
    pub(super) async fn close(&self, target: &SshTarget) {
        let link = self.slot(target).state.lock().await.link.take();
        if let Some(link) = link {
            link.close().await;
        }
    }

    async fn dial(&self, target: &SshTarget, host: &str) -> Result<Arc<SshLink>, ReachError> {
        match self.attempt(target, host).await {
            Err(ReachError::Unknown(stranger)) if self.vouched(&stranger).await => {
                self.trust(&stranger).await?;
                self.attempt(target, host).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(&self, target: &SshTarget, host: &str) -> Result<Arc<SshLink>, ReachError> {
        let known = self.acquaintance(target).await?;
        let call = self.call(target, host).await?;
        let gate = self.gate(target);
        let _turn = gate.acquire().await;
        Ok(Arc::new(call.connect(known).await?))
    }

    async fn call<'a>(
        &'a self,
        target: &'a SshTarget,
        host: &'a str,
    ) -> Result<Call<'a>, ReachError> {
        let through = match target.jumps.split_last() {
            None => None,
            Some((last, before)) => {
                let jump = SshTarget { jumps: before.to_vec(), ..last.clone() };
                let link = self.link(&jump, host).await;
                Some(link.map_err(|error| by_way_of(&jump, error))?)
            }
        };
        Ok(Call { target, host, settings: &self.settings, wallet: &self.wallet, through })
    }

    /// Asked outside of any handshake, so that the server's own patience does not run out.
    async fn vouched(&self, stranger: &Stranger) -> bool {
        let stranger = Box::new(stranger.clone());
        let asker = &self.settings.asker;
        asker.ask(|reply| Question::Trust { stranger, reply }).await.unwrap_or(false)
    }

    async fn acquaintance(&self, target: &SshTarget) -> Result<Acquaintance, ReachError> {
        let (files, name) = (self.known_hosts(target), looked_up(target));
        Ok(blocking(move || Acquaintance::read(&files, &name)).await??)
    }

    fn known_hosts(&self, target: &SshTarget) -> Vec<PathBuf> {
        if !target.known_hosts.is_empty() {
            return target.known_hosts.clone();
        }
        let ssh = self.settings.home.join(".ssh");
        let system = PathBuf::from("/etc/ssh");
        vec![
            ssh.join("known_hosts"),
            ssh.join("known_hosts2"),
            system.join("ssh_known_hosts"),
            system.join("ssh_known_hosts2"),
        ]
    }

    fn slot(&self, target: &SshTarget) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(target.clone()).or_default().clone()
    }

    /// Logins under way at one server, or through one jump host, are counted together.
    fn gate(&self, target: &SshTarget) -> Arc<Semaphore> {
        let nearest = target.jumps.last().unwrap_or(target);
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Arc::new(Semaphore::new(self.settings.limits.handshakes));
        gates.entry(nearest.endpoint.to_string()).or_insert_with(fresh).clone()
    }
}

/// The name a server is looked up by.
fn looked_up(target: &SshTarget) -> String {
    match &target.host_key_alias {
        Some(alias) => alias.to_ascii_lowercase(),
        None => target.endpoint.known_as(),
    }
}

/// An unknown jump host stays an unknown server, so that it can be vouched for.
fn by_way_of(jump: &SshTarget, error: ReachError) -> ReachError {
    match error {
        unknown @ ReachError::Unknown(_) => unknown,
        error => ReachError::Jump { jump: jump.to_string(), source: Box::new(error) },
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HostKeyError> + Send + 'static,
) -> Result<Result<T, HostKeyError>, ReachError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| ReachError::local("known hosts", e))
}
