//! What the watchdog said, brought to where it belongs: the records, the healers, and then the hook.

use crate::fleet::Event;
use crate::watchdog::{HealEnd, Input, Told};

use super::healer::Heal;
use super::{WatchError, Watchman};

impl Watchman {
    /// Brings all of it. What was said is kept until it is delivered, so that a kill in between loses nothing.
    pub(super) async fn deliver(&mut self, told: Vec<Told>) -> Result<(), WatchError> {
        let mut any = false;
        for one in told {
            match one {
                Told::Heal(order) => self.heal(order).await,
                Told::Spent(wish) => self.files.unwish(wish)?,
                other => {
                    let Some(event) = event(other) else { continue };
                    any = true;
                    self.hub.tell(event).await;
                }
            }
        }
        if !any {
            return Ok(());
        }
        if !self.hub.settled().await {
            return Err(crate::ops::HubError::Stopped("it takes nothing more".to_owned()).into());
        }
        match self.caller {
            Some(_) => self.watchdog.recorded(),
            None => self.watchdog.delivered(),
        }
        self.remember()
    }

    /// Hears what the hook did, and hands it what there is. It is waited for by nobody: one that hangs delays no round.
    pub(super) async fn call(&mut self) -> Result<(), WatchError> {
        let Some(caller) = &mut self.caller else { return Ok(()) };
        let mut remarks = Vec::new();
        while let Some(heard) = caller.heard() {
            self.watchdog.called();
            remarks.extend(heard.remark);
        }
        if !caller.is_calling() {
            let events = self.watchdog.calls().iter().cloned().filter_map(event);
            caller.begin(events.collect());
        }
        for text in remarks {
            self.hub.tell(Event::Remarked { text }).await;
        }
        self.remember()
    }

    async fn heal(&mut self, order: crate::watchdog::HealOrder) {
        let Some(heal) = Heal::of(&self.watch, order.clone()) else {
            tracing::error!(?order, "there is no such healer");
            let end = HealEnd::Unclear("there is no such healer".to_owned());
            return self.watchdog.step(Input::HealEnded(&order.alert, end));
        };
        let (alert, run) = (order.alert.clone(), heal.run_id());
        let stage = crate::fleet::HealStage::Began;
        self.hub.tell(Event::Healing { alert, run, playbook: order.playbook, stage }).await;
        self.heals.spawn(heal.run(self.ways(), self.watch.home.clone(), self.begin.clone()));
    }
}

/// The event it is.
fn event(told: Told) -> Option<Event> {
    Some(match told {
        Told::Alert { notice, alert, .. } => Event::Alerted { notice, alert },
        Told::Healed { alert, run: Some(run), playbook, stage } => {
            Event::Healing { alert, run, playbook, stage }
        }
        Told::Healed { alert, run: None, stage, .. } => {
            Event::Remarked { text: format!("healing {alert}: {stage}") }
        }
        Told::Halted(halt) => Event::Halted(halt),
        Told::Resumed { by } => Event::Resumed { by },
        Told::Remark(text) => Event::Remarked { text },
        Told::Heal(_) | Told::Spent(_) => return None,
    })
}
