//! The watchdog at work: round after round it hands what is heard of hosts to the pure watchdog, and does what that
//! says: records, tells, heals. It decides nothing by itself.

mod again;
mod beat;
mod contact;
mod deliver;
mod healer;
mod hook;
mod service;
mod speeds;
mod vitals;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::fleet::{AlertId, Host, Inventory, RunId, Watching};
use crate::reach::Asker;
use crate::records::{Home, Ledger, RecordsError, WatchFiles, WatchLock};
use crate::telemetry::sampler::Pace;
use crate::text::counted;
use crate::watchdog::{Engines, HealEnd, Input, Memory, Rules, Span, Watchdog};

use super::hub::{Events, Hub, HubError};
use super::{Clock, Persistence, Sampling, Ways};

pub use healer::{GIVEN, Healer};

/// One round.
pub const ROUND: Duration = Duration::from_secs(5);
/// Seconds between two looks at a host.
const PACE: u32 = 5;
/// Rounds after which the watchdog's time is written down in any case: a minute.
const UNWRITTEN: u32 = 12;
/// Vitals that may wait for the next round.
const WAITING: usize = 1024;

/// What a watchdog is made of.
pub struct Watch {
    /// The hosts it watches.
    pub hosts: Vec<Host>,
    /// All hosts, for what a playbook says about the fleet.
    pub inventory: Inventory,
    /// The rules, for these hosts.
    pub rules: Rules,
    /// The playbooks that heal, by id.
    pub healers: BTreeMap<String, Healer>,
    /// The ways to hosts.
    pub ways: Ways,
    /// The home.
    pub home: Home,
    /// Who runs it, as `watchdog@console`.
    pub actor: String,
    /// One round, or as long as it is let.
    pub span: Span,
    /// The command that is told of every notice, if there is one.
    pub hook: Option<std::path::PathBuf>,
}

/// Why there is no watch, or no more.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// Another has the home.
    #[error("another watchdog watches this home: {0}")]
    Taken(String),
    /// The home cannot be written.
    #[error("the home cannot be written, and a watchdog that forgets is none")]
    Records(#[from] RecordsError),
    /// The hub has stopped.
    #[error(transparent)]
    Hub(#[from] HubError),
}

/// A watchdog at work.
pub struct Watchman {
    watch: Watch,
    watchdog: Watchdog,
    files: WatchFiles,
    sampling: Sampling,
    vitals: mpsc::Receiver<vitals::Answer>,
    ask: watch::Sender<()>,
    heals: JoinSet<(AlertId, HealEnd)>,
    begun: mpsc::Receiver<(AlertId, RunId)>,
    begin: mpsc::Sender<(AlertId, RunId)>,
    hub: Hub,
    desk: tokio::task::JoinHandle<Result<(), HubError>>,
    beat: beat::Beat,
    service: service::Service,
    speeds: speeds::Speeds,
    caller: Option<hook::Caller>,
    /// Rounds since it was written down what must not be forgotten.
    unwritten: u32,
    clock: Clock,
    watcher: String,
    askers: JoinSet<()>,
    _lock: WatchLock,
}

impl Watchman {
    /// Takes the home's one place of a watchdog and begins to look. Needs a runtime.
    pub fn begin(watch: Watch) -> Result<Self, WatchError> {
        let files = WatchFiles::of(&watch.home);
        let watcher = format!("{} (pid {})", watch.actor, std::process::id());
        let lock = files.lock(&watcher)?.map_err(WatchError::Taken)?;
        let clock = Clock::system();
        let watchdog = watchdog(&watch, &files, &clock)?;
        let (hub, desk) = Hub::open(clock.clone(), Ledger::open(&watch.home));
        let sampling = sampling(&watch);
        let (answers, vitals) = mpsc::channel(WAITING);
        let (ask, now) = watch::channel(());
        let asking = vitals::Asking { clock: clock.clone(), hub: hub.clone(), now, answers };
        let askers = vitals::ask_all(&watch, &sampling, &asking);
        let (begin, begun) = mpsc::channel(WAITING);
        let (beat, service) = (beat::Beat::begin(), service::Service::of_environment());
        let speeds = speeds::Speeds::of(&watch.home);
        let caller = watch.hook.clone().map(hook::Caller::new);
        Ok(Self {
            watch,
            watchdog,
            files,
            sampling,
            vitals,
            ask,
            heals: JoinSet::new(),
            begun,
            begin,
            hub,
            desk,
            beat,
            service,
            speeds,
            caller,
            unwritten: 0,
            clock,
            watcher,
            askers,
            _lock: lock,
        })
    }

    /// Follows what is told from here on.
    pub fn events(&self) -> Events {
        self.hub.subscribe()
    }

    /// What was told before a restart and may have been lost is told again.
    pub async fn catch_up(&mut self) -> Result<(), WatchError> {
        let told = self.watchdog.undelivered().to_vec();
        if !told.is_empty() {
            self.deliver(told).await?;
        }
        Ok(())
    }

    /// One round: hears, judges, does. When it returns, all that was said is on the disk.
    pub async fn round(&mut self) -> Result<(), WatchError> {
        self.watchdog.step(Input::Tick(self.beat.tick(&self.clock)));
        self.watchdog.step(Input::Wishes(&self.files.wishes()?));
        self.hear()?;
        let told = self.watchdog.judge();
        self.remember()?;
        self.deliver(told).await?;
        self.call().await?;
        self.note_time()?;
        self.tell_standing()?;
        self.service.round_is_over(&self.summary());
        Ok(())
    }

    /// Waits until every host has told what it can, or has failed to.
    pub async fn looked(&mut self) {
        self.sampling.settled().await;
        // Their vitals were asked at the same time; those that take longer are not waited for.
        tokio::time::sleep(vitals::MOMENT).await;
    }

    /// From here on it heals nothing more.
    pub fn only_look(&mut self) {
        self.watchdog.only_look();
    }

    /// Whether a heal is under way.
    pub fn is_healing(&self) -> bool {
        !self.heals.is_empty()
    }

    /// Waits until a heal has ended, and hears of it.
    pub async fn heal_ended(&mut self) -> Result<(), WatchError> {
        if let Some(Ok((alert, end))) = self.heals.join_next().await {
            self.hear_begun();
            self.watchdog.step(Input::HealEnded(&alert, end));
        }
        self.remember()
    }

    /// Waits until the hook has had all there is to tell.
    pub async fn called(&mut self) -> Result<(), WatchError> {
        while let Some(caller) = self.caller.as_mut().filter(|caller| caller.is_calling()) {
            caller.wait().await;
            self.call().await?;
        }
        Ok(())
    }

    /// What is wrong, when all is said.
    pub fn standing(&self) -> Watching {
        Watching {
            at: self.clock.now(),
            watcher: self.watcher.clone(),
            hosts: self.watch.hosts.len(),
            alerts: self.watchdog.standing(),
            halt: self.watchdog.halted().cloned(),
        }
    }

    /// The same, of what is watched: with a limit, of nothing else.
    pub fn seen(&self) -> Watching {
        let mut standing = self.standing();
        standing.alerts.retain(|alert| self.watchdog.looks_at(&alert.id));
        standing
    }

    /// The end: all is recorded.
    pub async fn close(self) -> Result<(), WatchError> {
        self.service.stops();
        self.files.remember(self.watchdog.memory())?;
        self.files.tell(&self.standing())?;
        let Self { hub, desk, begin, askers, .. } = self;
        drop((hub, begin, askers));
        match desk.await {
            Ok(recorded) => Ok(recorded?),
            Err(stopped) => Err(HubError::Stopped(stopped.to_string()).into()),
        }
    }

    fn hear(&mut self) -> Result<(), WatchError> {
        let now = self.clock.now();
        for (host, watched) in self.sampling.board() {
            self.watchdog.step(Input::Contact(&host, contact::contact(&watched, now)));
            if let Some(sample) = &watched.sample {
                self.watchdog.step(Input::Sample(&host, sample));
            }
            let found = watched.engines.as_deref().map_or(&[][..], Vec::as_slice);
            for speed in self.speeds.live(&host, found) {
                self.watchdog.step(Input::Speed(&host, speed));
            }
            let listening = watched.listening.as_deref();
            self.watchdog.step(Input::Engines(&host, Engines { found, listening }));
        }
        while let Ok(answer) = self.vitals.try_recv() {
            self.watchdog.step(Input::Vitals(&answer.host, &answer.vitals));
        }
        for (host, speed) in self.speeds.benched()? {
            self.watchdog.step(Input::Speed(&host, speed));
        }
        self.hear_begun();
        while let Some(ended) = self.heals.try_join_next() {
            match ended {
                Ok((alert, end)) => self.watchdog.step(Input::HealEnded(&alert, end)),
                Err(fault) => tracing::error!(%fault, "a healer stopped"),
            }
        }
        Ok(())
    }

    fn hear_begun(&mut self) {
        while let Ok((alert, run)) = self.begun.try_recv() {
            self.watchdog.step(Input::Healing(&alert, run));
        }
    }

    fn remember(&mut self) -> Result<(), WatchError> {
        if let Some(memory) = self.watchdog.to_remember() {
            self.files.remember(memory)?;
            self.unwritten = 0;
        }
        Ok(())
    }

    /// Now and then its time is written down though nothing is new: after a kill it is to know how long it was gone.
    fn note_time(&mut self) -> Result<(), WatchError> {
        self.unwritten += 1;
        if self.unwritten >= UNWRITTEN {
            self.files.remember(self.watchdog.memory())?;
            self.unwritten = 0;
        }
        Ok(())
    }

    fn tell_standing(&self) -> Result<(), WatchError> {
        Ok(self.files.tell(&self.standing())?)
    }

    fn summary(&self) -> String {
        let standing = self.standing();
        let halted = if standing.halt.is_some() { "; HEALING HALTED" } else { "" };
        let (hosts, alerts) = (standing.hosts, standing.alerts.len());
        format!("{}, {}{halted}", counted(hosts, "host"), counted(alerts, "alert"))
    }

    /// The ways for one heal: nobody is asked anything.
    fn ways(&self) -> Ways {
        let Ways { reach, sudo, .. } = &self.watch.ways;
        Ways { reach: reach.clone(), asker: Asker::Nobody, sudo: sudo.clone() }
    }
}

/// The services that are asked for on a host: those that its rules name, and those of its variable `services`.
fn services(watch: &Watch, host: &Host) -> Vec<String> {
    use crate::fleet::Value;
    use crate::watchdog::Measure;
    let rules = watch.rules.rules.iter();
    let named = rules.filter(|rule| rule.watch == Measure::Service && rule.is_for(&host.name));
    let mut services: Vec<String> = named.flat_map(|rule| rule.of.clone()).collect();
    match host.vars.get("services") {
        Some(Value::List(list)) => services.extend(list.iter().filter_map(|value| match value {
            Value::Text(name) => Some(name.clone()),
            _ => None,
        })),
        Some(Value::Text(name)) => services.push(name.clone()),
        _ => {}
    }
    services.sort();
    services.dedup();
    services
}

/// The watchdog, with what the last one on this home remembered.
fn watchdog(watch: &Watch, files: &WatchFiles, clock: &Clock) -> Result<Watchdog, WatchError> {
    let (memory, lost) = match files.recall::<Memory>()? {
        Some(Ok(memory)) => (memory, None),
        Some(Err(why)) => (Memory::default(), Some(why)),
        None => (Memory::default(), None),
    };
    let all = watch.inventory.hosts.iter();
    let members = all.map(|host| contact::member(host, &watch.hosts)).collect();
    let mut watchdog = Watchdog::new(watch.rules.clone(), members, watch.span, memory);
    if let Some(why) = lost {
        watchdog.halt(clock.now(), &format!("what was known before is lost ({why})"));
    }
    Ok(watchdog)
}

fn sampling(watch: &Watch) -> Sampling {
    let persistence = match watch.span {
        Span::Once => Persistence::Once,
        Span::ForEver => Persistence::Service,
    };
    let (hosts, reach) = (watch.hosts.clone(), watch.ways.reach.clone());
    Sampling::begin(hosts, reach, Pace::seconds(PACE), persistence)
}
