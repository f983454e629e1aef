//! What one logs in with: the key agent and the usual key files. Opens no key.

use std::os::unix::fs::PermissionsExt;

use crate::cli::surroundings::{reach_settings, user_home};
use crate::reach::{USUAL_KEYS, agent_keys};

use super::{Finding, Health};

/// The key agent.
pub(super) async fn agent() -> Finding {
    let settings = match reach_settings() {
        Ok(settings) => settings,
        Err(trouble) => return Finding::trouble("agent", trouble),
    };
    match agent_keys(&settings).await {
        None => Finding::new("agent", Health::Well, "none: `$SSH_AUTH_SOCK` is not set"),
        Some(Ok(0)) => Finding::new("agent", Health::Look, "holds no key").hint("ssh-add"),
        Some(Ok(1)) => Finding::new("agent", Health::Well, "holds 1 key"),
        Some(Ok(keys)) => Finding::new("agent", Health::Well, format!("holds {keys} keys")),
        Some(Err(note)) => Finding::new("agent", Health::Look, note)
            .hint("start an agent anew, or unset `$SSH_AUTH_SOCK`"),
    }
}

/// The usual key files.
pub(super) fn files() -> Finding {
    let folder = match user_home() {
        Ok(home) => home.join(".ssh"),
        Err(trouble) => return Finding::trouble("keys", trouble),
    };
    let there = |name: &&str| folder.join(name).is_file();
    let found: Vec<&str> = USUAL_KEYS.into_iter().filter(there).collect();
    let open = |name: &&&str| {
        folder.join(name).metadata().is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
    };
    if let Some(name) = found.iter().find(open) {
        let path = folder.join(name);
        return Finding::new("keys", Health::Look, format!("others may read `{}`", path.display()))
            .hint(format!("chmod 600 {}", path.display()));
    }
    match found.as_slice() {
        [] => Finding::new("keys", Health::Look, format!("no usual key in `{}`", folder.display()))
            .hint("fine where the agent or `key:` has one; else `ssh-keygen -t ed25519`"),
        found => Finding::new("keys", Health::Well, found.join(" · ")),
    }
}
