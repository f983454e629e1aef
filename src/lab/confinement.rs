//! How far a practice host is shut off from the machine below. Data only.

use std::fmt;

/// How far a practice host is shut off from the machine below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confinement {
    /// Own namespaces made by root, a copy-on-write fork of the whole machine, root inside.
    Namespaces,
    /// The same inside a user namespace: root inside is the user outside.
    UserNamespace,
    /// A directory of its own as home, no root and no way to it.
    PlainDirectory,
}

impl Confinement {
    /// Every level, the best first.
    pub const ALL: [Self; 3] = [Self::Namespaces, Self::UserNamespace, Self::PlainDirectory];

    /// Its short name, also on the command line of the serving process.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Namespaces => "namespaces",
            Self::UserNamespace => "user-namespace",
            Self::PlainDirectory => "plain-directory",
        }
    }

    /// The level of that word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }

    /// Whether commands inside may be root.
    pub fn has_root(self) -> bool {
        self != Self::PlainDirectory
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Namespaces => "copy-on-write fork of this machine in namespaces of its own",
            Self::UserNamespace => "copy-on-write fork of this machine in a user namespace",
            Self::PlainDirectory => "plain directory as home, without root",
        })
    }
}
