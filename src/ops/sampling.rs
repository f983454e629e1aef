//! The actors that watch hosts: one task per host follows its stream of samples and keeps the newest for
//! all who look. Nothing here is recorded, and no host waits for another.

mod follow;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::fleet::{
    Failure, FailureKind, History, Host, HostName, Outage, Reachability, Sample, Timestamp, Trend,
};
use crate::reach::Reach;
use crate::telemetry::sampler::Pace;

use super::Clock;
use follow::{Follower, Post};

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
    /// What it did before, since the watch began.
    pub trend: Arc<Trend>,
    /// The same in full.
    pub history: Option<Arc<History>>,
    /// When it last told something.
    pub heard: Option<Timestamp>,
    /// Whether all that can be known at first is known, or is known not to come.
    pub settled: bool,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parting {
    /// The host closed it, as one that shuts down does.
    Closed,
    /// It fell silent.
    Silence,
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
    _tasks: JoinSet<()>,
}

impl Sampling {
    /// Begins to watch, looking at that pace.
    pub fn begin(hosts: Vec<Host>, reach: Reach, pace: Pace, persistence: Persistence) -> Self {
        let known = hosts.iter().map(|host| (host.name.clone(), Watched::default()));
        let (sender, board) = watch::channel(known.collect());
        let sender = Arc::new(sender);
        let mut tasks = JoinSet::new();
        for host in hosts {
            let post = Post { host: host.name.clone(), board: sender.clone() };
            let (reach, clock) = (reach.clone(), Clock::system());
            let follower = Follower { host, reach, clock, pace, persistence, post: post.clone() };
            tasks.spawn(watch_over(follower, post));
        }
        Self { board, _tasks: tasks }
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
        while !self.board.borrow_and_update().values().all(|watched| watched.settled) {
            if !self.changed().await {
                break;
            }
        }
        self.board()
    }
}

/// A fault of ours while following one host stays with that host.
async fn watch_over(follower: Follower, post: Post) {
    if AssertUnwindSafe(follower.follow()).catch_unwind().await.is_err() {
        let text = "this program stumbled over what the host told".to_owned();
        let hint = Some("please report it with the diagnostics in `logs/`".to_owned());
        post.down(Failure { kind: FailureKind::Local, text, hint }, Outage::Other);
    }
}
