//! The actors that ask hosts for their vitals, one for each host, as soon as it answers and from then on every 15 s.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::fleet::{Host, HostName, Reachability, Vitals};
use crate::ops::{Board, Clock, Sampling};
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

struct Questioner {
    host: Host,
    reach: Reach,
    clock: Clock,
    units: Vec<String>,
    answers: mpsc::Sender<(HostName, Vitals)>,
}

/// Asks every host for as long as the tasks live.
pub(super) fn ask_all(
    watch: &Watch,
    sampling: &Sampling,
    clock: &Clock,
    answers: mpsc::Sender<(HostName, Vitals)>,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for host in &watch.hosts {
        let questioner = Questioner {
            host: host.clone(),
            reach: watch.ways.reach.clone(),
            clock: clock.clone(),
            units: services(watch, host),
            answers: answers.clone(),
        };
        tasks.spawn(questioner.go_on(sampling.watch()));
    }
    tasks
}

impl Questioner {
    async fn go_on(self, mut board: watch::Receiver<Board>) {
        let up = |board: &Board, host: &HostName| {
            board.get(host).is_some_and(|w| matches!(w.contact, Reachability::Up(_)))
        };
        // Only where a connection stands: making one is the sampler's affair.
        while board.wait_for(|board| up(board, &self.host.name)).await.is_ok() {
            let answer = timeout(PATIENCE, self.ask()).await.ok().flatten();
            if let Some(vitals) = answer
                && self.answers.send((self.host.name.clone(), vitals)).await.is_err()
            {
                return;
            }
            let down = board.wait_for(|board| !up(board, &self.host.name));
            tokio::select! { _ = down => {}, () = sleep(APART) => {} }
        }
    }

    async fn ask(&self) -> Option<Vitals> {
        let link = self.reach.link(&self.host).await.ok()?;
        let token = Token::new(rand::random());
        let program = program(&token, &self.units);
        let sent = self.clock.now();
        let output = link.output(&Command::new("sh"), program.as_bytes()).await.ok()?;
        parse(&output.stdout, &exchange(token, sent, self.clock.now()))
    }
}
