//! Running a playbook: every host at its own pace, from the plan to the last event. Decides no step by itself.

mod exchange;
mod host;
mod plan;
mod sudo;
mod told;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::fleet::{Event, Host, HostEvent, HostOutcome, Inventory, Recap, RunHead, Vars};
use crate::playbook::{Choice, Files, Playbook};

use super::survey::Crew;
use sudo::Passwords;

pub use plan::{Planned, plan};

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

/// Carries out runs one after the other. Once one has not gone well everywhere, those behind it are left.
pub(super) async fn carry_out_all(orders: Vec<Order>, crew: Crew, places: Arc<Semaphore>) {
    for order in orders {
        let order = Arc::new(order);
        if !carry_out(order, crew.clone(), places.clone()).await {
            return;
        }
    }
}

/// Carries out a run on all its hosts, a bounded number at a time. `true`: it went well on all.
async fn carry_out(order: Arc<Order>, crew: Crew, places: Arc<Semaphore>) -> bool {
    crew.hub.tell(Event::RunBegan(order.head.clone())).await;
    let passwords = Arc::new(Passwords::new(crew.asker.clone()));
    let mut under_way = JoinSet::new();
    let mut names = std::collections::HashMap::new();
    for index in 0..order.hosts.len() {
        let (order, crew, places) = (order.clone(), crew.clone(), places.clone());
        let (name, passwords) = (order.hosts[index].name.clone(), passwords.clone());
        let task = under_way.spawn(async move {
            let _place = places.acquire().await;
            host::carry_out(&order, &order.hosts[index], &crew, &passwords).await
        });
        names.insert(task.id(), name);
    }
    let mut well = true;
    while let Some(ended) = under_way.join_next_with_id().await {
        let fault = match ended {
            Ok((_, went_well)) => {
                well &= went_well;
                continue;
            }
            Err(fault) => fault,
        };
        well = false;
        let Some(host) = names.remove(&fault.id()) else { continue };
        tracing::error!(%host, %fault, "an actor stopped");
        let what = HostEvent::Ended { outcome: HostOutcome::Lost, recap: Recap::default() };
        crew.hub.tell(Event::OnHost { run: order.head.run.clone(), host, what }).await;
    }
    crew.hub.tell(Event::RunEnded { run: order.head.run.clone() }).await;
    well
}
