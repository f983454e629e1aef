//! The actors that ask hosts for their vitals, one for each host, as soon as it answers and from then on every 15 s. That
//! one does not answer is told once.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::fleet::{Event, Host, HostName, Reachability, Timestamp, Vitals};
use crate::ops::{Board, Clock, Hub, Sampling};
use crate::reach::{Command, Reach};
use crate::telemetry::facts::Token;
use crate::telemetry::vitals::{exchange, parse, program};

use super::{Watch, services};

/// Between two questions.
const APART: Duration = Duration::from_secs(15);
/// A host that takes longer is asked again later.
const PATIENCE: Duration = Duration::from_secs(10);
/// What an answer takes where all is well.
pub(super) const MOMENT: Duration = Duration::from_secs(2);
/// So often without an answer, and it is told.
const ENOUGH: u32 = 4;

/// What a host told.
pub(super) struct Answer {
    pub host: HostName,
    /// When it was asked.
    pub asked: Timestamp,
    pub vitals: Vitals,
}

/// What it takes to ask, besides the hosts.
pub(super) struct Asking {
    pub clock: Clock,
    /// Where it is told that one does not answer.
    pub hub: Hub,
    /// Whenever this changes, all are asked at once.
    pub now: watch::Receiver<()>,
    pub answers: mpsc::Sender<Answer>,
}

struct Questioner {
    host: Host,
    reach: Reach,
    clock: Clock,
    units: Vec<String>,
}

/// How often in a row a host did not answer.
#[derive(Default)]
struct Failures(u32);

/// Asks every host for as long as the tasks live.
pub(super) fn ask_all(watch: &Watch, sampling: &Sampling, asking: &Asking) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for host in &watch.hosts {
        let questioner = Questioner {
            host: host.clone(),
            reach: watch.ways.reach.clone(),
            clock: asking.clock.clone(),
            units: services(watch, host),
        };
        let (hub, now) = (asking.hub.clone(), asking.now.clone());
        tasks.spawn(questioner.go_on(sampling.watch(), hub, now, asking.answers.clone()));
    }
    tasks
}

impl Questioner {
    async fn go_on(
        self,
        mut board: watch::Receiver<Board>,
        hub: Hub,
        mut now: watch::Receiver<()>,
        answers: mpsc::Sender<Answer>,
    ) {
        let up = |board: &Board, host: &HostName| {
            board.get(host).is_some_and(|w| matches!(w.contact, Reachability::Up(_)))
        };
        let mut failures = Failures::default();
        // Only where a connection stands: making one is the sampler's affair.
        while board.wait_for(|board| up(board, &self.host.name)).await.is_ok() {
            let asked = self.clock.now();
            let heard = timeout(PATIENCE, self.ask(asked)).await;
            let heard =
                heard.unwrap_or_else(|_| Err(format!("nothing came in {} s", PATIENCE.as_secs())));
            if let Some(text) = failures.note(&self.host.name, heard.as_ref().err()) {
                hub.tell(Event::Remarked { text }).await;
            }
            let host = self.host.name.clone();
            if let Ok(vitals) = heard
                && answers.send(Answer { host, asked, vitals }).await.is_err()
            {
                return;
            }
            let down = board.wait_for(|board| !up(board, &self.host.name));
            tokio::select! {
                _ = down => {}
                Ok(()) = now.changed() => {}
                () = sleep(APART) => {}
            }
        }
    }

    async fn ask(&self, sent: Timestamp) -> Result<Vitals, String> {
        let link = self.reach.link(&self.host).await.map_err(|error| error.to_string())?;
        let token = Token::new(rand::random());
        let program = program(&token, &self.units);
        let output = link.output(&Command::new("sh"), program.as_bytes()).await;
        let output = output.map_err(|error| error.to_string())?;
        let answer = parse(&output.stdout, &exchange(token, sent, self.clock.now()));
        answer.ok_or_else(|| "what it answers is not whole".to_owned())
    }
}

impl Failures {
    /// Notes how asking went. `Some`: that is worth telling.
    fn note(&mut self, host: &HostName, failure: Option<&String>) -> Option<String> {
        let before = self.0;
        self.0 = if failure.is_some() { before.saturating_add(1) } else { 0 };
        let what = "of its services, its clock and its boot";
        match failure {
            Some(why) => {
                tracing::warn!(%host, why, "it was asked for its vitals in vain");
                (self.0 == ENOUGH).then(|| format!("{host} tells nothing {what}: {why}"))
            }
            None => (before >= ENOUGH).then(|| format!("{host} tells again {what}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_does_not_answer_is_told_of_once_and_so_is_its_return() {
        let (host, why) = (HostName::new("shadow").unwrap(), "nothing came".to_owned());
        let mut failures = Failures::default();
        let mut told = Vec::new();
        for round in 0..100 {
            let failure = (round < 90).then_some(&why);
            told.extend(failures.note(&host, failure).map(|text| (round, text)));
        }
        let said: Vec<_> = told.iter().map(|(round, text)| (*round, text.as_str())).collect();
        let what = "of its services, its clock and its boot";
        let [vain, well] =
            [format!("shadow tells nothing {what}: {why}"), format!("shadow tells again {what}")];
        assert_eq!(said, [(3, vain.as_str()), (90, well.as_str())]);
        assert_eq!(failures.note(&host, Some(&why)), None, "it begins anew");
    }
}
