//! The actors that watch hosts: one task per host follows its stream of samples and keeps the newest for
//! all who look. Nothing here is recorded, and no host waits for another.

mod engines;
mod follow;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::fleet::{
    Engine, Failure, FailureKind, Fleet, History, Host, HostName, Look, Millis, Outage, Parting,
    Reachability, Sample, Timestamp, Trend,
};
use crate::reach::Reach;
use crate::telemetry::sampler::Pace;

use super::Clock;
pub(super) use engines::wanted_engines;
use follow::{Follower, Post};

/// How often hosts are looked at while nobody watches.
const UNWATCHED: Pace = Pace::seconds(120);

/// What is known of every watched host now.
pub type Board = BTreeMap<HostName, Watched>;

/// What is known of one watched host now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watched {
    /// Whether it can be reached.
    pub contact: Reachability,
    /// While it is down: what that looks like from here.
    pub outage: Option<Outage>,
    /// How the last connection that stood has ended, if one did.
    pub parting: Option<Parting>,
    /// What it is doing, with the age of everything. `None` before the first look and while it is down.
    pub sample: Option<Arc<Sample>>,
    /// The engines found on it, by port. `None` before all were asked.
    pub engines: Option<Arc<Vec<Engine>>>,
    /// The ports of its loopback where somebody listens, and of which of them it is known what that is. `None` before
    /// they were looked for.
    pub listening: Option<Arc<BTreeMap<u16, bool>>>,
    /// What it did before, since the watch began.
    pub trend: Arc<Trend>,
    /// The same in full.
    pub history: Option<Arc<History>>,
    /// When it last told something.
    pub heard: Option<Timestamp>,
    /// The age from which it counts as silent.
    pub patience: Option<Millis>,
    /// Whether its sensors have told all that they can at first, or are known not to.
    pub settled: bool,
    /// Whether all its ports were asked for engines, or are known not to be.
    pub asked: bool,
}

/// How long hosts are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Until each has told what it can, or has failed to.
    Once,
    /// Until nobody looks; a link that breaks is made anew, with back-off.
    ForEver,
    /// The same, and what needs a person is tried again too, seldom: a service cannot be asked.
    Service,
}

/// Hosts being watched. Dropping it ends the watch, on the hosts as well.
pub struct Sampling {
    board: watch::Receiver<Board>,
    pace: watch::Sender<Pace>,
    watched: Pace,
    _tasks: JoinSet<()>,
}

impl Sampling {
    /// Begins to watch, looking at that pace.
    pub fn begin(hosts: Vec<Host>, reach: Reach, pace: Pace, persistence: Persistence) -> Self {
        let known = hosts.iter().map(|host| (host.name.clone(), Watched::default()));
        let (sender, board) = watch::channel(known.collect());
        let sender = Arc::new(sender);
        let (pacing, paces) = watch::channel(pace);
        let mut tasks = JoinSet::new();
        for host in hosts {
            let post = Post { host: host.name.clone(), board: sender.clone() };
            let (reach, clock) = (reach.clone(), Clock::system());
            let (pace, post) = (paces.clone(), post.clone());
            let follower = Follower { host, reach, clock, pace, persistence, post };
            tasks.spawn(watch_over(follower));
        }
        Self { board, pace: pacing, watched: pace, _tasks: tasks }
    }

    /// Whether anybody looks. While nobody does, hosts are looked at every two minutes and their cards may sleep in
    /// between; as soon as somebody does, at full pace again.
    pub fn attend(&self, somebody: bool) {
        let pace = if somebody { self.watched } else { self.watched.max(UNWATCHED) };
        self.pace.send_if_modified(|now| std::mem::replace(now, pace) != pace);
    }

    /// What is known now. What came in between is not kept: the newest wins.
    pub fn board(&mut self) -> Board {
        self.board.borrow_and_update().clone()
    }

    /// Another view of the same board.
    pub fn watch(&self) -> watch::Receiver<Board> {
        self.board.clone()
    }

    /// Waits for something new. `false` once nothing new can come.
    pub async fn changed(&mut self) -> bool {
        self.board.changed().await.is_ok()
    }

    /// Waits until every host has told what it can, or has failed to.
    pub async fn settled(&mut self) -> Board {
        while !self.board.borrow_and_update().values().all(Watched::is_settled) {
            if !self.changed().await {
                break;
            }
        }
        self.board()
    }
}

/// What the hosts of a board were doing, as counsel and screens read it.
pub fn seen(board: &Board) -> Fleet {
    let mut fleet = Fleet::default();
    for (host, watched) in board {
        fleet.saw(host, watched.contact.clone(), watched.look());
    }
    fleet
}

impl Watched {
    /// What it was last seen doing.
    pub fn look(&self) -> Option<Look> {
        let (at, sample) = (self.heard?, self.sample.clone()?);
        Some(Look { at, sample, engines: self.engines.clone() })
    }

    /// Whether all that can be known at first is known, or is known not to come.
    pub fn is_settled(&self) -> bool {
        self.settled && self.asked
    }

    /// Whether it has been silent for longer than it may.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let silent = |heard: Timestamp, patience: Millis| now.0 - heard.0 > patience.0;
        self.heard.zip(self.patience).is_some_and(|(heard, patience)| silent(heard, patience))
    }
}

/// A fault of ours while following one host stays with that host.
async fn watch_over(follower: Follower) {
    let post = follower.post.clone();
    if AssertUnwindSafe(follower.follow()).catch_unwind().await.is_err() {
        let text = "this program stumbled over what the host told".to_owned();
        let hint = Some("please report it with the diagnostics in `logs/`".to_owned());
        post.down(Failure { kind: FailureKind::Local, text, hint }, Outage::Other);
    }
}
