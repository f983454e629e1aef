//! One host's part in a run: reach it, know it, compile for it, listen, and find it again when the link breaks.

use std::time::Duration;

use crate::fleet::{
    Event, Facts, Failure, FailureKind, Host, HostEvent, HostOutcome, Recap, RunHead, StepHead,
};
use crate::ops::survey::{Crew, gather};
use crate::playbook::frame::{Framed, Holder, Obstacle, RunnerEvent};
use crate::playbook::plan::{HostPlan, Origin, PlannedStep, RootBy};
use crate::playbook::{Aside, Program, Start, attach, compile};
use crate::reach::Link;
use crate::text::{Style, inert_line};

use super::exchange::{Exchange, Heard};
use super::sudo::Passwords;
use super::told::{Teller, Told};
use super::{Order, plan};

/// Facts may change while they are used; a host on which they always do is not for us.
const TRIES: usize = 3;
/// How long a host may be out of reach before we leave it to `shelter resume`.
const OUT_OF_TOUCH: Duration = Duration::from_secs(15 * 60);

/// Carries out a run on one host, and tells the hub how it ended, whatever happens. `true`: well.
pub(super) async fn carry_out(
    order: &Order,
    host: &Host,
    crew: &Crew,
    passwords: &Passwords,
) -> bool {
    let part = Part { order, host, crew, passwords };
    let ended = part.run().await;
    if let Err(outcome) = &ended {
        let mut recap = Recap::default();
        match outcome {
            HostOutcome::Unreachable(_) => recap.unreachable = 1,
            _ => recap.failed = 1,
        }
        part.tell(HostEvent::Ended { outcome: outcome.clone(), recap }).await;
    }
    ended == Ok(HostOutcome::Well)
}

struct Part<'a> {
    order: &'a Order,
    host: &'a Host,
    crew: &'a Crew,
    passwords: &'a Passwords,
}

/// A program and everything needed to follow it.
struct Ready {
    program: Program,
    start: Start,
    root: Option<RootBy>,
    teller: Teller,
}

/// Where a program stopped.
enum Stop {
    Over(HostOutcome),
    Stale,
    Exists,
    Locked(Holder),
    Refused(Obstacle),
    Lost,
    Gone,
}

impl Part<'_> {
    /// How it ended; `Err` where the program could not say so itself.
    async fn run(&self) -> Result<HostOutcome, HostOutcome> {
        let mut link = self.link().await?;
        let mut facts = self.facts(&link, true).await?;
        for _ in 0..TRIES {
            let mut ready = self.prepare(&facts).await?;
            match self.exchange(&link, &mut ready).await? {
                Stop::Over(outcome) => return Ok(outcome),
                Stop::Stale => {
                    link = self.link().await?;
                    facts = self.facts(&link, false).await?;
                }
                stop => return Err(outcome_of(stop)),
            }
        }
        Err(refused("its facts change faster than they can be read", None))
    }

    async fn link(&self) -> Result<Link, HostOutcome> {
        let link = self.crew.reach.link(self.host).await;
        link.map_err(|error| HostOutcome::Unreachable(error.failure()))
    }

    /// The facts as last gathered, where they may still hold; the program finds out whether they do.
    async fn facts(&self, link: &Link, cached: bool) -> Result<Facts, HostOutcome> {
        if cached && let Some(known) = self.crew.known(&self.host.name) {
            return Ok(known);
        }
        let facts = gather(link, &self.crew.clock).await.map_err(HostOutcome::Unreachable)?;
        let (host, kept) = (self.host.name.clone(), Box::new(facts.clone()));
        self.crew.hub.tell(Event::Gathered { host, facts: kept }).await;
        Ok(facts)
    }

    /// Plans and compiles for this host.
    async fn prepare(&self, facts: &Facts) -> Result<Ready, HostOutcome> {
        let planned = plan::plan(self.order, self.host, facts);
        let planned = planned.map_err(|reports| {
            let text = reports.render(Style::Plain);
            refused(text.trim_end(), None)
        })?;
        let plan = &planned.plan;
        let heads = heads(plan);
        self.tell(HostEvent::Began { steps: heads.clone() }).await;
        let program = compile(plan).map_err(|error| refused(&error.to_string(), None))?;
        let root = program.as_root.then_some(plan.login.root);
        let start = self.start(root, plan)?;
        let (run, name) = (self.order.head.run.clone(), self.host.name.clone());
        let teller = Teller::new(run, name, heads, planned.reasons);
        Ok(Ready { program, start, root, teller })
    }

    fn start(&self, root: Option<RootBy>, plan: &HostPlan) -> Result<Start, HostOutcome> {
        let nonce = format!("{:032x}", rand::random::<u128>());
        let start = Start::new(root, &nonce, plan.key_fn.as_ref());
        start.map_err(|error| refused(&error.to_string(), None))
    }

    /// Runs the program and follows it to its end, over as many links as it takes.
    async fn exchange(&self, link: &Link, ready: &mut Ready) -> Result<Stop, HostOutcome> {
        let mut stop = None;
        let heard = self.listen(link, ready, &mut stop).await;
        if let Some(stop) = stop {
            return Ok(stop);
        }
        let failure = match heard {
            Heard::NotStarted(failure) if failure.kind == FailureKind::Network => {
                return Err(HostOutcome::Unreachable(failure));
            }
            Heard::NotStarted(failure) => return Err(HostOutcome::Refused(failure)),
            Heard::All => return Err(HostOutcome::Lost),
            Heard::LinkBroke(failure) => failure,
        };
        self.find_again(ready, failure).await
    }

    async fn listen(&self, link: &Link, ready: &mut Ready, stop: &mut Option<Stop>) -> Heard {
        let Ready { program, start, teller, .. } = ready;
        let (host, passwords) = (&self.host.name, self.passwords);
        let exchange = Exchange { host, start, program, passwords };
        let mut conversation = match exchange.begin(link).await {
            Ok(conversation) => conversation,
            Err(failure) => return Heard::NotStarted(failure),
        };
        while let Some(events) = conversation.next().await {
            for framed in events {
                self.pass_on(framed, teller, stop).await;
            }
        }
        conversation.end().await
    }

    async fn pass_on(&self, framed: Framed, teller: &mut Teller, stop: &mut Option<Stop>) {
        if framed.seq != 0 && framed.seq <= teller.seq {
            return;
        }
        teller.seq = teller.seq.max(framed.seq);
        match framed.event {
            RunnerEvent::Stale(_) => *stop = Some(Stop::Stale),
            RunnerEvent::Refused(Obstacle::Exists) => *stop = Some(Stop::Exists),
            RunnerEvent::Refused(obstacle) => *stop = Some(Stop::Refused(obstacle)),
            RunnerEvent::Locked(holder) => *stop = Some(Stop::Locked(holder)),
            RunnerEvent::Lost => *stop = Some(Stop::Lost),
            RunnerEvent::Gone => *stop = Some(Stop::Gone),
            event => match teller.tell(event) {
                Some(Told::Event(what)) => {
                    if let HostEvent::Ended { outcome, .. } = &what {
                        *stop = Some(Stop::Over(outcome.clone()));
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
        for attempt in 0.. {
            self.tell(HostEvent::LostTouch { failure: failure.clone() }).await;
            tokio::time::sleep(crate::reach::backoff(attempt, rand::random())).await;
            let link = match self.crew.reach.link(self.host).await {
                Ok(link) => link,
                Err(error) if since.elapsed() < OUT_OF_TOUCH => {
                    failure = error.failure();
                    continue;
                }
                Err(error) => return Err(HostOutcome::Unreachable(error.failure())),
            };
            let mut stop = None;
            self.read_on(ready)?;
            let heard = self.listen(&link, ready, &mut stop).await;
            if let Some(stop) = stop {
                return Ok(stop);
            }
            match heard {
                Heard::LinkBroke(broken) | Heard::NotStarted(broken) => failure = broken,
                Heard::All => return Err(HostOutcome::Lost),
            }
        }
        Err(HostOutcome::Lost)
    }

    /// From now on the program is one that reads the run again.
    fn read_on(&self, ready: &mut Ready) -> Result<(), HostOutcome> {
        let head = &self.order.head;
        let (run, console) = (head.run.to_string(), head.actor.clone());
        let of = Aside { run, as_root: ready.root.is_some(), console };
        let unfit = |error: String| refused(&error, None);
        ready.program = attach(&of, ready.teller.seq).map_err(|e| unfit(e.to_string()))?;
        let nonce = format!("{:032x}", rand::random::<u128>());
        ready.start = Start::new(ready.root, &nonce, None).map_err(|e| unfit(e.to_string()))?;
        Ok(())
    }

    async fn tell(&self, what: HostEvent) {
        let RunHead { run, .. } = &self.order.head;
        let (run, host) = (run.clone(), self.host.name.clone());
        self.crew.hub.tell(Event::OnHost { run, host, what }).await;
    }
}

/// The steps and, behind them, the handlers, as people know them.
fn heads(plan: &HostPlan) -> Vec<StepHead> {
    let head = |(index, step): (usize, &PlannedStep)| StepHead {
        number: u32::try_from(index + 1).unwrap_or(u32::MAX),
        name: inert_line(&step.name),
        place: place(&step.origin),
    };
    plan.steps.iter().chain(&plan.handlers).enumerate().map(head).collect()
}

fn place(origin: &Origin) -> String {
    let Origin { file, line, column } = origin;
    format!("{}:{line}:{column}", file.display())
}

fn outcome_of(stop: Stop) -> HostOutcome {
    match stop {
        Stop::Locked(holder) => refused(
            &format!("another run holds this host: {}", told_holder(&holder)),
            Some("wait for it to end, or watch it there"),
        ),
        Stop::Exists | Stop::Refused(Obstacle::Exists) => {
            refused("this run was started there before", Some("`shelter resume`"))
        }
        Stop::Refused(Obstacle::Truncated) => refused("the program did not arrive whole", None),
        Stop::Refused(Obstacle::Directory | Obstacle::Write) => refused(
            "the runner's files cannot be written",
            Some("look for space and rights below `~/.mountain_shelter/runtime` there"),
        ),
        Stop::Refused(Obstacle::Lock) => refused(
            "its lock cannot be written",
            Some("make `/run/lock` or `/tmp` writable for all there, with mode 1777"),
        ),
        Stop::Refused(Obstacle::Nothing) => refused("there is nothing to take back", None),
        Stop::Stale | Stop::Refused(Obstacle::Boot | Obstacle::Facts) => {
            refused("its facts have changed", Some("run it again"))
        }
        Stop::Lost | Stop::Gone => HostOutcome::Lost,
        Stop::Over(outcome) => outcome,
    }
}

/// Who holds a host: another user's words, made harmless.
fn told_holder(holder: &Holder) -> String {
    let pid = holder.pid.map_or_else(|| "n/a".to_owned(), |pid| pid.to_string());
    format!("run {} of {} (pid {pid})", inert_line(&holder.run), inert_line(&holder.console))
}

fn refused(text: &str, hint: Option<&str>) -> HostOutcome {
    let hint = hint.map(str::to_owned);
    HostOutcome::Refused(Failure { kind: FailureKind::Shell, text: text.to_owned(), hint })
}
