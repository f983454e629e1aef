//! Which algorithms we speak. Decides from constants and from what we know of a server; asks nobody.

use std::borrow::Cow;

use russh::keys::ssh_key::{Algorithm, EcdsaCurve, HashAlg};
use russh::{Names, Preferred, cipher, kex, mac};

/// Post-quantum first, for it costs us less than half a millisecond more; then what every server
/// since 2018 has. No finite-field groups: they cost hundreds of milliseconds and no living server
/// needs them.
const KEX: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::EXTENSION_SUPPORT_AS_CLIENT,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
];

/// AES-GCM first: processors have it built in, and it needs no strict key exchange to be safe.
const CIPHERS: &[cipher::Name] = &[
    cipher::AES_256_GCM,
    cipher::AES_128_GCM,
    cipher::CHACHA20_POLY1305,
    cipher::AES_256_CTR,
    cipher::AES_128_CTR,
];

const MACS: &[mac::Name] = &[mac::HMAC_SHA256_ETM, mac::HMAC_SHA512_ETM, mac::HMAC_SHA256];

/// Host key algorithms, best first. `ssh-rsa`, which signs with SHA-1, is not among them.
const HOST_KEYS: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
    Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
];

/// What we know a server by, and so what it may show us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pins {
    /// The kinds of key we hold for it. Empty: any kind.
    pub kinds: Vec<Algorithm>,
    /// Whether an authority we trust may vouch for it.
    pub certificates: bool,
}

/// What to offer to a server we know that much of.
pub(super) fn preferred(pins: &Pins) -> Preferred {
    let pinned = |a: &&Algorithm| {
        pins.kinds.is_empty() || pins.kinds.iter().any(|known| same_kind(known, a))
    };
    Preferred {
        kex: Cow::Borrowed(KEX),
        key: HOST_KEYS.iter().filter(pinned).cloned().collect::<Vec<_>>().into(),
        host_key_certificates: Cow::Borrowed(if pins.certificates { HOST_KEYS } else { &[] }),
        cipher: Cow::Borrowed(CIPHERS),
        mac: Cow::Borrowed(MACS),
        ..Preferred::DEFAULT
    }
}

/// Whether two algorithms use the same kind of key; RSA keys are one kind whatever the hash.
pub(super) fn same_kind(a: &Algorithm, b: &Algorithm) -> bool {
    a == b || matches!((a, b), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }))
}

/// What an agreement lacks, if it must not be used.
pub(super) fn objection(names: &Names) -> Option<&'static str> {
    let truncatable = names.cipher == cipher::CHACHA20_POLY1305;
    (truncatable && !names.strict_kex()).then_some(
        "it has only ciphers whose first messages can be cut off on the way (CVE-2023-48795) \
         and no strict key exchange",
    )
}
