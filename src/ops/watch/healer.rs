//! One heal: an ordinary run of a playbook, with its log, its status and its undo. Judges nothing but how it ended.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use tokio::sync::mpsc;

use crate::fleet::{
    AlertId, Event, Host, HostEvent, HostOutcome, Purpose, RunHead, RunId, Secrets, Stamped, Value,
    Vars, Verdict,
};
use crate::ops::run::{Job, Order};
use crate::ops::{Station, Ways};
use crate::playbook::resource::ReadOnce;
use crate::playbook::{Choice, Files, Playbook};
use crate::records::Home;
use crate::watchdog::{HealEnd, HealOrder};

use super::Watch;

/// A playbook that heals, free of static errors.
#[derive(Clone)]
pub struct Healer {
    /// The playbook.
    pub playbook: Playbook,
    /// The files it may send.
    pub files: Arc<dyn Files + Send + Sync>,
}

/// The names of the variables that a healer is given.
pub const GIVEN: [&str; 2] = ["rule", "subject"];

/// One heal, ready to run.
pub(super) struct Heal {
    order: Order,
    alert: AlertId,
    host: Host,
}

impl Heal {
    /// `None`: there is no such host or playbook here, which static checks rule out.
    pub fn of(watch: &Watch, wanted: HealOrder) -> Option<Self> {
        let host = watch.hosts.iter().find(|host| host.name == wanted.host)?.clone();
        let Healer { playbook, files } = watch.healers.get(&wanted.playbook)?.clone();
        let files = Arc::new(ReadOnce::new(files));
        let text = |text: Option<&String>| Value::Text(text.cloned().unwrap_or_default());
        let alert = wanted.alert;
        let given = [text(Some(&alert.rule)), text(alert.subject.as_ref())];
        let extra: Vars = GIVEN.iter().map(|name| (*name).to_owned()).zip(given).collect();
        let head = RunHead {
            run: RunId::new(rand::random()),
            playbook: playbook.id.value.clone(),
            hosts: vec![host.name.clone()],
            purpose: Purpose::Apply,
            provides: playbook.provides.iter().map(|flag| flag.value.clone()).collect(),
            actor: watch.actor.clone(),
        };
        let (hosts, needs) = (vec![host.clone()], Vec::new());
        let (fleet, choice, diff) = (watch.inventory.clone(), Choice::default(), false);
        let lore = None;
        // Nobody is there to give any: a playbook that needs one is refused.
        let secrets = Secrets::new();
        let order = Order {
            head,
            playbook,
            hosts,
            needs,
            fleet,
            extra,
            lore,
            choice,
            secrets,
            files,
            diff,
        };
        Some(Self { order, alert, host })
    }

    /// The run's name.
    pub fn run_id(&self) -> RunId {
        self.order.head.run.clone()
    }

    /// Runs it to its end. A fault of ours on the way is an end too: else its host would wait for it for ever.
    pub async fn run(
        self,
        ways: Ways,
        home: Home,
        begun: mpsc::Sender<(AlertId, RunId)>,
    ) -> (AlertId, HealEnd) {
        let (alert, run) = (self.alert.clone(), self.run_id());
        // Nobody hears it once the watchdog has ended.
        let _ = begun.send((alert.clone(), run)).await;
        (alert, to_its_end(self.work(ways, home)).await)
    }

    async fn work(self, ways: Ways, home: Home) -> HealEnd {
        let inventory = self.order.fleet.clone();
        let host = self.host.name.clone();
        let mut work =
            Station::open(inventory, ways, &home, 1).run(vec![Job::Order(Box::new(self.order))]);
        let mut last = Last::default();
        while let Some(stamped) = work.next_event().await {
            last.take(&stamped);
        }
        let end = match work.close().await {
            Ok(()) => last.end(),
            Err(error) => HealEnd::Unclear(format!("it was not recorded: {error}")),
        };
        tracing::info!(%host, ?end, "a heal has ended");
        end
    }
}

async fn to_its_end(work: impl Future<Output = HealEnd>) -> HealEnd {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("this program stumbled over a heal");
        HealEnd::Unclear("this program stumbled over it; what had begun goes on there".to_owned())
    })
}

/// What was seen last.
#[derive(Default)]
struct Last {
    failed: Option<String>,
    outcome: Option<HostOutcome>,
}

impl Last {
    fn take(&mut self, stamped: &Stamped) {
        let Event::OnHost { what, .. } = &stamped.event else { return };
        match what {
            HostEvent::StepEnded(end) if end.verdict == Verdict::Failed => {
                let why = end.why.as_deref().unwrap_or("it failed");
                let last = end.output.lines().rfind(|line| !line.trim().is_empty());
                let said = last.map(|line| format!(": {line}")).unwrap_or_default();
                self.failed = Some(format!("{}: {why}{said}", end.step.name));
            }
            HostEvent::Ended { outcome, .. } => self.outcome = Some(outcome.clone()),
            _ => {}
        }
    }

    fn end(self) -> HealEnd {
        let failed = self.failed.unwrap_or_else(|| "a step failed".to_owned());
        match self.outcome {
            Some(HostOutcome::Well) => HealEnd::Well,
            Some(HostOutcome::Failed) => HealEnd::Failed(failed),
            Some(HostOutcome::RolledBack) => {
                HealEnd::Failed(format!("{failed}; what it had changed was taken back"))
            }
            Some(
                HostOutcome::Unreachable(why)
                | HostOutcome::Refused(why)
                | HostOutcome::LeftOut(why),
            ) => HealEnd::Unclear(why.text),
            Some(HostOutcome::Cancelled) => HealEnd::Unclear("it was cancelled".to_owned()),
            Some(HostOutcome::Lost) | None => {
                HealEnd::Unclear("nobody can tell how it ended".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_heal_that_this_program_stumbles_over_has_an_end_and_it_is_unclear() {
        let end = to_its_end(async { panic!("a fault of ours") }).await;
        assert!(matches!(&end, HealEnd::Unclear(why) if why.contains("stumbled")), "{end:?}");
        assert_eq!(to_its_end(async { HealEnd::Well }).await, HealEnd::Well);
    }
}
