//! Why nothing is heard of a host, as far as it can be told from here. Decides nothing.

/// How a connection that stood has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parting {
    /// The host closed it, as one that shuts down does.
    Closed,
    /// It fell silent.
    Silence,
}

/// What a host that cannot be reached looks like from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// Its kernel answers, and nobody listens: the machine is up and its SSH server is not.
    Closed,
    /// Nobody answers at its address: it is off, or its cable is out.
    NoRoute,
    /// Packets vanish on the way, or where it was: it is behind a router and off, or has crashed hard.
    Silent,
    /// It takes connections and says nothing: its kernel lives and its programs do not.
    Frozen,
    /// This machine has no network.
    NoNetwork,
    /// Nobody tells what its name stands for.
    NoName,
    /// It answers and does not let us in: a person is needed.
    Barred,
    /// Something else.
    Other,
}

impl Outage {
    /// Whether nothing came back at all. A refusal, a greeting that does not come and the like prove that a link stands.
    pub fn is_dark(self) -> bool {
        matches!(self, Self::NoRoute | Self::Silent | Self::NoNetwork | Self::NoName)
    }

    /// What it means, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Closed => "the machine is up, but its SSH server is not",
            Self::NoRoute => "off, or its cable is out: nobody answers at its address",
            Self::Silent => "off, crashed, or cut off on the way: packets to it vanish",
            Self::Frozen => "frozen: it takes connections and says nothing",
            Self::NoNetwork => "this machine has no network",
            Self::NoName => "nobody tells what its name stands for",
            Self::Barred => "it answers, and does not let us in",
            Self::Other => "it cannot be reached",
        }
    }
}
