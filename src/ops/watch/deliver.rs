//! What the watchdog said, brought to where it belongs: first the records, then the hook, then the healers.

use crate::fleet::Event;
use crate::watchdog::Told;

use super::healer::Heal;
use super::{WatchError, Watchman, hook};

impl Watchman {
    /// Brings all of it. What was said is kept until it is delivered, so that a kill in between loses nothing.
    pub(super) async fn deliver(&mut self, told: Vec<Told>) -> Result<(), WatchError> {
        let (mut loud, mut any) = (Vec::new(), false);
        for one in told {
            match one {
                Told::Heal(order) => self.heal(order).await,
                Told::Spent(wish) => self.files.unwish(wish)?,
                other => {
                    let (event, is_loud) = event(other);
                    if let Some(event) = event {
                        any = true;
                        self.hub.tell(event.clone()).await;
                        if is_loud {
                            loud.push(event);
                        }
                    }
                }
            }
        }
        if !any {
            return Ok(());
        }
        if !self.hub.settled().await {
            return Err(crate::ops::HubError::Stopped("it takes nothing more".to_owned()).into());
        }
        if let Some(hook) = &self.watch.hook {
            for event in &loud {
                hook::tell(hook, event).await;
            }
        }
        self.watchdog.delivered();
        self.remember()
    }

    async fn heal(&mut self, order: crate::watchdog::HealOrder) {
        let Some(heal) = Heal::of(&self.watch, order.clone()) else {
            tracing::error!(?order, "there is no such healer");
            return;
        };
        let (alert, run) = (order.alert.clone(), heal.run_id());
        let stage = crate::fleet::HealStage::Began;
        self.hub.tell(Event::Healing { alert, run, playbook: order.playbook, stage }).await;
        self.heals.spawn(heal.run(self.ways(), self.watch.home.clone(), self.begin.clone()));
    }
}

/// The event it is, and whether a person is to be disturbed with it.
fn event(told: Told) -> (Option<Event>, bool) {
    match told {
        Told::Alert { notice, alert, loud } => (Some(Event::Alerted { notice, alert }), loud),
        Told::Healed { alert, run: Some(run), playbook, stage } => {
            (Some(Event::Healing { alert, run, playbook, stage }), false)
        }
        Told::Healed { alert, run: None, stage, .. } => {
            (Some(Event::Remarked { text: format!("healing {alert}: {stage:?}") }), false)
        }
        Told::Halted(halt) => (Some(Event::Halted(halt)), true),
        Told::Resumed { by } => (Some(Event::Resumed { by }), true),
        Told::Remark(text) => (Some(Event::Remarked { text }), false),
        Told::Heal(_) | Told::Spent(_) => (None, false),
    }
}
