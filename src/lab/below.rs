//! What a fork stands on: tells whether the machine below has changed since a fork was made. Only reads.

use std::fs;
use std::os::unix::fs::MetadataExt;

use sha2::{Digest, Sha256};

use crate::text::hex;

/// What package managers rewrite with every package that comes or goes.
const PACKAGE_DATABASES: [&str; 5] = [
    "/var/lib/dpkg/status",
    "/lib/apk/db/installed",
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/var/lib/pacman/local",
];

/// A digest of boot, kernel and package database.
pub(super) fn digest() -> String {
    let mut hash = Sha256::new();
    for file in ["/proc/sys/kernel/random/boot_id", "/proc/sys/kernel/osrelease"] {
        hash.update(fs::read(file).unwrap_or_default());
    }
    for database in PACKAGE_DATABASES {
        hash.update(stamp(database));
    }
    hex(&hash.finalize())
}

/// What tells one build of this program from another, so that no old server answers for a new program.
pub(super) fn program(path: &std::path::Path) -> String {
    stamp(path)
}

fn stamp(path: impl AsRef<std::path::Path>) -> String {
    fs::metadata(path).map_or_else(
        |_| "absent;".to_owned(),
        |m| format!("{}:{}:{}:{}.{};", m.dev(), m.ino(), m.size(), m.mtime(), m.mtime_nsec()),
    )
}
