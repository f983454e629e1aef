//! Whether a host can be reached and tells of itself, as a state.

use crate::fleet::{Millis, Reachability, Timestamp};
use crate::ops::Watched;
use crate::theme::State;

/// What a host was last heard of longer ago than this is stale.
const SILENT: Millis = Millis(7000);

/// How a host is.
pub fn state(watched: Option<&Watched>, now: Timestamp) -> State {
    let Some(watched) = watched else { return State::Connecting };
    let silent = watched.heard.is_some_and(|heard| now.0 - heard.0 > SILENT.0);
    match &watched.contact {
        Reachability::Down(_) => State::Unreachable,
        Reachability::Up(_) if watched.sample.is_none() => State::Connecting,
        Reachability::Up(_) if silent => State::Stale,
        Reachability::Up(_) => State::Ok,
        Reachability::Unknown | Reachability::Connecting => State::Connecting,
    }
}
