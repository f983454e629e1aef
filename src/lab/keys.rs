//! The lab's own keys: one that opens the practice hosts, one per host. Made once, never shared with anything real.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey};

use super::error::At;
use super::place::Place;
use super::write::write;
use super::{LabError, Profile};

/// Makes the keys of a host and the file a client knows it by, where they are missing.
pub(super) fn prepare(place: &Place, profile: Profile) -> Result<(), LabError> {
    load_or_make(place, &place.client_key(), "mountain shelter lab")?;
    let host = load_or_make(place, &place.host_key(), &profile.host_key_alias())?;
    let public = host.public_key().to_openssh().map_err(|cause| bad(&place.host_key(), cause))?;
    let line = format!("{} {public}\n", profile.host_key_alias());
    let path = place.known_hosts();
    if fs::read_to_string(&path).is_ok_and(|now| now == line) {
        return Ok(());
    }
    write(&path, line).at("write", &path)
}

/// Reads a key.
pub(super) fn load(path: &Path) -> Result<PrivateKey, LabError> {
    let text = fs::read_to_string(path).at("read", path)?;
    PrivateKey::from_openssh(text).map_err(|cause| bad(path, cause))
}

fn load_or_make(place: &Place, path: &Path, comment: &str) -> Result<PrivateKey, LabError> {
    if path.exists() {
        return load(path);
    }
    let mut key = PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519)
        .map_err(|cause| bad(path, cause))?;
    key.set_comment(comment);
    let text = key.to_openssh(LineEnding::LF).map_err(|cause| bad(path, cause))?;
    publish(&place.dir().join("key.draft"), path, text.as_bytes())?;
    load(path)
}

/// Puts a secret file in place whole: of two that try at once the first wins.
fn publish(draft: &Path, path: &Path, bytes: &[u8]) -> Result<(), LabError> {
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(draft)
        .at("make", draft)?;
    std::io::Write::write_all(&mut file, bytes).at("write", draft)?;
    fs::set_permissions(draft, fs::Permissions::from_mode(0o600)).at("close to others", draft)?;
    let linked = fs::hard_link(draft, path);
    fs::remove_file(draft).at("remove", draft)?;
    match linked {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(cause).at("make", path)
        }
        _ => Ok(()),
    }
}

fn bad(path: &Path, cause: russh::keys::ssh_key::Error) -> LabError {
    LabError::Key { path: path.to_owned(), cause }
}
