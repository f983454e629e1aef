//! The one owner of everything the console knows and shows. Actions and news change it; nothing else does.

use std::collections::{BTreeSet, VecDeque};

use crate::fleet::HostName;
use crate::theme::Theme;

use super::action::Place;
use super::alerts::Topic;
use super::keymap::Keymap;
use super::overlay::Overlay;
use super::prompt::Prompt;
use super::screens::{Bench, HostPage, Log, Plays, Shelter};
use super::typing::Typing;
use super::widget::Effects;
use super::world::World;

/// Everything.
pub struct Model {
    /// What is known.
    pub world: World,
    /// Which screen is shown.
    pub place: Place,
    /// Screen 1.
    pub shelter: Shelter,
    /// Screen 2.
    pub host: HostPage,
    /// Screen 3.
    pub plays: Plays,
    /// Screen 4.
    pub bench: Bench,
    /// Screen 5.
    pub log: Log,
    /// Which key does what.
    pub keymap: Keymap,
    /// What lies over the screen.
    pub over: Option<Overlay>,
    /// Questions that only a person can answer, in line.
    pub prompts: VecDeque<Prompt>,
    /// What is being typed as an answer to the first of them.
    pub answer: Vec<Typing>,
    /// The filter that is being typed.
    pub filter: Option<Typing>,
    /// The host that was just added, until it has answered.
    pub awaited: Option<HostName>,
    /// One line to be told.
    pub notice: Option<String>,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// The alerts of this console that somebody has seen. What the watchdog found is acknowledged there.
    pub seen: BTreeSet<Topic>,
    /// Whether rays and grain are shown.
    pub effects: Effects,
    /// Whether the terminal is at the other end of a link.
    pub remote: bool,
}

/// What a user may set about the console.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Which key does what.
    pub keymap: Keymap,
    /// Whether the mouse is left to the terminal.
    pub no_mouse: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Whether rays and grain are shown.
    pub effects: Effects,
    /// Whether the terminal is at the other end of a link.
    pub remote: bool,
}

impl Model {
    /// Nothing is known yet.
    pub fn new(theme: Theme, settings: Settings) -> Self {
        Self {
            world: World::new(theme, settings.read_only),
            place: Place::default(),
            shelter: Shelter::default(),
            host: HostPage::default(),
            plays: Plays::default(),
            bench: Bench::default(),
            log: Log::default(),
            keymap: settings.keymap,
            over: None,
            prompts: VecDeque::new(),
            answer: Vec::new(),
            filter: None,
            awaited: None,
            notice: None,
            mouse: !settings.no_mouse,
            seen: BTreeSet::new(),
            effects: settings.effects,
            remote: settings.remote,
        }
    }
}
