//! Ends of a run that its log tells and the status files do not: the home had no room just then. Writes nothing.

use crate::fleet::{Event, HostEvent, Stamped};

use super::{Home, RecordsError, StatusFiles};

/// The last end on each host that the status files do not know of, among the events of one run.
pub fn missed(home: &Home, events: &[Stamped]) -> Result<Vec<Stamped>, RecordsError> {
    let Some(head) = events.iter().find_map(|stamped| match &stamped.event {
        Event::RunBegan(head) => Some(head),
        _ => None,
    }) else {
        return Ok(Vec::new());
    };
    let status = StatusFiles::of(home);
    let mut missed = Vec::new();
    for name in &head.hosts {
        let ended = events.iter().rev().find_map(|stamped| match &stamped.event {
            Event::OnHost { host, what: HostEvent::Ended { outcome, .. }, .. } if host == name => {
                Some((stamped, outcome))
            }
            _ => None,
        });
        if let Some((stamped, outcome)) = ended
            && status.misses(head, name, (outcome, stamped.at))?
        {
            missed.push(stamped.clone());
        }
    }
    Ok(missed)
}
