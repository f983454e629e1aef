//! The station: takes intents, sets actors to work, and hands out what happens.

use tokio::task::{JoinHandle, JoinSet};

use crate::fleet::{Event, Failure, FailureKind, Host, Intent, Inventory};
use crate::reach::Reach;
use crate::records::FactsCache;

use super::Clock;
use super::hub::{Events, Hub, HubError};
use super::survey::survey;

/// Where intents are carried out.
pub struct Station {
    inventory: Inventory,
    reach: Reach,
    clock: Clock,
    hub: Hub,
    desk: JoinHandle<Result<(), HubError>>,
}

/// Work under way: what happens, and how it ended.
pub struct Work {
    events: Events,
    desk: JoinHandle<Result<(), HubError>>,
}

impl Station {
    /// Opens a station for the hosts of an inventory. Connects to none yet.
    pub fn open(inventory: Inventory, reach: Reach, clock: Clock, facts: FactsCache) -> Self {
        let (hub, desk) = Hub::open(clock.clone(), facts);
        Self { inventory, reach, clock, hub, desk }
    }

    /// Carries out one intent, then closes.
    pub fn carry_out(self, intent: Intent) -> Work {
        let events = self.hub.subscribe();
        match intent {
            Intent::Ping { hosts } => {
                let hosts = hosts.iter().filter_map(|n| self.inventory.host(n.as_str())).cloned();
                tokio::spawn(survey_all(hosts.collect(), self.reach, self.hub, self.clock));
            }
        }
        Work { events, desk: self.desk }
    }
}

impl Work {
    /// What happened next. `None` once all is done.
    pub async fn next(&mut self) -> Option<crate::fleet::Stamped> {
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
async fn survey_all(hosts: Vec<Host>, reach: Reach, hub: Hub, clock: Clock) {
    let mut under_way = JoinSet::new();
    let mut names = std::collections::HashMap::new();
    for host in hosts {
        let name = host.name.clone();
        let task = under_way.spawn(survey(host, reach.clone(), hub.clone(), clock.clone()));
        names.insert(task.id(), name);
    }
    while let Some(ended) = under_way.join_next_with_id().await {
        let Err(fault) = ended else { continue };
        let Some(host) = names.remove(&fault.id()) else { continue };
        let text = "this program stumbled over the host's answer".to_owned();
        let hint = Some("please report it with the diagnostics in `logs/`".to_owned());
        let failure = Failure { kind: FailureKind::Local, text, hint };
        tracing::error!(%host, %fault, "an actor stopped");
        hub.tell(Event::Unreachable { host, failure }).await;
    }
}
