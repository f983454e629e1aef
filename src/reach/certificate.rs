//! Host certificates: whether an authority in known hosts vouches for a server, now and by this name.

use std::time::{SystemTime, UNIX_EPOCH};

use russh::keys::ssh_key::certificate::CertType;
use russh::keys::ssh_key::{Certificate, HashAlg, PublicKey};

use super::host_key::HostKeyError;
use super::known_hosts::Acquaintance;

/// Refuses a certificate that does not vouch for that server.
pub(super) fn check(found: &Acquaintance, shown: &Certificate) -> Result<(), HostKeyError> {
    found.check_revoked(&PublicKey::from(shown.public_key().clone()))?;
    found.check_revoked(&PublicKey::from(shown.signature_key().clone()))?;
    let why =
        |why: &str| HostKeyError::Certificate { server: found.server.clone(), why: why.to_owned() };
    if shown.cert_type() != CertType::Host {
        return Err(why("it is not a host's"));
    }
    let name = bare(&found.server);
    let named = |p: &String| p.eq_ignore_ascii_case(name);
    // An empty list would vouch for every name there is.
    if !shown.valid_principals().iter().any(named) {
        return Err(why("it was made for other names"));
    }
    let trusted: Vec<_> = found.authorities().map(|key| key.fingerprint(HashAlg::Sha256)).collect();
    shown.validate_at(now(), &trusted).map_err(|_| {
        why("no authority that known hosts trust for this name has signed it for this time")
    })
}

/// The name without the port that known hosts files add.
fn bare(server: &str) -> &str {
    let inner = server.strip_prefix('[').and_then(|s| s.split_once("]:"));
    inner.map_or(server, |(name, _)| name)
}

#[expect(clippy::disallowed_methods, reason = "a certificate's validity is a matter of the clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}
