//! What the board says of a host, in the watchdog's words. Decides nothing.

use crate::fleet::{Host, Parting, Reachability, Timestamp, Via};
use crate::ops::Watched;
use crate::ops::sampling::wanted_engines;
use crate::watchdog::{Contact, Member};

use super::PACE;

/// A host as a member of the fleet. `watched`: those that are watched now.
pub(super) fn member(host: &Host, watched: &[Host]) -> Member {
    let is_watched = watched.iter().any(|one| one.name == host.name);
    let (local, engines) = (host.via == Via::Local, wanted_engines(host));
    Member { host: host.name.clone(), watched: is_watched, local, engines }
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
