//! Key files: read, judged, opened; each passphrase is asked for once and remembered in wiped memory.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use russh::keys::ssh_key::{PrivateKey, PublicKey};
use russh::keys::{Error as KeyError, decode_secret_key};
use zeroize::Zeroizing;

use super::asker::{Asker, Question};
use super::dial::plain;
use super::error::ReachError;
use crate::fleet::Secret;

/// How often a wrong passphrase may be given.
const TRIES: usize = 3;

/// The usual key files, best first.
pub const USUAL: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];

/// A key file as found.
pub(super) enum KeyFile {
    /// Ready for use.
    Open(Arc<PrivateKey>),
    /// Locked by a passphrase; the public part where it can be told without.
    Locked(Option<PublicKey>),
    /// A public key only: it names the one of the agent's keys that is meant.
    Public(PublicKey),
}

impl KeyFile {
    /// Reads a key's file: a private key's, or a public one's that stands for a key of the agent's.
    pub(super) fn read(path: &Path) -> Result<Self, ReachError> {
        // A public key may be read by anyone, so this comes before a look at the mode.
        if let Ok(public) = PublicKey::read_openssh_file(path) {
            return Ok(Self::Public(public));
        }
        let text = private_text(path)?;
        match decode_secret_key(&text, None) {
            Ok(key) if key.is_encrypted() => Ok(Self::Locked(Some(key.public_key().clone()))),
            Ok(key) => Ok(Self::Open(Arc::new(key))),
            Err(error) if is_locked(&error, &text) => Ok(Self::Locked(public_part(path, &text))),
            Err(error) => Err(malformed(path, &error)),
        }
    }

    pub(super) fn public(&self) -> Option<&PublicKey> {
        match self {
            Self::Open(key) => Some(key.public_key()),
            Self::Locked(public) => public.as_ref(),
            Self::Public(public) => Some(public),
        }
    }
}

/// Keys that were locked and are open now, shared by all hosts.
#[derive(Default)]
pub(super) struct Keyring {
    slots: Mutex<HashMap<PathBuf, Arc<Slot>>>,
}

type Slot = tokio::sync::Mutex<Opened>;

#[derive(Default)]
enum Opened {
    #[default]
    NotYet,
    Key(Arc<PrivateKey>),
    Declined,
}

impl Keyring {
    /// Opens a locked key. All who need it at the same time wait for the one answer.
    pub(super) async fn unlock(
        &self,
        path: &Path,
        asker: &Asker,
    ) -> Result<Arc<PrivateKey>, ReachError> {
        let slot = self.slot(path);
        let mut slot = slot.lock().await;
        if let Opened::Key(key) = &*slot {
            return Ok(key.clone());
        }
        if !asker.is_there() || matches!(*slot, Opened::Declined) {
            return Err(closed(path));
        }
        for again in 0..TRIES {
            let file = path.to_owned();
            let question = |reply| Question::Passphrase { file, again: again > 0, reply };
            let Some(passphrase) = asker.ask(question).await else { break };
            if let Some(key) = open(path, passphrase).await? {
                *slot = Opened::Key(key.clone());
                return Ok(key);
            }
        }
        *slot = Opened::Declined;
        Err(closed(path))
    }

    fn slot(&self, path: &Path) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(path.to_owned()).or_default().clone()
    }
}

/// Tries a passphrase; deriving a key from it takes long by design, so not on a task's thread.
async fn open(path: &Path, passphrase: Secret) -> Result<Option<Arc<PrivateKey>>, ReachError> {
    let text = private_text(path)?;
    let opened = tokio::task::spawn_blocking(move || {
        decode_secret_key(&text, Some(passphrase.reveal())).ok().filter(|k| !k.is_encrypted())
    });
    let key = opened.await.map_err(|e| ReachError::local("opening a key file", e))?;
    Ok(key.map(Arc::new))
}

fn private_text(path: &Path) -> Result<Zeroizing<String>, ReachError> {
    let unreadable = |e: std::io::Error| {
        let hint = "name another `key`, or make the file readable for you alone (chmod 600)";
        ReachError::key_file(path, format!("cannot be read: {}", plain(&e)), hint)
    };
    let mode = std::fs::metadata(path).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        let why = format!("can be read by others (mode {:04o})", mode & 0o7777);
        return Err(ReachError::key_file(path, why, format!("chmod 600 {}", path.display())));
    }
    let bytes = Zeroizing::new(std::fs::read(path).map_err(unreadable)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        ReachError::key_file(path, "is not a private key", "name the private key's file")
    })?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn is_locked(error: &KeyError, text: &str) -> bool {
    matches!(error, KeyError::KeyIsEncrypted) || text.contains("Proc-Type: 4,ENCRYPTED")
}

fn public_part(path: &Path, text: &str) -> Option<PublicKey> {
    if let Ok(key) = PrivateKey::from_openssh(text) {
        return Some(key.public_key().clone());
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".pub");
    PublicKey::read_openssh_file(Path::new(&beside)).ok()
}

/// What is wrong where a public key was named that no agent has the other half of.
pub(super) fn half(path: &Path) -> ReachError {
    let why = "holds a public key only, and the key agent does not hold the private one";
    let hint = format!(
        "load the private key into the agent (`ssh-add`), or name its file instead of `{}`",
        path.display()
    );
    ReachError::key_file(path, why, hint)
}

fn malformed(path: &Path, error: &KeyError) -> ReachError {
    let hint = "name the private key's file, in OpenSSH, PKCS#8 or PEM form";
    ReachError::key_file(path, format!("cannot be understood: {error}"), hint)
}

fn closed(path: &Path) -> ReachError {
    let hint = format!(
        "load it into a key agent (`ssh-add {}`), or run where its passphrase can be asked for",
        path.display()
    );
    ReachError::key_file(path, "is locked and its passphrase is not at hand", hint)
}
