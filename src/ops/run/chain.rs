//! What of a job is done where, after what came before it: flags that stand, hosts that are away. Runs nothing.

use std::collections::BTreeSet;

use crate::fleet::{Failure, FailureKind, Fleet, Host, HostName, HostOutcome, Purpose, RunHead};
use crate::records::StatusFiles;

use super::{Followup, Job, Order};

/// A flag that must stand on a host before a playbook runs there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The flag.
    pub flag: String,
    /// The playbook that provides it, if there is one.
    pub provided_by: Option<String>,
}

/// What is known of the hosts while one job follows the other.
pub(super) struct Chain {
    status: StatusFiles,
    /// Hosts that could not be reached: they are not tried again and again.
    away: BTreeSet<HostName>,
    /// Flags that a check has found would be set.
    promised: BTreeSet<(HostName, String)>,
}

impl Chain {
    /// Before the first job.
    pub fn new(status: StatusFiles) -> Self {
        Self { status, away: BTreeSet::new(), promised: BTreeSet::new() }
    }

    /// Takes the hosts out of a job on which it cannot be done now, each with the reason.
    pub fn sift(&self, job: &mut Job) -> Vec<(HostName, Failure)> {
        let order = match job {
            Job::Order(order) => order,
            Job::Followup(followup) => return never_begun(followup),
        };
        let mut left = Vec::new();
        let hosts = std::mem::take(&mut order.hosts);
        for host in hosts {
            match self.obstacle(order, &host) {
                Some(failure) => left.push((host.name, failure)),
                None => order.hosts.push(host),
            }
        }
        left
    }

    /// Takes in how a run ended.
    pub fn learn(&mut self, fleet: &Fleet, head: &RunHead) {
        let Some(run) = fleet.runs.get(&head.run) else { return };
        for (host, part) in &run.hosts {
            match &part.outcome {
                Some((HostOutcome::Unreachable(_), _)) => {
                    self.away.insert(host.clone());
                }
                Some((HostOutcome::Well, _)) if head.purpose == Purpose::Check => {
                    let flags = head.provides.iter().map(|flag| (host.clone(), flag.clone()));
                    self.promised.extend(flags);
                }
                _ => {}
            }
        }
    }

    /// Why an order cannot be carried out on a host now.
    fn obstacle(&self, order: &Order, host: &Host) -> Option<Failure> {
        let name = &host.name;
        if self.away.contains(name) {
            let hint = format!("shelter hosts ping {name}");
            return Some(failure("it could not be reached a moment ago".to_owned(), Some(hint)));
        }
        let missing: Vec<&Need> =
            order.needs.iter().filter(|need| !self.stands(name, &need.flag)).collect();
        let first = missing.first()?;
        let told: Vec<String> = missing.iter().map(|need| told(need)).collect();
        let hint = first.provided_by.as_ref().map(|id| format!("shelter --run {id} -l {name}"));
        Some(failure(format!("it needs {}", told.join(", and ")), hint))
    }

    /// A flag that cannot be read does not stand.
    fn stands(&self, host: &HostName, flag: &str) -> bool {
        let promised = self.promised.contains(&(host.clone(), flag.to_owned()));
        promised
            || self.status.flag(host, flag).unwrap_or_else(|error| {
                tracing::warn!(%host, flag, %error, "a flag cannot be read");
                false
            })
    }
}

/// The console had died before anything was sent there.
fn never_begun(followup: &Followup) -> Vec<(HostName, Failure)> {
    let RunHead { playbook, .. } = &followup.head;
    let why = |host: &HostName| {
        let hint = Some(format!("shelter --run {playbook} -l {host}"));
        failure("its console had died before it began there".to_owned(), hint)
    };
    followup.never.iter().map(|host| (host.clone(), why(host))).collect()
}

fn told(need: &Need) -> String {
    match &need.provided_by {
        Some(id) => format!("the flag `{}`, which {id} provides", need.flag),
        None => format!("the flag `{}`, which no playbook provides", need.flag),
    }
}

fn failure(text: String, hint: Option<String>) -> Failure {
    Failure { kind: FailureKind::Local, text, hint }
}
