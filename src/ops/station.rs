//! The station: takes intents, sets actors to work, and hands out what happens.

use std::collections::HashMap;
use std::sync::{Arc, RwLockReadGuard};

use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::fleet::{Event, Failure, FailureKind, Fleet, Host, Intent, Inventory, Stamped};
use crate::reach::{Asker, Reach, Secret};
use crate::records::{FactsCache, Home, Ledger, StatusFiles, Unkept};

use super::Clock;
use super::begun::Begun;
use super::hub::{Events, Hub, HubError, Known, Seen};
use super::run::{self, Job, Level, Stopper, Waiting};
use super::survey::{Crew, survey};

/// How hosts are reached, and who answers when a person is needed.
pub struct Ways {
    /// The ways to hosts.
    pub reach: Reach,
    /// Who answers.
    pub asker: Asker,
    /// The sudo password, where it was given beforehand.
    pub sudo: Option<Secret>,
}

/// Where intents are carried out.
pub struct Station {
    inventory: Inventory,
    crew: Crew,
    places: Arc<Semaphore>,
    desk: JoinHandle<Result<(), HubError>>,
    unkept: Unkept,
}

/// Work under way: what happens, and how it ended.
pub struct Work {
    events: Events,
    known: Known,
    stopper: Stopper,
    desk: JoinHandle<Result<(), HubError>>,
    unkept: Unkept,
}

impl Station {
    /// Opens a station for the hosts of an inventory, `forks` of which are worked on at a time.
    /// Connects to none yet.
    pub fn open(inventory: Inventory, ways: Ways, home: &Home, forks: usize) -> Self {
        let clock = Clock::system();
        let ledger = Ledger::open(home);
        let unkept = ledger.unkept();
        let (hub, desk) = Hub::open(clock.clone(), ledger);
        let Ways { reach, asker, sudo } = ways;
        let (facts, stopper) = (FactsCache::of(home), Stopper::default());
        let status = StatusFiles::of(home);
        let (waiting, more_to_come) = (Waiting::default(), false);
        let crew =
            Crew { reach, asker, clock, hub, facts, status, stopper, waiting, more_to_come, sudo };
        Self { inventory, crew, places: Arc::new(Semaphore::new(forks)), desk, unkept }
    }

    /// Carries out one intent, then closes.
    pub fn carry_out(self, intent: Intent) -> Work {
        let (events, known) = (self.crew.hub.subscribe(), self.crew.hub.known());
        match intent {
            Intent::Ping { hosts } => {
                let hosts = hosts.iter().filter_map(|n| self.inventory.host(n.as_str())).cloned();
                tokio::spawn(survey_all(hosts.collect(), self.crew, self.places));
            }
        }
        Work { events, known, stopper: Stopper::default(), desk: self.desk, unkept: self.unkept }
    }

    /// Follows what happens from here on.
    pub fn events(&self) -> Events {
        self.crew.hub.subscribe()
    }

    /// The hub, for what is known now.
    pub fn hub(&self) -> Hub {
        self.crew.hub.clone()
    }

    /// Reaches hosts and gathers their facts, while the station stays open.
    pub fn survey(&self, hosts: Vec<Host>) {
        let crew = Crew { more_to_come: true, ..self.crew.clone() };
        tokio::spawn(survey_all(hosts, crew, self.places.clone()));
    }

    /// Begins jobs, one after the other, while the station stays open.
    pub fn begin(&self, jobs: Vec<Job>) -> Begun {
        let stopper = Stopper::default();
        let crew = Crew { stopper: stopper.clone(), more_to_come: true, ..self.crew.clone() };
        let runs = jobs.iter().map(|job| job.head().run.clone()).collect();
        let task = tokio::spawn(run::carry_out_all(jobs, crew, self.places.clone()));
        Begun::new(runs, stopper, task, self.hub())
    }

    /// Waits until everything told so far is recorded, or tells why it cannot be.
    pub async fn settle(self) -> Result<(), HubError> {
        let Self { crew, desk, .. } = self;
        if crew.hub.settled().await {
            return Ok(());
        }
        drop(crew);
        close(desk).await
    }

    /// Does jobs one after the other, each on the hosts that are ready for it, then closes.
    pub fn run(self, jobs: Vec<Job>) -> Work {
        let (events, known) = (self.crew.hub.subscribe(), self.crew.hub.known());
        let stopper = self.crew.stopper.clone();
        tokio::spawn(run::carry_out_all(jobs, self.crew, self.places));
        Work { events, known, stopper, desk: self.desk, unkept: self.unkept }
    }
}

impl Work {
    /// What comes next. `None` once all is done.
    pub async fn next(&mut self) -> Option<Seen> {
        self.events.next().await
    }

    /// What happened next, leaving out what steps print.
    pub async fn next_event(&mut self) -> Option<Stamped> {
        loop {
            if let Seen::Event(stamped) = self.next().await? {
                return Some(*stamped);
            }
        }
    }

    /// What is known now, whether or not it was looked at.
    pub fn fleet(&self) -> RwLockReadGuard<'_, Fleet> {
        self.known.fleet()
    }

    /// Asks for the end: the first time in order, from then on at once.
    pub fn stop(&self) -> Level {
        self.stopper.press()
    }

    /// The wish that it ends, to be heard of elsewhere.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// The caches that could not be written, of which it thinks nothing.
    pub fn unkept(&self) -> Unkept {
        self.unkept.clone()
    }

    /// Whether everything that happened was recorded.
    pub async fn close(self) -> Result<(), HubError> {
        close(self.desk).await
    }
}

async fn close(desk: JoinHandle<Result<(), HubError>>) -> Result<(), HubError> {
    match desk.await {
        Ok(recorded) => recorded,
        Err(stopped) => Err(HubError::Stopped(stopped.to_string())),
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
