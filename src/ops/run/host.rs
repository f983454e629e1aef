//! One host's part in a run: reach it, know it, compile for it, and follow the program to its end.

use crate::fleet::{Facts, Host, HostEvent, HostOutcome, StepHead};
use crate::ops::survey::Crew;
use crate::playbook::plan::{HostPlan, Origin, PlannedStep};
use crate::playbook::{CompileError, Start, compile};
use crate::reach::Link;
use crate::text::{Style, inert_line};

use super::follow::{Follower, Ready, nonce};
use super::stopped::{Stop, refused};
use super::sudo::Passwords;
use super::told::Teller;
use super::{Order, plan};

/// Facts may change while they are used; a host on which they always do is not for us.
const TRIES: usize = 3;

/// Carries out a run on one host, and tells the hub how it ended, whatever happens. `true`: well.
pub(super) async fn carry_out(
    order: &Order,
    host: &Host,
    crew: &Crew,
    passwords: &Passwords,
) -> bool {
    let follower = Follower::new(&order.head, host, crew, passwords);
    let part = Part { order, follower: &follower };
    let ended = tokio::select! {
        ended = part.run() => ended,
        () = follower.cancelled(&crew.stopper) => Err(HostOutcome::Cancelled),
    };
    close(&follower, ended).await
}

/// Tells how it ended, where the program could not say so itself. `true`: well.
pub(super) async fn close(
    follower: &Follower<'_>,
    ended: Result<HostOutcome, HostOutcome>,
) -> bool {
    if let Err(outcome) = &ended {
        let mut recap = follower.counted();
        match outcome {
            HostOutcome::Unreachable(_) => recap.unreachable = 1,
            // No step did: what it came to stands in the outcome.
            HostOutcome::Cancelled | HostOutcome::Refused(_) | HostOutcome::Lost => {}
            _ => recap.failed = recap.failed.max(1),
        }
        follower.tell(HostEvent::Ended { outcome: outcome.clone(), recap }).await;
    }
    ended == Ok(HostOutcome::Well)
}

struct Part<'a> {
    order: &'a Order,
    follower: &'a Follower<'a>,
}

impl Part<'_> {
    /// How it ended; `Err` where the program could not say so itself.
    async fn run(&self) -> Result<HostOutcome, HostOutcome> {
        let mut link = self.follower.link().await?;
        let known = self.follower.crew.known(&self.follower.host.name);
        let mut are_old = known.is_some();
        let mut facts = match known {
            Some(known) => known,
            None => self.survey(&link).await?,
        };
        for _ in 0..TRIES {
            let ready = self.prepare(&facts).await;
            if are_old && matches!(ready, Err(HostOutcome::Refused(_))) {
                // What cannot be there by old facts may be possible by new ones.
                (facts, are_old) = (self.survey(&link).await?, false);
                continue;
            }
            let mut ready = ready?;
            match self.follower.follow(&link, &mut ready).await? {
                Stop::Over(outcome) => return Ok(outcome),
                Stop::Stale => {
                    link = self.follower.link().await?;
                    (facts, are_old) = (self.survey(&link).await?, false);
                }
                stop => return Err(self.follower.outcome_of(stop)),
            }
        }
        Err(refused("its facts change faster than they can be read", None))
    }

    async fn survey(&self, link: &Link) -> Result<Facts, HostOutcome> {
        self.follower.survey(link).await.map_err(HostOutcome::Unreachable)
    }

    /// Plans and compiles for this host.
    async fn prepare(&self, facts: &Facts) -> Result<Ready, HostOutcome> {
        let host = self.follower.host;
        let planned = plan::plan(self.order, host, facts);
        let planned = planned.map_err(|reports| {
            let text = reports.render(Style::Plain);
            refused(text.trim_end(), None)
        })?;
        let plan = &planned.plan;
        let program = compile(plan).map_err(|error| {
            let way =
                matches!(error, CompileError::NoRoot(_)).then(|| plan::way_to_root(host, facts));
            refused(&error.to_string(), way.as_deref())
        })?;
        let root = program.as_root.then_some(plan.login.root);
        let heads = heads(plan);
        let began = HostEvent::Began { steps: heads.clone(), as_root: program.as_root };
        self.follower.tell(began).await;
        self.follower.recorded().await?;
        self.follower.reach_root(root);
        let start = Start::new(root, &nonce(), plan.key_fn.as_ref());
        let start = start.map_err(|error| refused(&error.to_string(), None))?;
        let (run, name) = (self.order.head.run.clone(), host.name.clone());
        Ok(Ready { program, start, teller: Teller::new(run, name, heads, planned.reasons) })
    }
}

/// The steps and, behind them, the handlers, as people know them.
fn heads(plan: &HostPlan) -> Vec<StepHead> {
    let head = |(index, step): (usize, &PlannedStep)| StepHead {
        number: u32::try_from(index + 1).unwrap_or(u32::MAX),
        name: inert_line(&step.name),
        place: place(&step.origin),
        touches: step.items.iter().flat_map(|item| item.legs.touches.clone()).collect(),
    };
    plan.steps.iter().chain(&plan.handlers).enumerate().map(head).collect()
}

fn place(origin: &Origin) -> String {
    let Origin { file, line, column } = origin;
    format!("{}:{line}:{column}", file.display())
}
