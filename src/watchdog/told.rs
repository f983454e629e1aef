//! What the watchdog has to say: to people, to the history, and to whoever carries it out.

use crate::fleet::{Alert, AlertId, Halt, HealStage, Notice, RunId};

use super::heal::HealOrder;

/// Something the watchdog has to say.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Told {
    /// About an alert.
    Alert {
        /// What.
        notice: Notice,
        /// The alert as it is now.
        alert: Box<Alert>,
        /// Whether a person is to be disturbed with it, or it is for the record.
        loud: bool,
    },
    /// A playbook is to be run.
    Heal(HealOrder),
    /// How a heal went.
    Healed {
        /// What it was to heal.
        alert: AlertId,
        /// The run, if one began.
        run: Option<RunId>,
        /// The playbook.
        playbook: String,
        /// How it went.
        stage: HealStage,
    },
    /// Healing has halted.
    Halted(Halt),
    /// Healing goes on.
    Resumed {
        /// By whose wish.
        by: String,
    },
    /// Something about the watchdog itself.
    Remark(String),
    /// A wish that is fulfilled or over.
    Spent(u64),
}

impl Told {
    /// Whether it must not be lost.
    pub(super) fn is_for_people(&self) -> bool {
        !matches!(self, Self::Heal(_) | Self::Spent(_))
    }

    /// Whether a person is to be disturbed with it.
    pub(super) fn is_loud(&self) -> bool {
        matches!(self, Self::Alert { loud: true, .. } | Self::Halted(_) | Self::Resumed { .. })
    }
}
