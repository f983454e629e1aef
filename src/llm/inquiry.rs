//! One port of a host, asked again and again: which engine is there, and what it is doing. Remembers only what a rate
//! and a silence need.

use crate::fleet::{Engine, EngineKind, EngineState, Reading, Timestamp, TokenRate};

use super::client::Client;
use super::engines;
use super::error::LlmError;
use super::figure::Figure;
use super::look::{Counted, Look};
use super::meter::Meter;
use super::session::Session;

/// Looks at a port that does not say what it is, before it is asked again.
const REST: u32 = 15;

/// A port that is asked.
pub struct Inquiry {
    session: Session,
    port: u16,
    found: Found,
    meters: [Meter; 2],
    last: Option<Engine>,
    children: Vec<u16>,
}

enum Found {
    /// Nobody has asked.
    Unasked,
    /// An engine.
    Engine(EngineKind),
    /// Something else.
    Nothing,
    /// It did not say; so many looks until it is asked again.
    Unsaid(u32),
}

impl Inquiry {
    /// Of what listens there.
    pub fn new(client: &Client, port: u16) -> Self {
        let (session, found) = (client.session(), Found::Unasked);
        Self { session, port, found, meters: Default::default(), last: None, children: Vec::new() }
    }

    /// Looks at it. `None`: no engine listens there, or what does has not said so yet.
    pub async fn look(&mut self, now: Timestamp) -> Option<Engine> {
        let kind = self.kind().await?;
        let mut look = Look::new(&mut self.session, Engine::new(kind, self.port, now));
        engines::look(&mut look).await;
        if let Some(fault) = look.fault() {
            let silent = match self.last.take() {
                Some(engine) => engine.silent(now, fault.to_string()),
                None => Engine::new(kind, self.port, now).silent(now, fault.to_string()),
            };
            self.last = Some(silent);
        } else {
            let Look { mut engine, counted, children, .. } = look;
            let [read, written] = counted;
            engine.reading = self.meters[0].rate(read);
            engine.writing = self.meters[1].rate(written);
            if engine.state == EngineState::Loading {
                // What it served before it loads says nothing about what it serves then.
                self.meters = Default::default();
            }
            self.children = children;
            self.last = Some(engine);
        }
        self.last.clone()
    }

    /// Whether what listens there is known to be no engine.
    pub fn is_vain(&self) -> bool {
        matches!(self.found, Found::Nothing)
    }

    /// Whether another look would tell rates that this one could not.
    pub fn counts(&self) -> bool {
        self.meters.iter().any(Meter::is_running)
    }

    /// Closes the connection until the next look.
    pub fn hang_up(&mut self) {
        self.session.hang_up();
    }

    /// Ports of engines that this one has started for itself and speaks for.
    pub fn children(&self) -> &[u16] {
        &self.children
    }

    async fn kind(&mut self) -> Option<EngineKind> {
        match &mut self.found {
            Found::Engine(kind) => return Some(*kind),
            Found::Nothing => return None,
            Found::Unsaid(rest) if *rest > 0 => {
                *rest -= 1;
                return None;
            }
            Found::Unasked | Found::Unsaid(_) => {}
        }
        self.found = match engines::find(&mut self.session).await {
            Ok(Some(kind)) => Found::Engine(kind),
            // What is no HTTP will not become it.
            Ok(None) | Err(LlmError::Broken(_) | LlmError::TooLong(_)) => Found::Nothing,
            Err(_) => Found::Unsaid(REST),
        };
        match self.found {
            Found::Engine(kind) => Some(kind),
            _ => None,
        }
    }
}

impl Meter {
    fn rate(&mut self, counted: Counted) -> Reading<TokenRate> {
        let rate = counted.at.map_or(Figure::Nothing, |at| self.look(at, counted.total));
        rate.map(TokenRate).reading()
    }
}
