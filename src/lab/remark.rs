//! What became of a practice host whose ground has changed, for whoever asked for it. Data only.

use std::fmt;

/// What became of a practice host when it was asked for and the ground below it was no longer the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Which host.
    pub host: &'static str,
    /// What has changed.
    pub ground: Ground,
    /// What became of it.
    pub fate: Fate,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The machine below: its packages, its kernel, or it has booted.
    Machine,
    /// The program that serves the host.
    Program,
}

/// What became of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes on as it was, for something runs on it.
    AtWork,
    /// It goes on as it was, for what was changed on it is held in memory and would end with it.
    InMemory,
    /// It was made anew upon the machine as it is now. Homes were kept.
    Renewed,
}

impl Remark {
    /// What can be done about it.
    pub fn help(&self) -> &'static str {
        match self.fate {
            Fate::AtWork => "once that has ended it is made anew; `shelter lab stop` ends it now",
            Fate::InMemory => "`shelter lab stop` ends it; only homes are kept then",
            Fate::Renewed => "packages and settings are put back by running the playbooks again",
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, ground, fate } = self;
        let changed = match ground {
            Ground::Machine => "this machine has changed below it",
            Ground::Program => "it is served by another `shelter` than this one",
        };
        match fate {
            Fate::AtWork => {
                write!(f, "`{host}` goes on as it is, for something runs on it: {changed}")
            }
            Fate::InMemory => {
                write!(
                    f,
                    "`{host}` goes on as it is, for its changes are held in memory: {changed}"
                )
            }
            Fate::Renewed => write!(f, "`{host}` was made anew, its homes kept: {changed}"),
        }
    }
}
