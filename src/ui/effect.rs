//! What follows from an action beyond what is shown: wishes to the console itself and to whoever carries it.

use crate::fleet::{AlertId, HostName, RunId};

use super::action::Place;
use super::prompt::Answer;

/// Something to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show that screen.
    Go(Place),
    /// All screens speak of that host from now on, by its place in the inventory.
    Choose(usize),
    /// All screens speak of that playbook from now on, by its place on the shelf.
    Pick(usize),
    /// Ask before doing it.
    Ask(Box<Wish>),
    /// Do it.
    Do(Wish),
    /// Put a text on the clipboard of the terminal.
    Clip(String),
    /// Tell something in one line.
    Say(String),
    /// Leave the console.
    Leave,
    /// Step aside for the shell.
    Suspend,
    /// Paint everything anew.
    Repaint,
    /// Take the mouse or leave it.
    Mouse(bool),
}

/// Something that whoever carries the console does outside of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// Runs a playbook.
    Run(Runnable),
    /// Shows what a playbook would do on a host.
    Plan {
        /// The playbook.
        playbook: String,
        /// The host.
        host: HostName,
    },
    /// Ends a run: in order the first time, then at once.
    Cancel(RunId),
    /// Leaves a run to itself.
    Detach(RunId),
    /// Goes on with a run that was left.
    Resume(RunId),
    /// Takes a run back.
    Undo(RunId),
    /// Reaches hosts and gathers their facts.
    Ping(Vec<HostName>),
    /// Reads a run there was.
    Replay(RunId),
    /// Keeps a text that was copied in a file of the home, for terminals that have no clipboard.
    Copy(String),
    /// Answers a question.
    Answer {
        /// Which.
        question: u64,
        /// With what.
        answer: Answer,
    },
    /// Tells the watchdog that somebody looks after it.
    Acknowledge(AlertId),
    /// Adds a host to the inventory.
    Add(Box<NewHost>),
    /// Goes on with the practice hosts.
    Practise,
}

impl Wish {
    /// Whether it may change something: on a host, or in the home, where every run and every look at a host is recorded.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::Plan { .. } | Self::Replay(_) | Self::Answer { .. })
    }
}

/// A playbook to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runnable {
    /// The playbook.
    pub playbook: String,
    /// The hosts.
    pub hosts: Vec<HostName>,
    /// Whether only to look.
    pub check: bool,
    /// What is disruptive about it, if something is.
    pub disruptive: Option<String>,
}

/// A host as somebody types it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewHost {
    /// Its name.
    pub name: String,
    /// Its address, maybe with a port.
    pub address: String,
    /// The user there.
    pub user: String,
}
