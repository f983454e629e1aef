//! How often may be healed: per cause, per host, and in the whole fleet. Kept over restarts.

use crate::fleet::{AlertId, HostName, Millis};

/// Of one cause.
const CAUSE: (usize, Millis) = (3, Millis(30 * 60_000));
/// On one host.
const HOST: (usize, Millis) = (6, Millis(60 * 60_000));
/// In the fleet.
const FLEET: (usize, Millis) = (10, Millis(60 * 60_000));

/// What was healed in the last hour; never more than the fleet's share.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(in crate::watchdog) struct Budget {
    begun: Vec<Begun>,
}

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct Begun {
    at: Millis,
    host: HostName,
    /// `None`: a person has taken it over since.
    cause: Option<AlertId>,
}

/// Whose share is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::watchdog) enum Spent {
    Cause,
    Host,
    Fleet,
}

impl Budget {
    /// Takes one heal out of all three, if all three have it.
    pub fn take(&mut self, now: Millis, host: &HostName, cause: &AlertId) -> Result<(), Spent> {
        self.begun.retain(|begun| now.0 - begun.at.0 < FLEET.1.0);
        let used = |(most, within): (usize, Millis), of: &dyn Fn(&Begun) -> bool| {
            let recent = |begun: &&Begun| now.0 - begun.at.0 < within.0 && of(begun);
            self.begun.iter().filter(recent).count() >= most
        };
        if used(CAUSE, &|begun| begun.cause.as_ref() == Some(cause)) {
            return Err(Spent::Cause);
        }
        if used(HOST, &|begun| begun.host == *host) {
            return Err(Spent::Host);
        }
        if used(FLEET, &|_| true) {
            return Err(Spent::Fleet);
        }
        let (host, cause) = (host.clone(), Some(cause.clone()));
        self.begun.push(Begun { at: now, host, cause });
        Ok(())
    }

    /// A person has looked after that cause: its own share begins anew, those of host and fleet do not.
    pub fn forgive(&mut self, cause: &AlertId) {
        for begun in self.begun.iter_mut().filter(|begun| begun.cause.as_ref() == Some(cause)) {
            begun.cause = None;
        }
    }
}

impl Spent {
    /// Whose share is used up, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Cause => "3 heals within 30 min",
            Self::Host => "the 6 heals that a host has in an hour are used up",
            Self::Fleet => "the 10 heals that the fleet has in an hour are used up",
        }
    }
}
