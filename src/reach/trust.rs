//! Writing a server's key into a known hosts file: one line, appended whole, with other writers kept out.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use russh::keys::ssh_key::PublicKey;
use russh::keys::ssh_key::known_hosts::HostPatterns;

use super::dial::plain;
use super::host_key::HostKeyError;
use super::known_hosts::{Acquaintance, Verdict};
use super::patterns;

/// Appends the key to the first of the files, unless they know it already. Refuses where they know
/// another key of that server: replacing one is for a person with an editor.
pub(super) fn write(
    files: &[PathBuf],
    server: &str,
    key: &PublicKey,
) -> Result<PathBuf, HostKeyError> {
    let file = files.first().cloned().unwrap_or_default();
    let failed = |e: std::io::Error| HostKeyError::File { file: file.clone(), why: plain(&e) };
    let mut open = locked(&file).map_err(failed)?;
    // Read only now that we hold the lock: another console may have learned it meanwhile.
    if Acquaintance::read(files, server)?.judge(key)? == Verdict::Known {
        return Ok(file);
    }
    let mut text = String::new();
    open.read_to_string(&mut text).map_err(failed)?;
    let line = line(&text, server, key);
    open.write_all(line.as_bytes()).and_then(|()| open.sync_all()).map_err(failed)?;
    Ok(file)
}

/// The line to append: hashed where the file hashes, on a line of its own in any case.
fn line(text: &str, server: &str, key: &PublicKey) -> String {
    let name = if text.lines().any(|l| l.trim_start().starts_with("|1|")) {
        let salt: [u8; 20] = rand::random();
        let hash = patterns::hashed(&salt, server);
        HostPatterns::HashedName { salt: salt.to_vec(), hash }.to_string()
    } else {
        server.to_owned()
    };
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let bare = PublicKey::new(key.key_data().clone(), "");
    format!("{gap}{name} {}\n", bare.to_string().trim_end())
}

/// Opens the file for appending and waits until nobody else writes to it.
fn locked(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    loop {
        let mut how = OpenOptions::new();
        let file = how.read(true).append(true).create(true).mode(0o600).open(path)?;
        file.lock()?;
        // `ssh-keygen -R` puts a new file in its place; a lock on the old one protects nothing.
        match std::fs::metadata(path) {
            Ok(now) if now.ino() == file.metadata()?.ino() => return Ok(file),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes the files it needs")]
mod tests {
    use super::*;

    fn key(seed: u8) -> PublicKey {
        use russh::keys::ssh_key::public::{Ed25519PublicKey, KeyData};
        PublicKey::from(KeyData::Ed25519(Ed25519PublicKey([seed; 32])))
    }

    #[test]
    fn a_trusted_key_is_known_afterwards_plain_or_hashed_as_the_file_is() {
        for first in ["", "birch ssh-ed25519 AAAA", "|1|AAAA|AAAA ssh-dss AAAA\n"] {
            let folder = tempfile::tempdir().expect("a folder");
            let files = [folder.path().join("ssh/known_hosts")];
            std::fs::create_dir(folder.path().join("ssh")).expect("a folder");
            std::fs::write(&files[0], first).expect("a file");
            write(&files, "alder", &key(1)).expect("written");
            let text = std::fs::read_to_string(&files[0]).expect("a file");
            assert_eq!(text.contains("alder"), !first.starts_with('|'), "{text}");
            let found = Acquaintance::read(&files, "alder").expect("readable");
            assert_eq!(found.judge(&key(1)), Ok(Verdict::Known));
            assert!(write(&files, "alder", &key(2)).is_err(), "a changed key is never added");
        }
    }

    #[test]
    fn a_new_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [folder.path().join("new/known_hosts")];
        write(&files, "alder", &key(1)).expect("written");
        let mode = |p: &Path| std::fs::metadata(p).expect("there").mode() & 0o777;
        assert_eq!((mode(&files[0]), mode(&folder.path().join("new"))), (0o600, 0o700));
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let blocked = folder.path().join("blocked");
        std::fs::write(&blocked, "").expect("a file");
        let file = blocked.join("known_hosts");
        let error = write(std::slice::from_ref(&file), "alder", &key(1)).unwrap_err();
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
    }

    #[test]
    fn many_consoles_learning_at_once_lose_and_double_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [folder.path().join("known_hosts")];
        std::thread::scope(|scope| {
            for n in 0..8_u8 {
                let files = &files;
                scope.spawn(move || {
                    for _ in 0..4 {
                        write(files, "shared", &key(0)).expect("written");
                        write(files, &format!("host{n}"), &key(n + 1)).expect("written");
                    }
                });
            }
        });
        let text = std::fs::read_to_string(&files[0]).expect("a file");
        assert_eq!(text.lines().count(), 9, "{text}");
    }
}
