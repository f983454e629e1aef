//! Follows one host: connects, runs the sampler's program there, reads on until the link breaks, and
//! begins again. Puts what it learns on the board and nowhere else.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::fleet::{
    Failure, FailureKind, History, Host, HostName, Millis, Reachability, Timestamp,
};
use crate::reach::{Chunk, Command, ReachError, Running};
use crate::telemetry::facts::Token;
use crate::telemetry::sampler::{Pace, Stream, program};

use super::{Board, Persistence, Watched};
use crate::ops::Clock;
use crate::reach::Reach;

/// The first wait before a broken link is made anew; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Points of a trend.
const POINTS: usize = 30;
/// What a host may take to tell all that it can at first. A driver that sleeps takes seconds.
const PATIENCE: Millis = Millis(8000);

/// What it takes to follow one host.
pub(super) struct Follower {
    pub host: Host,
    pub reach: Reach,
    pub clock: Clock,
    pub pace: Pace,
    pub persistence: Persistence,
    pub post: Post,
}

/// One host's place on the board.
#[derive(Clone)]
pub(super) struct Post {
    pub host: HostName,
    pub board: Arc<watch::Sender<Board>>,
}

/// Why following came to an end.
struct Ended {
    failure: Failure,
    /// Whether another try may go better by itself.
    transient: bool,
    /// Whether the host had told something before.
    heard: bool,
}

impl Follower {
    /// Follows until nobody looks any more, or there is no point in trying again.
    pub async fn follow(self) {
        let mut wait = FIRST_WAIT;
        let mut history = History::new(self.pace.millis());
        loop {
            self.post.update(|watched| watched.contact = Reachability::Connecting);
            let ended = self.attempt(&mut history).await;
            self.post.down(ended.failure);
            if self.persistence == Persistence::Once || !ended.transient {
                return;
            }
            wait = if ended.heard { FIRST_WAIT } else { (wait * 2).min(LONGEST_WAIT) };
            // Hosts that went down together do not all come back at the same moment.
            sleep(wait.mul_f64(rand::random_range(0.5..1.0))).await;
        }
    }

    async fn attempt(&self, history: &mut History) -> Ended {
        let begun = self.clock.now();
        let link = match self.reach.link(&self.host).await {
            Ok(link) => link,
            Err(error) => return ended(&error, false),
        };
        let token = Token::new(rand::random());
        let running = match link.run(&Command::new("sh")).await {
            Ok(running) => running,
            Err(error) => return ended(&error, false),
        };
        let took = Millis(self.clock.now().0 - begun.0);
        self.post.update(|watched| watched.contact = Reachability::Up(took));
        tokio::select! {
            ended = self.listen(running, &token, history) => ended,
            why = link.ended() => {
                let text = format!("the connection broke: {why}");
                Ended { failure: network(text), transient: true, heard: true }
            }
        }
    }

    /// Reads on until the program there ends. Silence is told too: ages grow while nothing comes.
    async fn listen(&self, mut running: Running, token: &Token, history: &mut History) -> Ended {
        let begun = self.clock.now();
        let mut stream = Stream::new(token, self.pace);
        if let Some(stdin) = running.stdin() {
            stdin.write(program(token, self.pace)).await;
        }
        // Longer than the pace, or every second beat would be told twice.
        let beat = Duration::from_millis(self.pace.millis().0.unsigned_abs()).mul_f64(1.5);
        loop {
            let chunk = match timeout(beat, running.next()).await {
                Ok(None) => return over(&mut running, stream.heard().is_some()).await,
                Ok(Some(chunk)) => Some(chunk),
                Err(_) => None,
            };
            let now = self.clock.now();
            let news = match chunk {
                Some(Chunk::Stdout(bytes)) => stream.push(&bytes, now),
                Some(Chunk::Stderr(_)) => false,
                None => true,
            };
            if stream.is_foreign() {
                return foreign();
            }
            let waited = now.0 - begun.0 > PATIENCE.0;
            if waited && stream.heard().is_none() {
                return mute();
            }
            if news || (waited && !self.post.is_settled()) {
                self.post.show(&stream, history, (now, waited));
            }
        }
    }
}

impl Post {
    fn update(&self, change: impl FnOnce(&mut Watched)) {
        self.board.send_modify(|board| change(board.entry(self.host.clone()).or_default()));
    }

    fn is_settled(&self) -> bool {
        self.board.borrow().get(&self.host).is_some_and(|watched| watched.settled)
    }

    fn show(&self, stream: &Stream, history: &mut History, (now, waited): (Timestamp, bool)) {
        let sample = stream.sample(now).map(Arc::new);
        if let Some(sample) = &sample {
            history.push(now, sample);
        }
        let trend = Arc::new(history.trend(POINTS));
        self.update(|watched| {
            watched.heard = stream.heard().or(watched.heard);
            (watched.sample, watched.trend) = (sample, trend);
            watched.settled |= waited || stream.is_whole(now);
        });
    }

    /// The host is down, and what it told before is not shown as if it still held.
    pub(super) fn down(&self, failure: Failure) {
        self.update(|watched| {
            watched.contact = Reachability::Down(failure);
            watched.sample = None;
            watched.settled = true;
        });
    }
}

fn ended(error: &ReachError, heard: bool) -> Ended {
    Ended { failure: error.failure(), transient: error.is_transient(), heard }
}

fn network(text: String) -> Failure {
    Failure { kind: FailureKind::Network, text, hint: None }
}

/// The program never ends by itself: somebody or something there has ended it, or the link broke.
async fn over(running: &mut Running, heard: bool) -> Ended {
    match running.exit().await {
        Ok(exit) => {
            let text = format!("the sampler there was ended: {exit}");
            let hint = Some("log in there by hand and see whether `sh` works".to_owned());
            let failure = Failure { kind: FailureKind::Shell, text, hint };
            Ended { failure, transient: true, heard }
        }
        Err(error) => ended(&error, heard),
    }
}

fn foreign() -> Ended {
    let text = "this machine has no `/proc`: only Linux is watched so far".to_owned();
    let hint = Some("`shelter hosts facts` knows other systems as well".to_owned());
    let failure = Failure { kind: FailureKind::Shell, text, hint };
    Ended { failure, transient: false, heard: false }
}

fn mute() -> Ended {
    let text = "the host lets us in but tells nothing".to_owned();
    let hint = Some("log in there by hand and see whether `sh -c true` works".to_owned());
    let failure = Failure { kind: FailureKind::Shell, text, hint };
    Ended { failure, transient: true, heard: false }
}
