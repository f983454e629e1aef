//! Asks a host's ports for engines, each in a task of its own, so that one that hangs holds up no other. Asks nobody
//! who is known to be something else.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::sleep;

use crate::fleet::{Engine, Host, Sensors, Value};
use crate::llm::{Client, Inquiry, Patience};
use crate::ops::{Clock, engine_way};
use crate::reach::Link;
use crate::telemetry::sampler::{Listeners, Pace};

use super::follow::Post;

/// Ports of one host that are asked at the same time: where no streams are carried each takes a session.
const AT_ONCE: usize = 3;
/// More ports of one host are not asked.
const MOST: usize = 64;
/// The time between the first two looks, which make the first rate.
const FIRST: Duration = Duration::from_millis(700);
/// Where engines listen unless told otherwise: these are asked first.
const USUAL: [u16; 6] = [11434, 8080, 8000, 1234, 30000, 8081];
/// Services that take what they do not understand amiss, or print it.
const OTHERS: [u16; 14] =
    [1883, 2049, 3306, 3389, 5432, 5672, 6379, 9092, 9100, 9418, 11211, 15432, 25565, 27017];

/// What it takes to ask one host.
pub(super) struct Asking {
    pub link: Link,
    pub clock: Clock,
    pub pace: watch::Receiver<Pace>,
    pub listeners: watch::Receiver<Option<Listeners>>,
    pub choice: Choice,
    pub post: Post,
}

/// Which ports of a host may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// All but those of services that would take it amiss; these in any case.
    Any(Vec<u16>),
    /// These, if somebody listens there.
    These(Vec<u16>),
}

impl Choice {
    /// As the host's variable `engine_ports` has it. A practice host shares this machine's ports, and asks only the usual.
    pub fn of(host: &Host) -> Self {
        let named = wanted_engines(host);
        let with_named = |ports: Vec<u16>| Self::These([ports, named.clone()].concat());
        match host.vars.get("engine_ports") {
            Some(given @ (Value::List(_) | Value::Int(_))) => with_named(ports(given)),
            _ if host.sensors == Sensors::Simulated => with_named(USUAL.to_vec()),
            _ => Self::Any(named),
        }
    }

    /// The usual ports first, so that they are among those that are asked.
    fn among(&self, listeners: &Listeners) -> Vec<(u16, u64)> {
        let asked = |port: u16| match self {
            Self::These(ports) => ports.contains(&port),
            Self::Any(named) if named.contains(&port) => true,
            Self::Any(_) => {
                port >= 1024 && !OTHERS.contains(&port) && !(5900..5910).contains(&port)
            }
        };
        let all = listeners.iter().map(|(port, inode)| (*port, *inode));
        let mut ports: Vec<(u16, u64)> = all.filter(|(port, _)| asked(*port)).collect();
        let rank = |port: u16| USUAL.iter().position(|usual| *usual == port).unwrap_or(USUAL.len());
        ports.sort_by_key(|(port, _)| (rank(*port), *port));
        ports.truncate(MOST);
        ports
    }

    /// Where to ask on a machine that does not tell where anybody listens.
    pub fn unseen(&self) -> Listeners {
        let ports = match self {
            Self::These(ports) => ports.as_slice(),
            Self::Any(named) => &[&USUAL, named.as_slice()].concat(),
        };
        ports.iter().map(|port| (*port, 0)).collect()
    }
}

/// The ports on which engines shall answer, as the host's variable `engines` has it.
pub fn wanted_engines(host: &Host) -> Vec<u16> {
    host.vars.get("engines").map(ports).unwrap_or_default()
}

/// A port or a list of them; what is none is passed over.
fn ports(value: &Value) -> Vec<u16> {
    let port = |value: &Value| match value {
        Value::Int(number) => u16::try_from(*number).ok(),
        _ => None,
    };
    match value {
        Value::List(list) => list.iter().filter_map(port).collect(),
        one => port(one).into_iter().collect(),
    }
}

/// What asking one port came to.
struct Report {
    port: u16,
    engine: Option<Engine>,
    children: Vec<u16>,
    /// Whether all that can be known at first is known.
    settled: bool,
}

/// One port that is asked.
struct Asked {
    inode: u64,
    task: AbortHandle,
    engine: Option<Engine>,
    children: Vec<u16>,
    settled: bool,
}

impl Asking {
    /// Asks for as long as it is polled.
    pub async fn go_on(mut self) -> Infallible {
        let (reports, mut told) = mpsc::channel(MOST);
        let (mut tasks, mut ports) = (JoinSet::new(), BTreeMap::<u16, Asked>::new());
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            tokio::select! {
                Ok(()) = self.listeners.changed() => {
                    let listeners = self.listeners.borrow_and_update().clone();
                    let wanted = self.choice.among(&listeners.unwrap_or_default());
                    forget(&mut ports, &wanted);
                    for (port, inode) in wanted {
                        ports.entry(port).or_insert_with(|| {
                            let one = self.one(port, reports.clone(), turns.clone());
                            let task = tasks.spawn(one.go_on());
                            Asked { inode, task, engine: None, children: Vec::new(), settled: false }
                        });
                    }
                }
                Some(report) = told.recv() => {
                    let Some(asked) = ports.get_mut(&report.port) else { continue };
                    asked.settled |= report.settled;
                    (asked.engine, asked.children) = (report.engine, report.children);
                }
                // Tasks that have ended are let go of.
                Some(_) = tasks.join_next() => continue,
            }
            self.publish(&ports);
        }
    }

    fn one(&self, port: u16, reports: mpsc::Sender<Report>, turns: Arc<Semaphore>) -> One {
        let client = Client::new(engine_way(&self.link, port), Patience::ASKING);
        let inquiry = Inquiry::new(&client, port);
        One { port, inquiry, clock: self.clock.clone(), pace: self.pace.clone(), reports, turns }
    }

    /// An engine that another one has started for itself is told by that one.
    fn publish(&self, ports: &BTreeMap<u16, Asked>) {
        let listeners = self.listeners.borrow().clone().unwrap_or_default();
        let known = |port: &u16| ports.get(port).is_some_and(|asked| asked.settled);
        let listening = listeners.keys().map(|port| (*port, known(port))).collect();
        let children: BTreeSet<u16> =
            ports.values().flat_map(|asked| &asked.children).copied().collect();
        let own = ports.iter().filter(|(port, _)| !children.contains(port));
        let engines = own.filter_map(|(_, asked)| asked.engine.clone()).collect();
        self.post.engines(engines, listening, ports.values().all(|asked| asked.settled));
    }
}

/// One port, asked again and again.
struct One {
    port: u16,
    inquiry: Inquiry,
    clock: Clock,
    pace: watch::Receiver<Pace>,
    reports: mpsc::Sender<Report>,
    turns: Arc<Semaphore>,
}

impl One {
    /// Until it is known to be no engine, or nobody wants to know any more.
    async fn go_on(mut self) {
        let mut first = true;
        loop {
            let Ok(turn) = self.turns.clone().acquire_owned().await else { return };
            let engine = self.inquiry.look(self.clock.now()).await;
            self.inquiry.hang_up();
            drop(turn);
            let again = first && self.inquiry.counts();
            let children = self.inquiry.children().to_vec();
            let report = Report { port: self.port, engine, children, settled: !again };
            if self.reports.send(report).await.is_err() || self.inquiry.is_vain() {
                return;
            }
            first = false;
            if again {
                sleep(FIRST).await;
            } else {
                self.wait().await;
            }
        }
    }

    /// Until the next look is due; at once when somebody begins to watch.
    async fn wait(&mut self) {
        let beat = Duration::from_millis(self.pace.borrow_and_update().millis().0.unsigned_abs());
        tokio::select! {
            () = sleep(beat) => {}
            Ok(()) = self.pace.changed() => {}
        }
    }
}

/// Ports whose listener has gone, or has made way for another, are asked no more.
fn forget(ports: &mut BTreeMap<u16, Asked>, wanted: &[(u16, u64)]) {
    ports.retain(|port, asked| {
        let stays = wanted.contains(&(*port, asked.inode));
        if !stays {
            asked.task.abort();
        }
        stays
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printers_and_databases_are_left_in_peace_and_usual_ports_come_first() {
        let listeners: Listeners =
            [(22, 1), (5432, 2), (9100, 3), (5901, 4), (9999, 5), (11434, 6), (1234, 7)].into();
        let asked = |choice: Choice, listeners: &Listeners| -> Vec<u16> {
            choice.among(listeners).into_iter().map(|(port, _)| port).collect()
        };
        assert_eq!(asked(Choice::Any(Vec::new()), &listeners), [11434, 1234, 9999]);
        assert_eq!(asked(Choice::Any(vec![22]), &listeners), [11434, 1234, 22, 9999]);
        let many: Listeners = (2000..3000).map(|port| (port, 1)).chain([(30000, 1)]).collect();
        let some = asked(Choice::Any(Vec::new()), &many);
        assert_eq!((some.len(), some[0]), (MOST, 30000));
        assert_eq!(asked(Choice::These(vec![5432, 8080]), &listeners), [5432]);
        assert!(asked(Choice::These(Vec::new()), &listeners).is_empty());
    }
}
