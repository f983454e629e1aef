//! A host: a machine we operate, and the way that leads to it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The name of a host, as written in the inventory and shown everywhere.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(into = "String", try_from = "String")]
pub struct HostName(String);

/// The name of a group of hosts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct GroupName(String);

/// Why a text cannot name a host or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text is empty.
    #[error("a name cannot be empty")]
    Empty,
    /// Longer than 63 characters, the limit of a DNS label.
    #[error("a name has at most 63 characters")]
    TooLong,
    /// The first character is not a letter or a digit, so a shell or ssh could take it for an option.
    #[error("a name begins with a letter or a digit")]
    Start,
    /// A character outside `A-Z a-z 0-9 . _ -`.
    #[error("a name has only letters, digits, `.`, `_` and `-`, not `{0}`")]
    Character(char),
}

fn check_name(text: &str) -> Result<(), NameError> {
    let first = text.chars().next().ok_or(NameError::Empty)?;
    if text.len() > 63 {
        return Err(NameError::TooLong);
    }
    if matches!(first, '.' | '_' | '-') {
        return Err(NameError::Start);
    }
    let odd = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    text.chars().find(odd).map_or(Ok(()), |c| Err(NameError::Character(c)))
}

macro_rules! name {
    ($type:ident) => {
        impl $type {
            /// The name, if the text can be one.
            pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                check_name(&text)?;
                Ok(Self(text))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

impl TryFrom<String> for HostName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(text)
    }
}

impl From<HostName> for String {
    fn from(name: HostName) -> Self {
        name.0
    }
}

name!(HostName);
name!(GroupName);

/// A machine we operate.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Host {
    /// Its name.
    pub name: HostName,
    /// The way that leads to it.
    pub via: Via,
    /// How root is reached there.
    pub sudo: SudoPolicy,
    /// The groups it belongs to, sorted.
    pub groups: Vec<GroupName>,
    /// Its variables, groups folded in: host over group, later group over earlier.
    pub vars: Vars,
    /// Whether its sensors are real.
    pub sensors: Sensors,
}

/// The way that leads to a host.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// SSH, spoken by this program.
    Ssh(Box<SshTarget>),
    /// The machine this program runs on.
    Local,
    /// A command that yields a POSIX sh on its stdin and stdout, such as `docker exec -i NAME sh`.
    Shell(Vec<String>),
}

/// One SSH server and who we are there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct SshTarget {
    /// Where the server listens.
    pub endpoint: Endpoint,
    /// The remote user.
    pub user: String,
    /// Key files to try, in this order. Empty: the agent's keys, then the usual files of `~/.ssh`.
    pub keys: Vec<PathBuf>,
    /// Offer only `keys`, never everything the agent holds.
    pub identities_only: bool,
    /// The servers to go through, the one nearest to us first.
    pub jumps: Vec<SshTarget>,
    /// Files of known host keys, the first being the one new keys are written to. Empty: the usual ones.
    pub known_hosts: Vec<PathBuf>,
    /// The name to look up in known hosts in place of the address.
    pub host_key_alias: Option<String>,
}

/// Where an SSH server listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// A host name or an address (IPv6 may carry a zone) and a port.
    Tcp {
        /// The host name or address.
        address: String,
        /// The port.
        port: u16,
    },
    /// A Unix socket, as practice hosts have.
    Socket(PathBuf),
}

/// How root is reached on a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SudoPolicy {
    /// sudo, without a password where the host allows it, else asked for once.
    #[default]
    Auto,
    /// sudo must work without a password; never ask.
    NoPassword,
    /// Always send a password.
    Password,
    /// Never become root there.
    Never,
}

/// Whether what a host's sensors tell is measured or invented for practice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensors {
    /// Measured.
    #[default]
    Real,
    /// Invented: shown as SIMULATED wherever it appears.
    Simulated,
}

/// Variables by name.
pub type Vars = BTreeMap<String, Value>;

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, always finite.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Values by name.
    Map(BTreeMap<String, Value>),
}

impl Endpoint {
    /// The address as known hosts files spell it: `name`, or `[name]:port` where the port is not 22.
    pub fn known_as(&self) -> String {
        match self {
            Self::Tcp { address, port: 22 } => address.to_ascii_lowercase(),
            Self::Tcp { address, port } => format!("[{}]:{port}", address.to_ascii_lowercase()),
            Self::Socket(path) => path.display().to_string(),
        }
    }
}

/// User and endpoint, for people.
impl fmt::Display for SshTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.endpoint)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { address, port } if address.contains(':') => write!(f, "[{address}]:{port}"),
            Self::Tcp { address, port } => write!(f, "{address}:{port}"),
            Self::Socket(path) => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_an_option_parser_could_misread_is_refused() {
        assert_eq!(HostName::new("-oProxyCommand=id"), Err(NameError::Start));
        assert_eq!(HostName::new(""), Err(NameError::Empty));
        assert_eq!(HostName::new("a b"), Err(NameError::Character(' ')));
        assert_eq!(HostName::new("x".repeat(64)), Err(NameError::TooLong));
        assert!(HostName::new("alder-01.lan").is_ok());
    }
}
