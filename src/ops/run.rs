//! Running a playbook: every host at its own pace, from the plan to the last event. Decides no step by itself.

mod beside;
mod exchange;
mod follow;
mod host;
mod plan;
mod stop;
mod sudo;
mod told;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::fleet::{
    Event, Host, HostEvent, HostName, HostOutcome, Inventory, Recap, RunHead, Vars,
};
use crate::playbook::{Choice, Files, Playbook};

use super::survey::Crew;
use sudo::Passwords;

pub use beside::{Errand, Followup};
pub use plan::{Planned, plan};
pub use stop::{Level, Stopper};

/// A run as it was ordered.
pub struct Order {
    /// What it is.
    pub head: RunHead,
    /// Its playbook, free of static errors.
    pub playbook: Playbook,
    /// The hosts it runs on.
    pub hosts: Vec<Host>,
    /// All hosts, for what a playbook says about the fleet.
    pub fleet: Inventory,
    /// Variables of the command line.
    pub extra: Vars,
    /// Which of its steps.
    pub choice: Choice,
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
    Followup(Followup),
}

impl Job {
    fn head(&self) -> &RunHead {
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

/// Does jobs one after the other. Once one has not gone well everywhere, those behind it are left.
pub(super) async fn carry_out_all(jobs: Vec<Job>, crew: Crew, places: Arc<Semaphore>) {
    for job in jobs {
        if !carry_out(Arc::new(job), crew.clone(), places.clone()).await {
            return;
        }
    }
}

/// Does a job on all its hosts, a bounded number at a time. `true`: it went well on all.
async fn carry_out(job: Arc<Job>, crew: Crew, places: Arc<Semaphore>) -> bool {
    let run = job.head().run.clone();
    crew.hub.tell(Event::RunBegan(job.head().clone())).await;
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
    let mut well = true;
    while let Some(ended) = under_way.join_next_with_id().await {
        match ended {
            Ok((_, went_well)) => well &= went_well,
            Err(fault) => {
                well = false;
                let Some(host) = names.remove(&fault.id()) else { continue };
                tracing::error!(%host, %fault, "an actor stopped");
                let what = HostEvent::Ended { outcome: HostOutcome::Lost, recap: Recap::default() };
                crew.hub.tell(Event::OnHost { run: run.clone(), host, what }).await;
            }
        }
    }
    crew.hub.tell(Event::RunEnded { run }).await;
    well
}
