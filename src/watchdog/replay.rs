//! Recorded samples, played to the watchdog under the clock they were recorded by: a rule is tried without waiting.
//! Reads the lines that `shelter status --watch --json` prints, and what stands in for vitals and engines.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::fleet::{Engine, HostName, Millis, Outage, Sample, Timestamp, Vitals};

use super::host::HostState;
use super::signal::Detail;
use super::{
    Contact, Engines, Input, Measure, Member, Memory, Rules, Signal, Span, Tick, Told, Watchdog,
};

/// More time than this between two lines is a gap in the recording: the machine was not looking.
const ROUND: i64 = 5_000;

/// A recording that is played.
pub struct Replay {
    watchdog: Watchdog,
    at: Option<Timestamp>,
    /// Lines that were played.
    pub lines: u64,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// It is no JSON object.
    #[error("this is not a JSON object: {0}")]
    NotJson(String),
    /// Something it needs is not there, or is something else.
    #[error("`{field}` is not {wanted}")]
    Field {
        /// The field.
        field: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// Its sample cannot be read.
    #[error("`sample` cannot be read: {0}")]
    Sample(String),
    /// It is of an earlier time than the line before it.
    #[error("it is of an earlier time than the line before it")]
    Order,
}

/// One line, read.
struct Line {
    at: Timestamp,
    host: HostName,
    contact: Contact,
    sample: Option<Sample>,
    vitals: Option<Vitals>,
    engines: Option<Vec<Engine>>,
    listening: Option<BTreeMap<u16, bool>>,
    signals: Vec<Signal<'static>>,
}

impl Replay {
    /// A replay; the fleet is the hosts that the recording names.
    pub fn new(rules: Rules) -> Self {
        let watchdog = Watchdog::new(rules, Vec::new(), Span::ForEver, Memory::default());
        Self { watchdog, at: None, lines: 0 }
    }

    /// How many hosts it has named so far.
    pub fn hosts(&self) -> usize {
        self.watchdog.members.len()
    }

    /// Plays one line; tells what the watchdog said up to it, each with its moment.
    pub fn play(&mut self, line: &str) -> Result<Vec<(Timestamp, Told)>, ReplayError> {
        let line = read(line)?;
        let mut told = Vec::new();
        match self.at {
            Some(at) if line.at < at => return Err(ReplayError::Order),
            Some(at) if line.at > at => told = self.pass(at, line.at),
            Some(_) => {}
            None => self.begin(line.at),
        }
        self.at = Some(line.at);
        self.lines += 1;
        self.watchdog.join(&line.host);
        self.watchdog.step(Input::Contact(&line.host, line.contact));
        if let Some(sample) = &line.sample {
            self.watchdog.step(Input::Sample(&line.host, sample));
        }
        if let Some(vitals) = &line.vitals {
            self.watchdog.step(Input::Vitals(&line.host, vitals));
        }
        if let Some(found) = &line.engines {
            let listening = line.listening.as_ref();
            self.watchdog.step(Input::Engines(&line.host, Engines { found, listening }));
        }
        for signal in line.signals {
            self.watchdog.step(Input::Signal(&line.host, signal));
        }
        Ok(told)
    }

    /// The end of the recording: what is still to be said.
    pub fn finish(mut self) -> (Vec<(Timestamp, Told)>, Watchdog) {
        let told = self.at.map_or_else(Vec::new, |at| self.judge(at));
        (told, self.watchdog)
    }

    fn begin(&mut self, at: Timestamp) {
        self.watchdog.step(Input::Tick(tick(at)));
    }

    /// Lets time pass, round by round, so that what only time does is done when it is due.
    fn pass(&mut self, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Told)> {
        let mut told = self.judge(from);
        let mut at = from;
        while at < to {
            at = Timestamp((at.0 + ROUND).min(to.0));
            self.watchdog.step(Input::Tick(tick(at)));
            if at < to {
                told.extend(self.judge(at));
            }
        }
        told
    }

    fn judge(&mut self, at: Timestamp) -> Vec<(Timestamp, Told)> {
        let told = self.watchdog.judge();
        self.watchdog.delivered();
        told.into_iter().map(|told| (at, told)).collect()
    }
}

fn tick(at: Timestamp) -> Tick {
    Tick { wall: at, boot: Millis(at.0), awake: Millis(at.0), epoch: 1 }
}

fn read(text: &str) -> Result<Line, ReplayError> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| ReplayError::NotJson(error.to_string()))?;
    let map = value.as_object().ok_or_else(|| ReplayError::NotJson("a list or a word".into()))?;
    let text = |field: &'static str| map.get(field).and_then(Value::as_str);
    let wrong = |field, wanted| ReplayError::Field { field, wanted };
    let at = text("at").and_then(Timestamp::parse);
    let host = text("host").and_then(|host| HostName::new(host).ok());
    let sample = map.get("sample").filter(|sample| !sample.is_null()).map(sample).transpose()?;
    let vitals = map.get("vitals").map(|vitals| serde_json::from_value(vitals.clone())).transpose();
    let engines: Result<Option<Vec<Engine>>, _> =
        map.get("engines").map_or(Ok(None), |list| serde_json::from_value(list.clone()));
    let listening =
        map.get("listening").map_or(Ok(None), |ports| serde_json::from_value(ports.clone()));
    Ok(Line {
        at: at.ok_or_else(|| wrong("at", "a moment such as `2026-11-21T07:50:12.345Z`"))?,
        host: host.ok_or_else(|| wrong("host", "the name of a host"))?,
        contact: contact(map),
        sample,
        vitals: vitals.map_err(|_| wrong("vitals", "the vitals of a host"))?,
        engines: engines.map_err(|_| wrong("engines", "a list of engines"))?,
        listening: listening
            .map_err(|_| wrong("listening", "ports, each with `true` or `false`"))?,
        signals: signals(map.get("signals")).ok_or_else(|| {
            wrong("signals", "measures with their values, such as `{\"disk:/var\": 93.5}`")
        })?,
    })
}

fn contact(map: &Map<String, Value>) -> Contact {
    match map.get("state").and_then(Value::as_str) {
        Some("down") => {
            let text = map.get("failure").and_then(|f| f.get("text")).and_then(Value::as_str);
            let outage = map.get("outage").and_then(|o| serde_json::from_value(o.clone()).ok());
            let (outage, parted) = (outage.unwrap_or(Outage::Other), false);
            Contact::Down { outage, parted, text: text.unwrap_or_default().to_owned() }
        }
        Some("stale") => Contact::Silent,
        Some("connecting") => Contact::Unknown,
        _ => Contact::Up,
    }
}

/// A sample; what a recording does not tell is not known.
fn sample(value: &Value) -> Result<Sample, ReplayError> {
    let wrong = |error: serde_json::Error| ReplayError::Sample(error.to_string());
    let mut whole = serde_json::to_value(Sample::unknown()).map_err(wrong)?;
    overlay(&mut whole, value);
    serde_json::from_value(whole).map_err(wrong)
}

fn overlay(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                match base.get_mut(key) {
                    Some(known) => overlay(known, value),
                    None => drop(base.insert(key.clone(), value.clone())),
                }
            }
        }
        (base, over) => *base = over.clone(),
    }
}

/// `{"disk:/var": 93.5, "ram": null}`: values by measure and subject; `null` is one that is not known.
fn signals(value: Option<&Value>) -> Option<Vec<Signal<'static>>> {
    let Some(value) = value else { return Some(Vec::new()) };
    let mut signals = Vec::new();
    for (key, value) in value.as_object()? {
        let (word, subject) = key.split_once(':').unwrap_or((key, ""));
        let (_, measure) = Measure::ALL.iter().find(|(known, _)| *known == word)?;
        let value = if value.is_null() { None } else { Some(value.as_f64()?) };
        let subject = subject.to_owned().into();
        signals.push(Signal { measure: *measure, subject, value, detail: Detail::None });
    }
    Some(signals)
}

impl Watchdog {
    /// One more host is watched.
    fn join(&mut self, host: &HostName) {
        if !self.state.hosts.contains_key(host) {
            self.members.push(Member {
                host: host.clone(),
                watched: true,
                local: false,
                engines: Vec::new(),
            });
            self.state.hosts.insert(host.clone(), HostState::default());
        }
    }
}
