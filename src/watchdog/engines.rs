//! Which engines a host has, and whether they do their work: those that shall run there, and those that were well there
//! for a while. Asks nobody.

use crate::fleet::{AlertId, EngineKind, EngineState, HostName, Millis, Notice};

use super::heard::{Engines, Known, Speed};
use super::memory::id;
use super::signal::{Detail, Signal};
use super::{Measure, Told, Watchdog};

/// An engine that was there for so long is missed when it is gone: one that was tried for a moment is not.
const KNOWN: Millis = Millis(10 * 60_000);
/// One that is gone for so long is missed no more, unless it shall run there.
const MISSED: Millis = Millis(24 * 3_600_000);
/// From here on ports are given to whoever asks for any, such as an engine's own helpers.
const EPHEMERAL: u16 = 32_768;
/// More engines of one host are not kept.
const MOST: usize = 64;

impl Watchdog {
    pub(super) fn engines(&mut self, host: &HostName, engines: &Engines<'_>) {
        let now = self.state.clock.now;
        let wanted = self.members.iter().find(|member| member.host == *host);
        let wanted = wanted.map(|member| member.engines.clone()).unwrap_or_default();
        let Some(state) = self.state.hosts.get_mut(host) else { return };
        for engine in engines.found.iter().filter(|engine| is_up(&engine.state)) {
            let (kind, room) = (engine.kind, state.engines.len() < MOST);
            let kept = engine.port < EPHEMERAL || wanted.contains(&engine.port);
            match state.engines.get_mut(&engine.port) {
                Some(known) => (known.kind, known.well) = (kind, now),
                None if room && kept => {
                    state.engines.insert(engine.port, Known { kind, first: now, well: now });
                    self.changed = true;
                }
                None => {}
            }
        }
        let mut ports: Vec<u16> = state.engines.keys().copied().chain(wanted.clone()).collect();
        ports.sort_unstable();
        ports.dedup();
        for port in ports {
            let is_wanted = wanted.contains(&port);
            if is_wanted || self.is_missed(host, port) {
                let (value, detail) = self.engine(host, port, engines);
                let (measure, subject) = (Measure::Engine, port.to_string().into());
                self.hear(Some(host), &Signal { measure, subject, value, detail });
            } else if !engines.found.iter().any(|engine| engine.port == port) {
                self.let_go(host, port);
            }
        }
    }

    /// Takes in how fast a model is, if that is the newest that is known of it.
    pub(super) fn speed(&mut self, host: &HostName, speed: &Speed) {
        let Some(state) = self.state.hosts.get_mut(host) else { return };
        let known = state.speeds.get(&speed.model).copied();
        let is_old = known.is_some_and(|known| known > speed.at);
        if is_old || (known.is_none() && state.speeds.len() >= MOST) {
            return;
        }
        state.speeds.insert(speed.model.clone(), speed.at);
        let (measure, subject) = (Measure::EngineSpeed, speed.model.as_str().into());
        let (value, detail) = (Some(speed.share), Detail::Words(speed.words.as_str().into()));
        self.hear(Some(host), &Signal { measure, subject, value, detail });
    }

    /// Whether its absence matters: it was there for a while, and not too long ago.
    fn is_missed(&self, host: &HostName, port: u16) -> bool {
        let now = self.state.clock.now;
        let known = self.state.hosts.get(host).and_then(|state| state.engines.get(&port));
        known.is_some_and(|known| {
            known.well.0 - known.first.0 >= KNOWN.0 && now.0 - known.well.0 < MISSED.0
        })
    }

    /// Whether it does not do its work: `None` while that cannot be told.
    fn engine(
        &self,
        host: &HostName,
        port: u16,
        engines: &Engines<'_>,
    ) -> (Option<f64>, Detail<'static>) {
        let known = self.state.hosts.get(host).and_then(|state| state.engines.get(&port));
        let found = engines.found.iter().find(|engine| engine.port == port);
        let kind = found.map(|engine| engine.kind).or(known.map(|known| known.kind));
        let name = kind.map_or("the engine", EngineKind::name);
        let told =
            |why: String| Detail::Told(format!("{name} on port {port} {why}"), self.at_work(known));
        match found.map(|engine| &engine.state) {
            Some(EngineState::Unwell(why)) => (Some(1.0), told(format!("is unwell: {why}"))),
            Some(EngineState::Silent(why)) => (Some(1.0), told(format!("does not answer: {why}"))),
            // A large model takes as long as it takes.
            Some(EngineState::Loading) => (None, Detail::None),
            Some(_) => (Some(0.0), told("answers".to_owned())),
            None => match engines.listening.map(|listening| listening.get(&port)) {
                Some(None) => (Some(1.0), told("is gone: nobody listens there".to_owned())),
                Some(Some(true)) => (
                    Some(1.0),
                    told("does not answer: what listens there speaks as no engine".to_owned()),
                ),
                Some(Some(false)) | None => (None, Detail::None),
            },
        }
    }

    /// How it is known that it was there.
    fn at_work(&self, known: Option<&Known>) -> String {
        match known.map(|known| Millis(self.state.clock.now.0 - known.well.0)) {
            Some(ago) if ago.0 < 1000 => "it does its work".to_owned(),
            Some(ago) => format!("it last did its work {ago} ago"),
            None => "it shall run there, and was never seen at work".to_owned(),
        }
    }

    /// An engine is forgotten, and with it what was told of it.
    fn let_go(&mut self, host: &HostName, port: u16) {
        let Some(state) = self.state.hosts.get_mut(host) else { return };
        state.engines.remove(&port);
        self.changed = true;
        let subject = port.to_string();
        let of_engines = self.rules.rules.iter().filter(|rule| rule.watch == Measure::Engine);
        let ids: Vec<AlertId> =
            of_engines.map(|rule| id(&rule.name.value, Some(host), &subject)).collect();
        ids.iter().for_each(|id| self.withdraw_one(id));
    }

    /// Tells that nobody asks about it any more, where it was told, and forgets it.
    pub(super) fn withdraw_one(&mut self, id: &AlertId) {
        if self.state.cause(id).is_some_and(|cause| cause.damper.shown) {
            let alert = Box::new(self.alert(id));
            let loud = alert.is_loud();
            self.told.push(Told::Alert { notice: Notice::Withdrawn, alert, loud });
        }
        let subject = id.subject.as_deref().unwrap_or_default();
        if let Some(place) = self.state.place_mut(id.host.as_ref()) {
            place.causes.retain(|rule, of, _| (rule, of) != (id.rule.as_str(), subject));
        }
    }
}

/// Whether it answers as an engine that may be relied upon.
fn is_up(state: &EngineState) -> bool {
    matches!(state, EngineState::Ready | EngineState::Asleep | EngineState::Locked)
}
