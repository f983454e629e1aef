//! What the board says of a host, in the watchdog's words. Decides nothing.

use crate::fleet::{Host, Reachability, Timestamp, Via};
use crate::ops::{Parting, Watched};
use crate::watchdog::{Contact, Member};

use super::PACE;

/// A host as a member of the fleet.
pub(super) fn member(host: &Host) -> Member {
    Member { host: host.name.clone(), local: host.via == Via::Local }
}

/// Whether anything is heard of it.
pub(super) fn contact(watched: &Watched, now: Timestamp) -> Contact {
    let silent = i64::from(PACE) * 3000;
    match (&watched.contact, watched.outage) {
        (Reachability::Up(_), _) => match watched.heard {
            Some(heard) if now.0 - heard.0 > silent => Contact::Silent,
            Some(_) if watched.sample.is_some() => Contact::Up,
            _ => Contact::Unknown,
        },
        // While it is tried anew it is as it was.
        (Reachability::Down(failure), Some(outage)) => Contact::Down {
            outage,
            parted: watched.parting == Some(Parting::Closed),
            text: failure.text.clone(),
        },
        _ => Contact::Unknown,
    }
}
