//! Hosts that a run left aside: away, or not asked.

use crate::fleet::{Fleet, HostName, HostOutcome, Purpose, Reachability};
use crate::text::counted;

use super::known::{limit, names};
use super::{Advice, Known};

/// Hosts that could not be reached.
pub fn away(known: &Known<'_>) -> Vec<Advice> {
    known.hosts.iter().filter_map(|host| unreached(known.fleet, host)).collect()
}

/// Hosts that a playbook is meant for and that no run of this session was for. What is taken back is so on hosts where it was.
pub fn aside(known: &Known<'_>) -> Vec<Advice> {
    let asked = known.in_runs();
    let Some(run) = known.fleet.runs.values().next() else { return Vec::new() };
    let meant = known.meant.get(&run.head.playbook);
    let is_meant = |host: &&HostName| meant.is_none_or(|meant| meant.contains(*host));
    let meant: Vec<&HostName> = known.hosts.iter().filter(is_meant).collect();
    let aside: Vec<&HostName> =
        meant.iter().filter(|host| !asked.contains(*host)).copied().collect();
    if aside.is_empty() || matches!(run.head.purpose, Purpose::Undo(_)) {
        return Vec::new();
    }
    vec![Advice {
        text: format!("{} had no part in this", names(&aside)),
        evidence: format!("{} of {} were asked", asked.len(), counted(meant.len(), "host")),
        command: format!("shelter --run {} -l {}", run.head.playbook, limit(&aside)),
    }]
}

fn unreached(fleet: &Fleet, host: &HostName) -> Option<Advice> {
    let down = fleet.hosts.get(host).and_then(|state| match &state.reach {
        Reachability::Down(failure) => Some(failure),
        _ => None,
    });
    let in_run =
        fleet.runs.values().find_map(|run| match run.hosts.get(host)?.outcome.as_ref()? {
            (HostOutcome::Unreachable(failure), _) => Some(failure),
            _ => None,
        });
    let failure = down.or(in_run)?;
    Some(Advice {
        text: format!("{host} could not be reached, and nothing is known of it since"),
        evidence: failure.text.clone(),
        command: format!("shelter hosts ping {host}"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::{host, quiet};
    use super::*;
    use crate::fleet::{
        Event, Failure, FailureKind, HostEvent, Purpose, Recap, RunHead, RunId, Stamped, Timestamp,
    };

    fn ran(hosts: &[&str], outcome: &HostOutcome) -> Fleet {
        let (mut fleet, run) = (Fleet::default(), RunId::new(7));
        let hosts: Vec<HostName> = hosts.iter().map(|name| host(name)).collect();
        let head = RunHead {
            run: run.clone(),
            playbook: "00_a".into(),
            hosts: hosts.clone(),
            purpose: Purpose::Apply,
            provides: Vec::new(),
            actor: "rc@console".into(),
        };
        let end = |host: HostName| {
            let (outcome, recap) = (outcome.clone(), Recap::default());
            Event::OnHost { run: run.clone(), host, what: HostEvent::Ended { outcome, recap } }
        };
        for event in [Event::RunBegan(head)].into_iter().chain(hosts.into_iter().map(end)) {
            fleet.fold(&Stamped { seq: 1, at: Timestamp(0), event });
        }
        fleet
    }

    fn advise(known: &Known<'_>) -> Vec<Advice> {
        [away(known), aside(known)].concat()
    }

    #[test]
    fn a_run_on_all_hosts_that_went_well_raises_nothing() {
        assert_eq!(advise(&quiet(&Fleet::default())), []);
        assert_eq!(advise(&quiet(&ran(&["phantom", "shadow"], &HostOutcome::Well))), []);
    }

    #[test]
    fn a_host_that_was_not_asked_is_raised() {
        let fleet = ran(&["phantom"], &HostOutcome::Well);
        let told = advise(&quiet(&fleet));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].command, "shelter --run 00_a -l shadow");
        assert_eq!(told[0].evidence, "1 of 2 hosts were asked");
    }

    #[test]
    fn a_host_that_a_playbook_is_not_meant_for_is_not_raised() {
        let fleet = ran(&["phantom"], &HostOutcome::Well);
        let meant = |hosts: &[&str]| {
            let hosts = hosts.iter().map(|name| host(name)).collect();
            let known = quiet(&fleet);
            advise(&Known { meant: [("00_a".to_owned(), hosts)].into(), ..known })
        };
        assert_eq!(meant(&["phantom"]), []);
        assert_eq!(meant(&["phantom", "shadow"]).len(), 1);
    }

    #[test]
    fn a_host_that_is_away_is_raised_with_the_reason() {
        let (kind, text) = (FailureKind::Network, "nobody answers".to_owned());
        let failure = Failure { kind, text, hint: None };
        let fleet = ran(&["phantom", "shadow"], &HostOutcome::Unreachable(failure));
        let told = advise(&quiet(&fleet));
        assert_eq!(told.len(), 2);
        assert_eq!(told[1].command, "shelter hosts ping shadow");
        assert_eq!(told[1].evidence, "nobody answers");
    }
}
