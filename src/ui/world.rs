//! What the console knows, apart from how it is shown. Only `hear` adds to it.

use crate::fleet;
use crate::fleet::{Event, Fleet, Host, HostEvent, Stamped, Timestamp};
use crate::ops::Board;
use crate::records::{Noted, PastRun};
use crate::theme::Theme;

use super::scene::{Benches, Card, Scene};
use super::stream::Stream;
use super::tails::Tails;
use super::window::Window;

/// Lines of the history with which the stream begins.
const RECALLED: usize = 60;

/// What the console knows.
pub struct World {
    /// How things look.
    pub theme: Theme,
    /// Whether there is anything to show.
    pub standing: Footing,
    /// The hosts, in the order of the inventory.
    pub hosts: Vec<Host>,
    /// Whether they are practice hosts.
    pub practice: bool,
    /// The host that all screens speak of.
    pub chosen: usize,
    /// The playbook that all screens speak of.
    pub picked: usize,
    /// The playbooks.
    pub shelf: Vec<Card>,
    /// The runs there were.
    pub past: Vec<PastRun>,
    /// The newest lines of the history.
    pub history: Vec<Noted>,
    /// What was measured.
    pub benches: Benches,
    /// Where the watchdog stands.
    pub watchdog: Option<fleet::Watching>,
    /// What the hosts are doing.
    pub board: Board,
    /// What steps print now.
    pub tails: Tails,
    /// What happened lately.
    pub stream: Stream,
    /// The span of time that plots show.
    pub window: Window,
    /// Whether a pane stands alone.
    pub zoom: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Why what happens cannot be recorded, if it cannot.
    pub unrecorded: Option<String>,
    /// The picture that stands still, if it does.
    pub frozen: Option<Frozen>,
}

/// Whether there is anything to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Footing {
    /// Nothing is known yet.
    Waiting,
    /// There is no inventory.
    NoInventory(String),
    /// What was given is wrong.
    Wrong(String),
    /// The hosts are known.
    Known,
}

/// The picture as it was when it was told to stand still.
pub struct Frozen {
    /// When.
    pub at: Timestamp,
    /// What the hosts were doing.
    pub board: Board,
}

impl World {
    /// Nothing is known yet.
    pub fn new(theme: Theme, read_only: bool) -> Self {
        Self {
            theme,
            standing: Footing::Waiting,
            hosts: Vec::new(),
            practice: false,
            chosen: 0,
            picked: 0,
            shelf: Vec::new(),
            past: Vec::new(),
            history: Vec::new(),
            benches: Benches::default(),
            watchdog: None,
            board: Board::new(),
            tails: Tails::default(),
            stream: Stream::default(),
            window: Window::default(),
            zoom: false,
            read_only,
            unrecorded: None,
            frozen: None,
        }
    }

    /// What there is to look at.
    pub fn scene<'a>(&'a self, fleet: &'a Fleet, now: Timestamp) -> Scene<'a> {
        let (now, board) = match &self.frozen {
            Some(frozen) => (frozen.at, &frozen.board),
            None => (now, &self.board),
        };
        Scene {
            now,
            theme: self.theme,
            hosts: &self.hosts,
            chosen: self.chosen,
            picked: self.picked,
            fleet,
            board,
            shelf: &self.shelf,
            past: &self.past,
            history: &self.history,
            benches: &self.benches,
            watchdog: self.watchdog.as_ref(),
            tails: &self.tails,
            stream: &self.stream,
            window: self.window,
            zoom: self.zoom,
            practice: self.practice,
            read_only: self.read_only,
            unrecorded: self.unrecorded.as_deref(),
        }
    }

    /// Takes an event in.
    pub fn take(&mut self, stamped: &Stamped) {
        self.stream.take(stamped);
        if let Event::OnHost { run, host, what } = &stamped.event
            && matches!(what, HostEvent::StepEnded(_) | HostEvent::Ended { .. })
        {
            self.tails.forget(run, host);
        }
    }

    /// The history is known, or known anew. At first it tells what happened before the console was opened.
    pub fn recall(&mut self, history: Vec<Noted>) {
        if self.history.is_empty() && self.stream.lines().len() == 0 {
            history.iter().take(RECALLED).rev().for_each(|noted| self.stream.recall(noted));
        }
        self.history = history;
    }

    /// The hosts are known, or known anew; what was chosen stays chosen where it is still there.
    pub fn know(&mut self, hosts: Vec<Host>, practice: bool) {
        let chosen = self.hosts.get(self.chosen).map(|host| host.name.clone());
        let again = hosts.iter().position(|host| Some(&host.name) == chosen.as_ref());
        (self.hosts, self.practice, self.standing) = (hosts, practice, Footing::Known);
        self.chosen = again.unwrap_or(0);
    }

    /// The playbooks are known anew.
    pub fn shelve(&mut self, shelf: Vec<Card>) {
        let picked = self.shelf.get(self.picked).map(|card| card.id.clone());
        let again = shelf.iter().position(|card| Some(&card.id) == picked.as_ref());
        self.shelf = shelf;
        self.picked = again.unwrap_or(0);
    }

    /// Lets the picture stand still, or move again.
    pub fn freeze(&mut self, now: Timestamp) {
        self.frozen = match self.frozen.take() {
            Some(_) => None,
            None => Some(Frozen { at: now, board: self.board.clone() }),
        };
    }
}
