//! What happened: events come down from the engine to the faces.

use super::{
    Alert, AlertId, Facts, Failure, Halt, HealStage, HostEvent, HostName, Millis, Notice, RunHead,
    RunId, Timestamp,
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A connection is being made.
    Connecting {
        /// To which host.
        host: HostName,
    },
    /// A connection stands and the host has answered.
    Reached {
        /// Which host.
        host: HostName,
        /// From the first packet to the shell's answer.
        took: Millis,
    },
    /// A host's facts were gathered.
    Gathered {
        /// Which host.
        host: HostName,
        /// What is known of it now.
        facts: Box<Facts>,
    },
    /// A host could not be reached, or the link to it broke.
    Unreachable {
        /// Which host.
        host: HostName,
        /// Why.
        failure: Failure,
    },
    /// A run begins.
    RunBegan(RunHead),
    /// Something happened on one host of a run.
    OnHost {
        /// Which run.
        run: RunId,
        /// Which host.
        host: HostName,
        /// What.
        #[serde(flatten)]
        what: HostEvent,
    },
    /// This console leaves a run to itself: what has begun to change something goes on on its host.
    RunLeft {
        /// Which run.
        run: RunId,
    },
    /// A run is over on all its hosts.
    RunEnded {
        /// Which run.
        run: RunId,
    },
    /// The watchdog has something to tell about an alert.
    Alerted {
        /// What.
        notice: Notice,
        /// The alert as it is now.
        alert: Box<Alert>,
    },
    /// A playbook is run to heal what an alert is about.
    Healing {
        /// Which alert.
        alert: AlertId,
        /// The run.
        run: RunId,
        /// The playbook.
        playbook: String,
        /// How it goes.
        stage: HealStage,
    },
    /// Healing does not help: the watchdog heals nothing more until a person says so.
    Halted(Halt),
    /// A person lets the watchdog heal again.
    Resumed {
        /// Who.
        by: String,
    },
    /// Something about the watchdog itself that is worth knowing.
    Remarked {
        /// What, in one line.
        text: String,
    },
}

/// An event with its place in the sequence and in time, which only the hub gives.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Stamped {
    /// Its place in the sequence, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// A piece of what a step prints, as it comes. For eyes only: it passes by the hub and is not kept;
/// what is kept comes with the step's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Which run.
    pub run: RunId,
    /// Which host.
    pub host: HostName,
    /// Which step, by number.
    pub step: u32,
    /// The bytes, raw.
    pub bytes: Vec<u8>,
}

impl Event {
    /// The run it belongs to, if it belongs to one.
    pub fn run(&self) -> Option<&RunId> {
        match self {
            Self::RunBegan(head) => Some(&head.run),
            Self::OnHost { run, .. } | Self::RunLeft { run } | Self::RunEnded { run } => Some(run),
            _ => None,
        }
    }
}
