//! What the watchdog is told: over which hosts it watches, for how long, and what is heard.

use crate::fleet::{AlertId, HostName, RunId, Sample, Vitals, Wish};

use super::heal::HealEnd;
use super::heard::{Engines, Speed};
use super::host::Contact;
use super::signal::Signal;
use super::time::Tick;

/// A host of the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub host: HostName,
    /// Whether it is watched now. Of one that is not, all that is known is kept as it is.
    pub watched: bool,
    /// Whether it is this machine, which no link leads to.
    pub local: bool,
    /// The ports on which engines shall answer there, whether or not one was ever seen.
    pub engines: Vec<u16>,
}

/// How long is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// One round: what is wrong is wrong at once.
    Once,
    /// For as long as it runs.
    ForEver,
}

/// Something the watchdog hears.
pub enum Input<'a> {
    /// Time has passed. Every round begins with one.
    Tick(Tick),
    /// Whether anything is heard of a host.
    Contact(&'a HostName, Contact),
    /// What a host is doing.
    Sample(&'a HostName, &'a Sample),
    /// What else a host tells.
    Vitals(&'a HostName, &'a Vitals),
    /// What is heard of a host's engines.
    Engines(&'a HostName, Engines<'a>),
    /// How fast a model of a host is.
    Speed(&'a HostName, Speed),
    /// One value, from wherever.
    Signal(&'a HostName, Signal<'a>),
    /// What people wish, all of it, every round.
    Wishes(&'a [(u64, Wish)]),
    /// A healer runs under this name.
    Healing(&'a AlertId, RunId),
    /// A healer has ended.
    HealEnded(&'a AlertId, HealEnd),
}
