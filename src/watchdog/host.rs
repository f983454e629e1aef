//! What the watchdog knows of one host: whether anything is heard of it, its causes, how its disks fill.

use std::collections::BTreeMap;

use crate::fleet::{Bytes, Millis, Outage, Timestamp};

use super::cause::Cause;
use super::forecast::Forecast;
use super::heard::Known;

/// More causes of one host are not kept: a host may not fill our memory with names.
const MOST_CAUSES: usize = 256;

/// What is heard of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    /// Nobody has tried for long enough to tell.
    Unknown,
    /// It tells.
    Up,
    /// The connection stands, and nothing comes.
    Silent,
    /// There is no connection.
    Down {
        /// What that looks like.
        outage: Outage,
        /// Whether it closed the last connection in order, as one that shuts down does.
        parted: bool,
        /// What the last try came to.
        text: String,
    },
}

/// One host.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct HostState {
    pub causes: Causes,
    /// Since when nothing is heard of it.
    #[serde(skip)]
    pub dark_since: Option<Millis>,
    #[serde(skip)]
    pub away: Option<Away>,
    /// Whether something was heard of it since this program began.
    #[serde(skip)]
    pub seen_up: bool,
    /// Whether it is known to have been up before what is heard of it now.
    #[serde(skip)]
    pub known_up: bool,
    /// Until then nothing new is raised there: a heal has just been.
    pub settle_until: Millis,
    /// Whether a card's telemetry hangs there.
    pub tool_hung: bool,
    #[serde(skip)]
    pub skew: Option<(Millis, f64)>,
    pub boot_id: Option<String>,
    /// When it went away last, and whether it has booted since.
    pub gone: Option<Timestamp>,
    #[serde(skip)]
    pub rebooted: Option<bool>,
    /// Engines that were there, by port.
    pub engines: BTreeMap<u16, Known>,
    /// When each model's speed was measured last.
    pub speeds: BTreeMap<String, Timestamp>,
    #[serde(skip)]
    forecasts: BTreeMap<String, Forecast>,
}

/// How a host is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Away {
    pub outage: Option<Outage>,
    pub parted: bool,
    pub text: String,
}

/// Causes by rule and subject.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Causes(BTreeMap<String, BTreeMap<String, Cause>>);

impl Causes {
    /// The cause, if it is known.
    pub fn get_mut(&mut self, rule: &str, subject: &str) -> Option<&mut Cause> {
        self.0.get_mut(rule)?.get_mut(subject)
    }

    pub fn get(&self, rule: &str, subject: &str) -> Option<&Cause> {
        self.0.get(rule)?.get(subject)
    }

    /// The cause; a new one if there is room.
    pub fn entry(&mut self, rule: &str, subject: &str) -> Option<&mut Cause> {
        let known = self.0.get(rule).is_some_and(|of| of.contains_key(subject));
        if !known && self.0.values().map(BTreeMap::len).sum::<usize>() >= MOST_CAUSES {
            return None;
        }
        Some(self.0.entry(rule.to_owned()).or_default().entry(subject.to_owned()).or_default())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Cause)> {
        self.0.iter().flat_map(|(rule, of)| {
            of.iter().map(move |(subject, cause)| (rule.as_str(), subject.as_str(), cause))
        })
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &str, &mut Cause)> {
        self.0.iter_mut().flat_map(|(rule, of)| {
            of.iter_mut().map(move |(subject, cause)| (rule.as_str(), subject.as_str(), cause))
        })
    }

    /// Keeps those, and no other.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &str, &Cause) -> bool) {
        for (rule, of) in &mut self.0 {
            of.retain(|subject, cause| keep(rule, subject, cause));
        }
        self.0.retain(|_, of| !of.is_empty());
    }
}

impl HostState {
    /// Takes in what is heard of it.
    pub fn contact(&mut self, contact: Contact, now: Millis, wall: Timestamp) {
        let away = match contact {
            Contact::Unknown => return,
            Contact::Up => {
                (self.seen_up, self.known_up) = (true, true);
                (self.dark_since, self.away) = (None, None);
                return;
            }
            Contact::Silent => Away { outage: None, parted: false, text: String::new() },
            Contact::Down { outage, parted, text } => Away { outage: Some(outage), parted, text },
        };
        if self.dark_since.is_none() {
            self.dark_since = Some(now);
            (self.gone, self.rebooted) = (Some(wall), None);
            self.forget();
        }
        self.away = Some(away);
    }

    /// Whether no answer at all comes from it, so that our own link may be what fails.
    pub fn is_dark(&self) -> bool {
        let dark = |away: &Away| away.outage.is_none_or(Outage::is_dark);
        self.away.as_ref().is_some_and(dark)
    }

    /// Whether work can be done there.
    pub fn is_up(&self) -> bool {
        self.seen_up && self.away.is_none()
    }

    /// What was waited for begins anew.
    pub fn forget(&mut self) {
        self.causes.iter_mut().for_each(|(_, _, cause)| cause.forget());
    }

    /// Nothing that was measured over time is believed any more.
    pub fn begin_anew(&mut self) {
        self.forget();
        self.forecasts.clear();
        (self.skew, self.dark_since, self.away) = (None, None, None);
    }

    /// Takes in what is free of a disk, and tells when it is full.
    pub fn disk(&mut self, disk: &str, at: Millis, free: Bytes) -> Option<f64> {
        if self.forecasts.len() >= MOST_CAUSES && !self.forecasts.contains_key(disk) {
            return None;
        }
        if !self.forecasts.contains_key(disk) {
            self.forecasts.insert(disk.to_owned(), Forecast::default());
        }
        let forecast = self.forecasts.get_mut(disk)?;
        forecast.push(at, free);
        forecast.full_in()
    }

    /// When a disk is full, as last seen.
    pub fn full_in(&self, disk: &str) -> Option<f64> {
        self.forecasts.get(disk)?.full_in()
    }

    /// Takes in which boot it is.
    pub fn boot(&mut self, boot_id: &str) {
        if self.gone.is_some() && self.rebooted.is_none() && self.boot_id.is_some() {
            self.rebooted = Some(self.boot_id.as_deref() != Some(boot_id));
        }
        self.boot_id = Some(boot_id.to_owned());
    }
}

impl Away {
    /// How it is away, for people.
    pub fn words(&self) -> String {
        let closed = "it closed its connections in order";
        match (self.outage, self.parted) {
            (None, _) => "silent: its connection stands, and nothing comes".to_owned(),
            (Some(Outage::NoRoute | Outage::Silent), true) => {
                format!("shut down: {closed}, and nobody answers at its address")
            }
            (Some(Outage::Closed), true) => {
                format!(
                    "{}: its connections were closed, as in a stop, a restart or a shutdown",
                    Outage::Closed.words()
                )
            }
            (Some(outage), _) => outage.words().to_owned(),
        }
    }
}
