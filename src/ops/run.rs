//! Running a playbook: every host at its own pace, from the plan to the last event. Decides no step by itself.

mod beside;
mod chain;
mod exchange;
mod follow;
mod host;
mod plan;
mod stop;
mod stopped;
mod sudo;
mod told;
mod waiting;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::fleet::{
    Event, Facts, Failure, Host, HostEvent, HostName, HostOutcome, Inventory, Recap, RunHead,
    Secrets, Vars,
};
use crate::playbook::{Choice, Files, Playbook};

use super::survey::Crew;
use chain::Chain;
use sudo::Passwords;

pub use beside::{Errand, Followup};
pub use chain::Need;
pub use plan::{Planned, plan};
pub use stop::{Level, Stopper};
pub(super) use waiting::Waiting;

/// What the console knows of a host beyond its facts, as variables. Those of the inventory win.
pub type Lore = Box<dyn Fn(&Facts) -> Vars + Send + Sync>;

/// A run as it was ordered.
pub struct Order {
    /// What it is.
    pub head: RunHead,
    /// Its playbook, free of static errors.
    pub playbook: Playbook,
    /// The hosts it runs on.
    pub hosts: Vec<Host>,
    /// The flags that must stand on a host before.
    pub needs: Vec<Need>,
    /// All hosts, for what a playbook says about the fleet.
    pub fleet: Inventory,
    /// Variables of the command line.
    pub extra: Vars,
    /// What its playbook asks of the console.
    pub lore: Option<Lore>,
    /// Which of its steps.
    pub choice: Choice,
    /// The secrets it needs.
    pub secrets: Secrets,
    /// The files it may send.
    pub files: Arc<dyn Files + Send + Sync>,
    /// Whether to show differences.
    pub diff: bool,
}

/// Something to be done on hosts, as a run with a head of its own.
pub enum Job {
    /// A playbook.
    Order(Box<Order>),
    /// Something about a run there was.
    Followup(Box<Followup>),
}

impl Job {
    /// The head of its run.
    pub fn head(&self) -> &RunHead {
        match self {
            Self::Order(order) => &order.head,
            Self::Followup(order) => &order.head,
        }
    }

    fn hosts(&self) -> Vec<HostName> {
        match self {
            Self::Order(order) => order.hosts.iter().map(|host| host.name.clone()).collect(),
            Self::Followup(order) => {
                order.hosts.iter().map(|(host, _)| host.name.clone()).collect()
            }
        }
    }

    async fn carry_out(&self, index: usize, crew: &Crew, passwords: &Arc<Passwords>) -> bool {
        match self {
            Self::Order(order) => {
                host::carry_out(order, &order.hosts[index], crew, passwords).await
            }
            Self::Followup(order) => beside::carry_out(order, index, crew, passwords).await,
        }
    }
}

/// Does jobs one after the other, each on the hosts that are ready for it, until somebody wishes an end.
pub(super) async fn carry_out_all(jobs: Vec<Job>, mut crew: Crew, places: Arc<Semaphore>) {
    let mut chain = Chain::new(crew.status.clone());
    let (stays_open, mut left) = (crew.more_to_come, jobs.len());
    for mut job in jobs {
        left -= 1;
        crew.more_to_come = stays_open || left > 0;
        if crew.stopper.level() > Level::GoOn {
            return;
        }
        let left_out = chain.sift(&mut job);
        let head = job.head().clone();
        carry_out(Arc::new(job), left_out, crew.clone(), places.clone()).await;
        // What the next one hangs on stands in the records and in the snapshot.
        if !crew.hub.settled().await {
            return;
        }
        chain.learn(&crew.hub.fleet(), &head);
    }
}

/// Does a job on all its hosts, a bounded number at a time.
async fn carry_out(
    job: Arc<Job>,
    left_out: Vec<(HostName, Failure)>,
    crew: Crew,
    places: Arc<Semaphore>,
) {
    let run = job.head().run.clone();
    crew.hub.tell(Event::RunBegan(job.head().clone())).await;
    for (host, failure) in left_out {
        let outcome = HostOutcome::LeftOut(failure);
        let what = HostEvent::Ended { outcome, recap: Recap::default() };
        crew.hub.tell(Event::OnHost { run: run.clone(), host, what }).await;
    }
    let passwords = Arc::new(Passwords::new(crew.asker.clone(), crew.sudo.clone()));
    let mut under_way = JoinSet::new();
    let mut names = HashMap::new();
    for (index, name) in job.hosts().into_iter().enumerate() {
        let (job, crew, places) = (job.clone(), crew.clone(), places.clone());
        let passwords = passwords.clone();
        let task = under_way.spawn(async move {
            let _place = places.acquire().await;
            job.carry_out(index, &crew, &passwords).await
        });
        names.insert(task.id(), name);
    }
    while let Some(ended) = under_way.join_next_with_id().await {
        let Err(fault) = ended else { continue };
        let Some(host) = names.remove(&fault.id()) else { continue };
        tracing::error!(%host, %fault, "an actor stopped");
        let what = HostEvent::Ended { outcome: HostOutcome::Lost, recap: Recap::default() };
        crew.hub.tell(Event::OnHost { run: run.clone(), host, what }).await;
    }
    crew.hub.tell(Event::RunEnded { run }).await;
}
