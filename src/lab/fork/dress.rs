//! The files that make a fork the host it plays: name, identity, sensors' programs; and secrets taken out of it.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::lab::write::write;
use crate::lab::{Profile, sensors};
use crate::text::hex;

use super::Site;

/// Directories that hold secrets of the real machine; the fork has empty ones.
const SECRET_DIRS: [&str; 9] = [
    "/etc/ssl/private",
    "/etc/wireguard",
    "/etc/openvpn",
    "/etc/NetworkManager/system-connections",
    "/etc/letsencrypt",
    "/etc/credstore",
    "/etc/credstore.encrypted",
    "/var/lib/tailscale",
    "/var/lib/NetworkManager",
];
/// Files that hold secrets of the real machine; the fork has none.
const SECRET_FILES: [&str; 5] = [
    "/etc/krb5.keytab",
    "/etc/shadow-",
    "/etc/gshadow-",
    "/var/lib/systemd/random-seed",
    "/var/lib/systemd/credential.secret",
];
/// How the practice laptop introduces itself.
const KALI: &str = "\
PRETTY_NAME=\"Kali GNU/Linux Rolling (SIMULATED)\"
NAME=\"Kali GNU/Linux\"
VERSION_ID=\"2026.3\"
VERSION=\"2026.3 (SIMULATED)\"
VERSION_CODENAME=kali-rolling
ID=kali
ID_LIKE=debian
HOME_URL=\"https://www.kali.org/\"
";
/// The file that says what this is.
const MARKER: &str = "/etc/mountain_shelter_simulated";

/// Writes and removes them. What is as it should be is left alone, so that nothing is copied up in vain.
pub(super) fn dress(site: &Site) -> io::Result<()> {
    let name = site.profile.name();
    for dir in SECRET_DIRS {
        empty(&site.at(dir))?;
    }
    for file in SECRET_FILES {
        remove(&site.at(file))?;
    }
    let keys = match fs::read_dir(site.at("/etc/ssh")) {
        Ok(entries) => entries.collect::<io::Result<Vec<_>>>()?,
        Err(error) if is_out_of_reach(&error) => Vec::new(),
        Err(error) => return Err(error),
    };
    for entry in keys {
        if entry.file_name().to_string_lossy().starts_with("ssh_host_") {
            remove(&entry.path())?;
        }
    }
    if !site.at(MARKER).exists() {
        lock_passwords(&site.at("/etc/shadow"))?;
    }
    put(&site.at("/etc/hostname"), &format!("{name}\n"), 0o644)?;
    put(&site.at("/etc/hosts"), &hosts(name), 0o644)?;
    put(&site.at("/etc/machine-id"), &machine_id(site)?, 0o444)?;
    if site.profile == Profile::Phantom {
        become_kali(site)?;
    }
    for (program, text) in sensors::programs(site.profile) {
        put(&site.at("/usr/local/bin").join(program), text, 0o755)?;
    }
    put(&site.at(MARKER), &marker(site.profile), 0o644)
}

fn hosts(name: &str) -> String {
    format!("127.0.0.1\tlocalhost\n127.0.1.1\t{name}\n::1\tlocalhost ip6-localhost ip6-loopback\n")
}

fn marker(profile: Profile) -> String {
    format!(
        "SIMULATED: a practice host of Mountain Shelter in place of {} ({}).\n\
         Its sensors, its graphics card and its identity are invented; its files are a fork.\n",
        profile.name(),
        profile.machine()
    )
}

/// The same as long as the fork's own key is.
fn machine_id(site: &Site) -> io::Result<String> {
    let key = fs::read(site.place.host_key())?;
    let digest = Sha256::new_with_prefix(b"machine-id").chain_update(key).finalize();
    Ok(hex(&digest[..16]) + "\n")
}

/// Only where the machine below is a relative, so that its package manager still fits.
fn become_kali(site: &Site) -> io::Result<()> {
    let path = site.at("/etc/os-release");
    let below = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let named = |line: &str| matches!(line.split_once('='), Some(("ID" | "ID_LIKE", who)) if who.contains("debian"));
    if below.lines().any(named) { put(&path, KALI, 0o644) } else { Ok(()) }
}

fn put(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let same = fs::read_to_string(path).is_ok_and(|now| now == text)
        && !path.is_symlink()
        && fs::metadata(path)?.mode() & 0o7777 == mode;
    if same {
        return Ok(());
    }
    remove(path)?;
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

/// Whether nobody inside can read it either.
fn is_out_of_reach(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied)
}

/// A directory that was removed and made again hides all that is, or will be, in the one below.
fn empty(dir: &Path) -> io::Result<()> {
    let Ok(there) = fs::metadata(dir) else { return Ok(()) };
    // In a user namespace it may be unreadable: then it keeps its secrets by itself.
    if fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none()) {
        return Ok(());
    }
    fs::remove_dir_all(dir)?;
    fs::create_dir(dir)?;
    fs::set_permissions(dir, there.permissions())
}

/// No hash of a real password is readable in the fork, and nobody logs in there with one.
fn lock_passwords(shadow: &Path) -> io::Result<()> {
    let text = match fs::read_to_string(shadow) {
        Ok(text) => text,
        // In a user namespace it may be unreadable: then it keeps its secrets by itself.
        Err(error) if is_out_of_reach(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut locked = String::with_capacity(text.len());
    for line in text.lines() {
        let mut fields: Vec<&str> = line.split(':').collect();
        if let Some(hash) = fields.get_mut(1)
            && !hash.starts_with(['!', '*'])
        {
            *hash = "!";
        }
        // Writing to a String cannot fail.
        let _ = writeln!(locked, "{}", fields.join(":"));
    }
    if locked == text { Ok(()) } else { write(shadow, locked) }
}
