//! What a screen may look at while it draws or answers a key. Read only: nothing in it does anything.

use std::collections::BTreeMap;

use crate::bench::{Record, Standing, standings};
use crate::fleet;
use crate::fleet::{
    Care, Fleet, Host, HostName, LastState, Millis, Purpose, RunId, RunState, Timestamp,
};
use crate::ops::{Board, Watched};
use crate::records::{Noted, PastRun};
use crate::theme::Theme;

use super::action::Action;
use super::stream::Stream;
use super::tails::Tails;
use super::window::Window;

/// Everything there is to look at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The time.
    pub now: Timestamp,
    /// How things look.
    pub theme: Theme,
    /// The hosts, in the order of the inventory.
    pub hosts: &'a [Host],
    /// The host that all screens speak of.
    pub chosen: usize,
    /// The playbook that all screens speak of.
    pub picked: usize,
    /// What is known of hosts and of runs of this session.
    pub fleet: &'a Fleet,
    /// What the hosts are doing.
    pub board: &'a Board,
    /// The playbooks.
    pub shelf: &'a [Card],
    /// The runs there were, newest first.
    pub past: &'a [PastRun],
    /// The newest lines of the history, newest first.
    pub history: &'a [Noted],
    /// What was measured.
    pub benches: &'a Benches,
    /// Where the watchdog stands, if there is one.
    pub watchdog: Option<&'a fleet::Watching>,
    /// What steps print now.
    pub tails: &'a Tails,
    /// What happened lately.
    pub stream: &'a Stream,
    /// The span of time that plots show.
    pub window: Window,
    /// Whether a pane stands alone.
    pub zoom: bool,
    /// Whether the hosts are practice hosts.
    pub practice: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Why what happens cannot be recorded, if it cannot.
    pub unrecorded: Option<&'a str>,
}

/// What was measured, and what of it others are measured against.
#[derive(Clone, Debug, Default)]
pub struct Benches {
    /// The records.
    pub records: Vec<Record>,
    /// The baselines among them, by their places.
    pub baselines: Vec<usize>,
}

impl Benches {
    /// How everything stands.
    pub fn standings(&self) -> Vec<Standing<'_>> {
        standings(&self.records, |record| {
            let baselines = self.baselines.iter().filter_map(|at| self.records.get(*at));
            baselines.into_iter().any(|baseline| std::ptr::eq(baseline, record))
        })
    }
}

/// A playbook as it stands on the shelf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its id, as `03_build_llama_cpp`.
    pub id: String,
    /// Its number.
    pub number: u8,
    /// Its name for people.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// What is disruptive about it, if something is.
    pub disruptive: Option<String>,
    /// The hosts it is meant for.
    pub hosts: Vec<HostName>,
    /// How it last went.
    pub last: BTreeMap<HostName, LastRun>,
    /// What is wrong with the file, if something is: the report as it is told on the command line.
    pub error: Option<String>,
}

/// How a playbook last went on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// How it ended.
    pub state: LastState,
    /// When.
    pub at: Timestamp,
    /// Which run.
    pub run: RunId,
}

impl Card {
    /// Its name without the number: `build llama cpp`.
    pub fn title(&self) -> String {
        let (_, title) = self.id.split_once('_').unwrap_or(("", &self.id));
        title.replace('_', " ")
    }
}

impl<'a> Scene<'a> {
    /// The host that all screens speak of.
    pub fn host(&self) -> Option<&'a Host> {
        self.hosts.get(self.chosen)
    }

    /// The playbook that all screens speak of.
    pub fn card(&self) -> Option<&'a Card> {
        self.shelf.get(self.picked)
    }

    /// Whether that may be done here at all.
    pub fn offers(&self, action: Action) -> bool {
        !(self.read_only && action.changes())
    }

    /// What a host is doing.
    pub fn watched(&self, host: &HostName) -> Option<&'a Watched> {
        self.board.get(host)
    }

    /// The runs of this session that go on, the newest first.
    pub fn live(&self) -> impl Iterator<Item = &'a RunState> {
        let mut live: Vec<&RunState> =
            self.fleet.runs.values().filter(|run| is_live(run)).collect();
        live.sort_by_key(|run| std::cmp::Reverse(run.began));
        live.into_iter()
    }

    /// The run that is worth looking at: the newest of this session, one that goes on before others.
    pub fn latest(&self) -> Option<&'a RunState> {
        self.live().next().or_else(|| self.fleet.runs.values().max_by_key(|run| run.began))
    }

    /// How long runs like this took when they went well, the middle one of the last few.
    pub fn expected(&self, run: &RunState) -> Option<Millis> {
        const FEW: usize = 5;
        let alike = self.past.iter().filter(|past| {
            past.head.playbook == run.head.playbook
                && same_kind(&past.head.purpose, &run.head.purpose)
                && past.head.run != run.head.run
        });
        let took = alike.filter_map(|past| Some(past.ended?.0 - past.began.0)).take(FEW);
        let mut took: Vec<i64> = took.collect();
        took.sort_unstable();
        took.get(took.len() / 2).map(|took| Millis(*took))
    }
}

/// Whether a run goes on, as far as this console knows.
pub fn is_live(run: &RunState) -> bool {
    run.ended.is_none() && run.care == Care::Ours
}

fn same_kind(one: &Purpose, other: &Purpose) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}
