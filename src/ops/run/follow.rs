//! Following one run on one host: programs are started, listened to, and found again when the link breaks.
//! Knows no plan: a run that begins, one that is resumed and one that is undone are followed alike.

mod ending;
mod sending;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::fleet::{
    Event, Facts, Failure, Host, HostEvent, HostName, HostOutcome, Recap, RunHead, Verdict,
};
use crate::ops::survey::{Crew, gather};
use crate::playbook::frame::{Framed, Obstacle, RunnerEvent};
use crate::playbook::plan::RootBy;
use crate::playbook::{Aside, Program, Start, attach};
use crate::reach::{Link, backoff};

use super::exchange::{Exchange, Heard};
use super::plan::login;
use super::stopped::{Stop, outcome_of, refused};
use super::sudo::Passwords;
use super::told::{Teller, Told};

/// How long a host may be out of reach before we leave it to `shelter resume`.
const OUT_OF_TOUCH: Duration = Duration::from_secs(15 * 60);

/// How often a host is dialled before a run gives it up.
const DIALS: u32 = 3;
/// A dial that took longer than this has waited long enough.
const SOON: Duration = Duration::from_secs(5);

/// Follows one run on one host.
pub(super) struct Follower<'a> {
    pub head: &'a RunHead,
    pub host: &'a Host,
    pub crew: &'a Crew,
    pub passwords: &'a Passwords,
    /// Whether the run goes on by itself, so that ending it takes a program of its own.
    pub detached: AtomicBool,
    /// How root is reached, where a program needs it.
    root: Mutex<Option<RootBy>>,
    /// The steps that have ended, for a run that does not tell its sum.
    counted: Mutex<Recap>,
}

/// A program and everything needed to follow it.
pub(super) struct Ready {
    pub program: Program,
    pub start: Start,
    pub teller: Teller,
}

impl<'a> Follower<'a> {
    pub fn new(
        head: &'a RunHead,
        host: &'a Host,
        crew: &'a Crew,
        passwords: &'a Passwords,
    ) -> Self {
        let (detached, root) = (AtomicBool::new(false), Mutex::new(None));
        let counted = Mutex::default();
        Self { head, host, crew, passwords, detached, root, counted }
    }

    /// The steps that have ended so far.
    pub fn counted(&self) -> Recap {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more step has ended.
    pub fn count(&self, verdict: Verdict) {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).count(verdict);
    }

    /// How root is reached, where a program needs it.
    pub fn root(&self) -> Option<RootBy> {
        *self.root.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on root is reached so.
    pub fn reach_root(&self, by: Option<RootBy>) {
        *self.root.lock().unwrap_or_else(PoisonError::into_inner) = by;
    }

    /// The facts of the host, asked for now.
    pub async fn survey(&self, link: &Link) -> Result<Facts, Failure> {
        let facts = gather(link, &self.crew.clock).await?;
        let (host, kept) = (self.host.name.clone(), Box::new(facts.clone()));
        self.crew.hub.tell(Event::Gathered { host, facts: kept }).await;
        Ok(facts)
    }

    /// Root is not reached there as the facts say: they are asked for anew. `true`: it is reached in another way.
    async fn found_root(&self, link: &Link) -> bool {
        let Ok(facts) = self.survey(link).await else { return false };
        let by = Some(login(self.host, &facts).root);
        let is_another = by != self.root() && by != Some(RootBy::Nothing);
        if is_another {
            self.reach_root(by);
        }
        is_another
    }

    /// The way to the host. What the network did is tried again, unless it has cost much time already.
    pub async fn link(&self) -> Result<Link, HostOutcome> {
        let since = tokio::time::Instant::now();
        let mut attempt = 1;
        loop {
            match self.crew.reach.link(self.host).await {
                Ok(link) => return Ok(link),
                Err(error) if error.is_transient() && attempt < DIALS && since.elapsed() < SOON => {
                    tracing::info!(host = %self.host.name, %error, attempt, "dialled again");
                    tokio::time::sleep(backoff(attempt, rand::random())).await;
                    attempt += 1;
                }
                Err(error) => return Err(HostOutcome::Unreachable(error.failure())),
            }
        }
    }

    /// Waits until the records know of the run: nothing is sent before, so that nothing is done that nobody can find again.
    pub async fn recorded(&self) -> Result<(), HostOutcome> {
        if self.crew.hub.settled().await { Ok(()) } else { Err(HostOutcome::Lost) }
    }

    /// Passes something on to the hub.
    pub async fn tell(&self, what: HostEvent) {
        let (run, host) = (self.head.run.clone(), self.host.name.clone());
        self.crew.hub.tell(Event::OnHost { run, host, what }).await;
    }

    async fn listen(&self, link: &Link, ready: &mut Ready) -> (Option<Stop>, Heard) {
        let mut stop = None;
        let Ready { program, start, teller } = ready;
        let (host, passwords, waiting) = (&self.host.name, self.passwords, &self.crew.waiting);
        let stays = self.crew.more_to_come;
        loop {
            let exchange = Exchange { host, start, program, passwords, waiting, stays };
            let mut conversation = match exchange.begin(link).await {
                Ok(conversation) => conversation,
                Err(failure) => return (stop, Heard::NotStarted(failure)),
            };
            while let Some(events) = conversation.next().await {
                for framed in events {
                    self.pass_on(framed, teller, &mut stop).await;
                }
            }
            match conversation.end().await {
                Heard::Overslept => {}
                Heard::Unrooted(failure) => {
                    if !self.found_root(link).await {
                        return (stop, Heard::NotStarted(failure));
                    }
                    *start = start.clone().by(self.root());
                }
                heard => return (stop, heard),
            }
        }
    }

    async fn pass_on(&self, framed: Framed, teller: &mut Teller, stop: &mut Option<Stop>) {
        if framed.seq != 0 && framed.seq <= teller.seq {
            return;
        }
        teller.seq = teller.seq.max(framed.seq);
        match framed.event {
            RunnerEvent::Stale(_) => *stop = Some(Stop::Stale),
            RunnerEvent::Refused(obstacle) => {
                *stop = Some(match teller.full() {
                    Some(full) => Stop::NoRoom(full),
                    None => Stop::Refused(obstacle),
                });
            }
            RunnerEvent::Locked(holder) => *stop = Some(Stop::Locked(holder)),
            RunnerEvent::Lost => {
                *stop = Some(Stop::Lost);
                self.tell(teller.lost()).await;
            }
            RunnerEvent::Gone => *stop = Some(Stop::Gone),
            event => match teller.tell(event) {
                Some(Told::Event(what)) => {
                    match &what {
                        HostEvent::Detached { .. } => self.detached.store(true, Ordering::Relaxed),
                        HostEvent::StepEnded(end) => self.count(end.verdict),
                        HostEvent::Ended { outcome, .. } => {
                            *stop = Some(Stop::Over(outcome.clone()));
                        }
                        _ => {}
                    }
                    self.tell(what).await;
                }
                Some(Told::Output(output)) => self.crew.hub.show(output),
                None => {}
            },
        }
    }

    /// The link broke: tries to reach the host again, and reads on where the link broke.
    async fn find_again(
        &self,
        ready: &mut Ready,
        mut failure: Failure,
    ) -> Result<Stop, HostOutcome> {
        let since = tokio::time::Instant::now();
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.tell(HostEvent::LostTouch { failure }).await;
            tokio::time::sleep(backoff(attempt, rand::random())).await;
            let link = match self.crew.reach.link(self.host).await {
                Ok(link) => link,
                Err(error) if since.elapsed() < OUT_OF_TOUCH => {
                    failure = error.failure();
                    continue;
                }
                Err(error) => return Err(HostOutcome::Unreachable(error.failure())),
            };
            self.read_on(ready)?;
            match self.listen(&link, ready).await {
                (Some(stop), _) => return Ok(stop),
                (None, Heard::LinkBroke(broken) | Heard::NotStarted(broken)) => failure = broken,
                (None, Heard::Unrooted(broken)) => failure = broken,
                (None, Heard::All | Heard::Overslept) => return Err(HostOutcome::Lost),
            }
        }
    }

    /// From now on the program is one that reads the run from where we stand.
    pub fn read_on(&self, ready: &mut Ready) -> Result<(), HostOutcome> {
        ready.teller.read_again();
        let program = attach(&self.aside(), ready.teller.seq);
        ready.program = program.map_err(|error| refused(&error.to_string(), None))?;
        let start = Start::new(self.root(), &nonce(), None);
        ready.start = start.map_err(|error| refused(&error.to_string(), None))?;
        Ok(())
    }

    /// How it ended where a program stopped before its end.
    pub fn outcome_of(&self, stop: Stop) -> HostOutcome {
        let ours = match &stop {
            Stop::Locked(holder) => holder.run == self.head.run.as_str(),
            Stop::Refused(Obstacle::Exists) => true,
            _ => false,
        };
        match self.twin().filter(|_| ours) {
            Some(twin) => refused(
                &format!("it is the same machine as {twin}, where this run is at work"),
                Some("keep one of the two in the inventory, or name one with `-l`"),
            ),
            None => outcome_of(stop),
        }
    }

    /// Another host of the run that is the same machine, by what is known of both.
    fn twin(&self) -> Option<&HostName> {
        let machine = |host| {
            let facts = self.crew.known(host)?;
            Some((facts.key.boot_id?, facts.hostname?))
        };
        let own = machine(&self.host.name)?;
        let other = |name: &&HostName| **name != self.host.name;
        self.head.hosts.iter().filter(other).find(|name| machine(name).as_ref() == Some(&own))
    }

    /// Whose run it is, for programs beside it.
    pub fn aside(&self) -> Aside {
        let as_root = self.root().is_some();
        Aside { run: self.head.run.to_string(), as_root, console: self.head.actor.clone() }
    }
}

/// A word that nobody can guess.
pub(super) fn nonce() -> String {
    format!("{:032x}", rand::random::<u128>())
}
