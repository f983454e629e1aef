//! The station: takes intents, sets actors to work, and hands out what happens.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::fleet::{Event, Failure, FailureKind, Host, Intent, Inventory, Stamped};
use crate::reach::Reach;
use crate::records::Ledger;

use super::Clock;
use super::hub::{Events, Hub, HubError};
use super::survey::{Crew, survey};

/// Where intents are carried out.
pub struct Station {
    inventory: Inventory,
    reach: Reach,
    clock: Clock,
    places: Arc<Semaphore>,
    hub: Hub,
    desk: JoinHandle<Result<(), HubError>>,
}

/// Work under way: what happens, and how it ended.
pub struct Work {
    events: Events,
    desk: JoinHandle<Result<(), HubError>>,
}

impl Station {
    /// Opens a station for the hosts of an inventory, `forks` of which are worked on at a time.
    /// Connects to none yet.
    pub fn open(inventory: Inventory, reach: Reach, ledger: Ledger, forks: usize) -> Self {
        let clock = Clock::system();
        let (hub, desk) = Hub::open(clock.clone(), ledger);
        let places = Arc::new(Semaphore::new(forks));
        Self { inventory, reach, clock, places, hub, desk }
    }

    /// Carries out one intent, then closes.
    pub fn carry_out(self, intent: Intent) -> Work {
        let events = self.hub.subscribe();
        match intent {
            Intent::Ping { hosts } => {
                let hosts = hosts.iter().filter_map(|n| self.inventory.host(n.as_str())).cloned();
                let crew = Crew { reach: self.reach, clock: self.clock, hub: self.hub };
                tokio::spawn(survey_all(hosts.collect(), crew, self.places));
            }
        }
        Work { events, desk: self.desk }
    }
}

impl Work {
    /// What happened next. `None` once all is done.
    pub async fn next(&mut self) -> Option<Stamped> {
        self.events.next().await
    }

    /// Whether everything that happened was recorded.
    pub async fn close(self) -> Result<(), HubError> {
        match self.desk.await {
            Ok(recorded) => recorded,
            Err(stopped) => Err(HubError::Stopped(stopped.to_string())),
        }
    }
}

/// Every host in a task of its own, so that none waits for another and a fault stays with its host.
async fn survey_all(hosts: Vec<Host>, crew: Crew, places: Arc<Semaphore>) {
    let mut under_way = JoinSet::new();
    let mut names = HashMap::new();
    for host in hosts {
        let name = host.name.clone();
        let (crew, places) = (crew.clone(), places.clone());
        let task = under_way.spawn(async move {
            let _place = places.acquire().await;
            survey(host, crew).await;
        });
        names.insert(task.id(), name);
    }
    while let Some(ended) = under_way.join_next_with_id().await {
        let Err(fault) = ended else { continue };
        let Some(host) = names.remove(&fault.id()) else { continue };
        let text = "this program stumbled over the host's answer".to_owned();
        let hint = Some("please report it with the diagnostics in `logs/`".to_owned());
        let failure = Failure { kind: FailureKind::Local, text, hint };
        tracing::error!(%host, %fault, "an actor stopped");
        crew.hub.tell(Event::Unreachable { host, failure }).await;
    }
}
