//! Secrets in memory: wiped when dropped, never shown; and where a console gets them from. Reads none.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

/// A passphrase, a password, a token. Its memory is wiped when it is dropped and it prints as `(secret)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Secrets by the names that playbooks know them by.
pub type Secrets = BTreeMap<String, Secret>;

/// How the names of the environment variables begin that hold secrets: such a variable is not passed on to any process.
pub const SECRET_VARIABLE: &str = "SHELTER_SECRET_";

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretFrom {
    /// An environment variable of the console.
    Env(String),
    /// A file of the console, without the end of its last line.
    File(PathBuf),
    /// What a command on the console prints, without the end of its last line.
    Command(Vec<String>),
    /// Whoever sits at the console.
    Ask,
}

/// The environment variables of this process that hold secrets.
pub fn secret_variables() -> impl Iterator<Item = OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names.filter(|name| name.as_encoded_bytes().starts_with(SECRET_VARIABLE.as_bytes()))
}

impl Secret {
    /// Takes the text in.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the one place that must send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
