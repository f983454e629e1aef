//! The actor that reaches one host and gathers its facts. Says what came of it and nothing else.

use std::time::Duration;

use tokio::time::timeout;

use crate::fleet::{Event, Facts, Failure, FailureKind, Host, HostName, Millis};
use crate::reach::{Asker, Command, Link, Output, Reach, Secret};
use crate::records::{FactsCache, StatusFiles};
use crate::telemetry::facts::{Exchange, Token, parse, probe};

use super::run::{Stopper, Waiting};
use super::{Clock, Hub};

/// How long a host may take to tell its facts. The probe bounds what is known to hang; a network
/// disk that is gone, or a way that leads nowhere, nothing else would bound.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an actor works with.
#[derive(Clone)]
pub(super) struct Crew {
    pub reach: Reach,
    pub asker: Asker,
    pub clock: Clock,
    pub hub: Hub,
    pub facts: FactsCache,
    pub status: StatusFiles,
    pub stopper: Stopper,
    pub waiting: Waiting,
    /// Whether the connections are held for more that is to be run.
    pub more_to_come: bool,
    /// The sudo password, where it was given beforehand.
    pub sudo: Option<Secret>,
}

impl Crew {
    /// The facts of a host as last gathered. A cache that cannot be read is as good as none.
    pub fn known(&self, host: &HostName) -> Option<Facts> {
        match self.facts.load(host) {
            Ok(cached) => cached.map(|cached| cached.facts),
            Err(error) => {
                tracing::warn!(%host, %error, "the cached facts cannot be read");
                None
            }
        }
    }
}

/// Reaches the host, asks for its facts, and tells the hub.
pub(super) async fn survey(host: Host, crew: Crew) {
    let Crew { clock, hub, .. } = &crew;
    let name = host.name.clone();
    hub.tell(Event::Connecting { host: name.clone() }).await;
    let begun = clock.now();
    match reach_and_gather(&host, &crew).await {
        Ok(facts) => {
            let took = Millis(clock.now().0 - begun.0);
            hub.tell(Event::Reached { host: name.clone(), took }).await;
            hub.tell(Event::Gathered { host: name, facts: Box::new(facts) }).await;
        }
        Err(failure) => hub.tell(Event::Unreachable { host: name, failure }).await,
    }
}

async fn reach_and_gather(host: &Host, crew: &Crew) -> Result<Facts, Failure> {
    let link = crew.reach.link(host).await.map_err(|e| e.failure())?;
    let facts = gather(&link, &crew.clock).await?;
    if crew.more_to_come {
        crew.waiting.keep_for_any(&host.name, &link);
    }
    Ok(facts)
}

/// Asks a host for its facts over a link that stands.
pub(super) async fn gather(link: &Link, clock: &Clock) -> Result<Facts, Failure> {
    let token = Token::new(rand::random());
    let program = probe(&token);
    let sent = clock.now();
    let asked = timeout(PATIENCE, link.output(&Command::new("sh"), program.as_bytes())).await;
    let output = asked.map_err(|_| silent())?.map_err(|e| e.failure())?;
    let exchange = Exchange { token, sent, received: clock.now() };
    parse(&output.stdout, &exchange).map_err(|error| unusable(&error.to_string(), &output))
}

/// Something the probe looks at hangs, or the way to the host does without ending.
fn silent() -> Failure {
    let text = format!("it did not tell its facts within {} s", PATIENCE.as_secs());
    let hint = "log in there by hand: does `df` hang on a network disk, or the login itself?";
    Failure { kind: FailureKind::Shell, text, hint: Some(hint.to_owned()) }
}

/// The host answers, but not as a POSIX shell would.
fn unusable(why: &str, output: &Output) -> Failure {
    let stderr = crate::text::inert(&output.stderr);
    let last = stderr.lines().rfind(|line| !line.trim().is_empty());
    let text = match last {
        Some(line) => format!("{why}; it complained: {line}"),
        None => why.to_owned(),
    };
    let hint = Some("log in there by hand and see whether `sh -c true` works".to_owned());
    Failure { kind: FailureKind::Shell, text, hint }
}
