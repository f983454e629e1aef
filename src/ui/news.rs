//! What reaches the console from whoever carries it: everything it knows came in as one of these.

use crate::fleet::{Host, HostName, Output, RunState, Stamped, Watching};
use crate::ops::Board;
use crate::records::{Noted, PastRun};
use crate::theme::Glyphs;

use super::keymap::Keymap;
use super::prompt::Prompt;
use super::scene::{Benches, Card};
use super::sheet::Sheet;
use super::widget::Effects;

/// Something the console did not know.
pub enum News {
    /// The hosts are known, or known anew.
    Hosts {
        /// The hosts, in the order of the inventory.
        hosts: Vec<Host>,
        /// Whether they are practice hosts.
        practice: bool,
    },
    /// What is set about the console.
    Set(Box<Set>),
    /// There is no inventory yet.
    NoInventory {
        /// Where one is looked for.
        place: String,
    },
    /// Something that was given is wrong; the report as the command line tells it.
    Wrong(String),
    /// The playbooks, and how each last went.
    Shelf(Vec<Card>),
    /// The runs there were, newest first.
    Past(Vec<PastRun>),
    /// The newest lines of the history, newest first.
    History(Vec<Noted>),
    /// What was measured.
    Benches(Benches),
    /// Where the watchdog stands.
    Watchdog(Box<Watching>),
    /// What the hosts are doing.
    Board(Board),
    /// Something happened.
    Happened(Box<Stamped>),
    /// So many events went by unseen: what is known stands in the fleet that is drawn.
    Missed(u64),
    /// A step printed something.
    Printed(Output),
    /// What a playbook would do on a host.
    Planned(Box<Sheet>),
    /// A run there was, as it was asked for.
    Replayed(Box<RunState>),
    /// What the records say by now of a run that this console does not look after.
    Learned(Box<RunState>),
    /// Only a person can answer.
    Asked(Prompt),
    /// Nobody waits for that answer any more.
    Withdrawn(u64),
    /// One line.
    Said(String),
    /// What was wished cannot be: the report as the command line tells it.
    Refused(String),
    /// What happens cannot be recorded, and nothing more is done until it can: the report as the command line tells it.
    Unrecorded(String),
    /// A host that was typed in stands in the inventory now.
    Added(HostName),
}

/// What is set about the console.
pub struct Set {
    /// Which key does what.
    pub keymap: Keymap,
    /// Whether the mouse is ours. `None`: nobody said.
    pub mouse: Option<bool>,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Which signs there are.
    pub glyphs: Glyphs,
    /// Whether rays and grain are shown.
    pub effects: Effects,
}
