//! Follows one host: connects, runs the sampler's program there, reads on until the link breaks, and
//! begins again. Puts what it learns on the board and nowhere else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::fleet::{
    Engine, Failure, FailureKind, GpuProcess, History, Host, HostName, Millis, Outage, Parting,
    Reachability, Sample, Timestamp, Via,
};
use crate::reach::{Chunk, Command, Link, Reach, ReachError, Running};
use crate::telemetry::facts::Token;
use crate::telemetry::sampler::{AskNvidia, Listeners, Pace, Stream, ThisMachine, program};

use super::engines::{Asking, Choice};
use super::{Board, Persistence, Watched};
use crate::ops::Clock;

/// The first wait before a broken link is made anew; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The wait before what needs a person is tried again.
const PERSONS_WAIT: Duration = Duration::from_secs(300);
/// What is remembered is remembered at this pace, however seldom looks come.
const FINEST: Pace = Pace::seconds(2);
/// How long it may take to see that a connection has ended over which nothing comes any more.
const FAREWELL: Duration = Duration::from_millis(500);
/// Points of a trend.
const POINTS: usize = 30;
/// What a host may take to tell all that it can at first. A driver that sleeps takes seconds.
const PATIENCE: Millis = Millis(8000);

/// What it takes to follow one host.
pub(super) struct Follower {
    pub host: Host,
    pub reach: Reach,
    pub clock: Clock,
    pub pace: watch::Receiver<Pace>,
    pub persistence: Persistence,
    pub post: Post,
}

/// One host's place on the board.
#[derive(Clone)]
pub(super) struct Post {
    pub host: HostName,
    pub board: Arc<watch::Sender<Board>>,
}

/// What outlives a broken link.
struct Kept {
    history: History,
    /// Where the host is this machine.
    here: Option<ThisMachine>,
    pace: Pace,
}

/// One run of the program there.
struct Hearing {
    running: Running,
    token: Token,
    listeners: watch::Sender<Option<Listeners>>,
}

/// What one look came to.
struct Glimpse {
    sample: Option<Sample>,
    heard: Option<Timestamp>,
    /// Whether all that can be known at first is known.
    settled: bool,
    /// Whether nothing is waited for any longer.
    late: bool,
}

/// Why following came to an end.
struct Ended {
    failure: Failure,
    outage: Outage,
    /// Whether another try may go better by itself.
    transient: bool,
    /// Whether the host had told something before.
    heard: bool,
}

impl Follower {
    /// Follows until nobody looks any more, or there is no point in trying again.
    pub async fn follow(self) {
        let mut wait = FIRST_WAIT;
        let pace = *self.pace.borrow();
        let here = (self.host.via == Via::Local).then(|| ThisMachine::begin(pace));
        let mut history = History::new(pace.min(FINEST).millis());
        history.turn_to(pace.millis());
        let mut kept = Kept { history, here, pace };
        loop {
            self.post.update(|watched| watched.contact = Reachability::Connecting);
            let ended = self.attempt(&mut kept).await;
            self.post.down(ended.failure, ended.outage);
            wait = match self.persistence {
                Persistence::Once => return,
                Persistence::ForEver if !ended.transient => return,
                Persistence::Service if !ended.transient => PERSONS_WAIT,
                _ if ended.heard => FIRST_WAIT,
                _ => (wait * 2).min(LONGEST_WAIT),
            };
            // Hosts that went down together do not all come back at the same moment.
            sleep(wait.mul_f64(rand::random_range(0.5..1.0))).await;
        }
    }

    async fn attempt(&self, kept: &mut Kept) -> Ended {
        let begun = self.clock.now();
        let link = match self.reach.link(&self.host).await {
            Ok(link) => link,
            Err(error) => return ended(&error, false),
        };
        let took = Millis(self.clock.now().0 - begun.0);
        let (listeners, heard) = watch::channel(None);
        let asking = Asking {
            link: link.clone(),
            clock: self.clock.clone(),
            pace: self.pace.clone(),
            listeners: heard,
            choice: Choice::of(&self.host),
            post: self.post.clone(),
        };
        tokio::select! {
            ended = self.hear(&link, took, &listeners, kept) => {
                // Where the connection has ended, what ran over it may notice first.
                match timeout(FAREWELL, link.ended()).await {
                    Ok((parting, _)) => self.parted(parting, ended),
                    Err(_) => ended,
                }
            }
            (parting, why) = link.ended() => {
                let failure = network(format!("the connection broke: {why}"));
                let outage = Outage::Other;
                self.parted(parting, Ended { failure, outage, transient: true, heard: true })
            }
            never = asking.go_on() => match never {},
        }
    }

    /// Notes how the connection ended: one that fell silent looks so until it is tried anew.
    fn parted(&self, parting: Parting, ended: Ended) -> Ended {
        self.post.update(|watched| watched.parting = Some(parting));
        let outage = match (ended.outage, parting) {
            (Outage::Other, Parting::Silence) => Outage::Silent,
            (outage, _) => outage,
        };
        Ended { outage, ..ended }
    }

    /// Runs the program there, anew whenever the pace changes.
    async fn hear(
        &self,
        link: &Link,
        took: Millis,
        listeners: &watch::Sender<Option<Listeners>>,
        kept: &mut Kept,
    ) -> Ended {
        let mut paces = self.pace.clone();
        loop {
            kept.turn_to(*paces.borrow_and_update());
            let token = Token::new(rand::random());
            let running = match link.run(&Command::new("sh")).await {
                Ok(running) => running,
                Err(error) => return ended(&error, false),
            };
            self.post.update(|watched| {
                (watched.contact, watched.outage) = (Reachability::Up(took), None);
                watched.parting = None;
                watched.patience = Some(kept.pace.silence());
            });
            let hearing = Hearing { running, token, listeners: listeners.clone() };
            tokio::select! {
                ended = self.listen(hearing, kept) => return ended,
                Ok(()) = paces.changed() => {}
            }
        }
    }

    /// Reads on until the program there ends. Silence is told too: ages grow while nothing comes.
    async fn listen(&self, hearing: Hearing, kept: &mut Kept) -> Ended {
        let Hearing { mut running, token, listeners } = hearing;
        let begun = self.clock.now();
        let mut stream = Stream::new(&token, kept.pace);
        if let Some(stdin) = running.stdin() {
            stdin.write(program(&token, kept.pace, kept.who_asks())).await;
        }
        loop {
            let chunk = match timeout(kept.beat(), running.next()).await {
                Ok(None) => return over(&mut running, stream.heard().is_some()).await,
                Ok(Some(chunk)) => Some(chunk),
                Err(_) => None,
            };
            let now = self.clock.now();
            let news = match chunk {
                Some(Chunk::Stdout(bytes)) => stream.push(&bytes, now),
                Some(Chunk::Stderr(_)) => false,
                None => true,
            };
            let waited = now.0 - begun.0 > PATIENCE.0;
            if stream.is_foreign() {
                listeners.send_replace(Some(Choice::of(&self.host).unseen()));
                return self.alone(kept).await;
            }
            if waited && stream.heard().is_none() {
                return mute();
            }
            listeners.send_if_modified(|known| {
                let now = stream.listeners();
                now.is_some() && std::mem::replace(known, now.clone()) != now
            });
            if news || (waited && !self.post.is_settled()) {
                self.post.show(kept.look(&stream, now, waited), now, kept);
            }
        }
    }

    /// Without the program, where there is nothing for it to read. Only this machine can do that.
    async fn alone(&self, kept: &mut Kept) -> Ended {
        let begun = self.clock.now();
        while let Some(here) = &mut kept.here {
            let now = self.clock.now();
            if let Some(sample) = here.alone(now) {
                let settled = sample.cpu.busy.value.is_some() && sample.nvidia.is_settled();
                let late = now.0 - begun.0 > PATIENCE.0;
                let look = Glimpse { sample: Some(sample), heard: Some(now), settled, late };
                self.post.show(look, now, kept);
            }
            sleep(kept.beat()).await;
        }
        foreign()
    }
}

impl Kept {
    /// Goes on at another pace. This machine's own thread keeps its old one to its end.
    fn turn_to(&mut self, pace: Pace) {
        if self.pace != pace {
            self.pace = pace;
            self.here = self.here.take().map(|_| ThisMachine::begin(pace));
            self.history.turn_to(pace.millis());
        }
    }

    /// Longer than the pace, or every second beat would be told twice; not longer than what is owed at first.
    fn beat(&self) -> Duration {
        let beat = Duration::from_millis(self.pace.millis().0.unsigned_abs()).mul_f64(1.5);
        beat.min(Duration::from_secs(10))
    }

    fn who_asks(&self) -> AskNvidia {
        if self.here.is_some() { AskNvidia::Elsewhere } else { AskNvidia::ByTool }
    }

    fn look(&self, stream: &Stream, now: Timestamp, waited: bool) -> Glimpse {
        let sample = stream.sample(now).map(|sample| match &self.here {
            Some(here) => here.complete(sample, now, &stream.listeners().unwrap_or_default()),
            None => sample,
        });
        let told = sample.as_ref().is_some_and(|sample| sample.nvidia.is_settled());
        let settled = waited || (told && stream.is_whole(now));
        Glimpse { sample, heard: stream.heard(), settled, late: waited }
    }
}

impl Post {
    fn update(&self, change: impl FnOnce(&mut Watched)) {
        self.board.send_modify(|board| change(board.entry(self.host.clone()).or_default()));
    }

    fn is_settled(&self) -> bool {
        self.board.borrow().get(&self.host).is_some_and(Watched::is_settled)
    }

    fn show(&self, look: Glimpse, now: Timestamp, kept: &mut Kept) {
        let sample = look.sample.map(Arc::new);
        if let Some(sample) = &sample {
            kept.history.push(now, sample);
        }
        let trend = Arc::new(kept.history.trend(POINTS));
        self.update(|watched| {
            watched.heard = look.heard.or(watched.heard);
            (watched.sample, watched.trend) = (sample, trend);
            watched.history = Some(Arc::new(kept.history.clone()));
            watched.settled |= look.settled;
            // Engines that take longer than everything else are not waited for.
            watched.asked |= look.late;
            weigh(watched);
        });
    }

    /// What was found so far on the host's ports, each with whether it is known what listens there.
    pub(super) fn engines(
        &self,
        engines: Vec<Engine>,
        listening: BTreeMap<u16, bool>,
        settled: bool,
    ) {
        self.update(|watched| {
            watched.asked |= settled;
            watched.listening = Some(Arc::new(listening));
            if settled || !engines.is_empty() || watched.engines.is_some() {
                watched.engines = Some(Arc::new(engines));
            }
            weigh(watched);
        });
    }

    /// The host is down, and what it told before is not shown as if it still held.
    pub(super) fn down(&self, failure: Failure, outage: Outage) {
        self.update(|watched| {
            watched.contact = Reachability::Down(failure);
            watched.outage = Some(outage);
            (watched.sample, watched.engines, watched.listening) = (None, None, None);
            (watched.settled, watched.asked) = (true, true);
        });
    }
}

/// Brings together what engines have loaded and what the cards tell of their processes.
fn weigh(watched: &mut Watched) {
    let (Some(engines), Some(sample)) = (&mut watched.engines, &watched.sample) else { return };
    let weighed = |engine: &Engine| engine.loaded().any(|(_, held)| held.by_processes.is_some());
    let told = sample.gpus.iter().filter(|card| card.processes.is_fresh());
    let processes: Vec<&GpuProcess> =
        told.flat_map(|card| card.processes.value.iter().flatten()).collect();
    if !processes.is_empty() || engines.iter().any(weighed) {
        Arc::make_mut(engines).iter_mut().for_each(|engine| engine.weigh(&processes));
    }
}

fn ended(error: &ReachError, heard: bool) -> Ended {
    let (failure, transient) = (error.failure(), error.is_transient());
    Ended { failure, outage: error.outage(), transient, heard }
}

fn network(text: String) -> Failure {
    Failure { kind: FailureKind::Network, text, hint: None }
}

/// The program never ends by itself: somebody or something there has ended it, or the link broke.
async fn over(running: &mut Running, heard: bool) -> Ended {
    match running.exit().await {
        Ok(exit) => {
            let text = format!("the sampler there was ended: {exit}");
            let hint = Some("log in there by hand and see whether `sh` works".to_owned());
            let failure = Failure { kind: FailureKind::Shell, text, hint };
            Ended { failure, outage: Outage::Other, transient: true, heard }
        }
        Err(error) => ended(&error, heard),
    }
}

fn foreign() -> Ended {
    let text = "it has no `/proc`: of others than this machine only Linux is watched".to_owned();
    let hint = Some("`shelter hosts facts` knows other systems as well".to_owned());
    let failure = Failure { kind: FailureKind::Shell, text, hint };
    Ended { failure, outage: Outage::Barred, transient: false, heard: false }
}

fn mute() -> Ended {
    let text = "the host lets us in but tells nothing".to_owned();
    let hint = Some("log in there by hand and see whether `sh -c true` works".to_owned());
    let failure = Failure { kind: FailureKind::Shell, text, hint };
    Ended { failure, outage: Outage::Frozen, transient: true, heard: false }
}
