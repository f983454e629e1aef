//! Sending a program until it has begun: what did not arrive is sent again, and what had arrived is read on.

use std::sync::atomic::Ordering;

use super::{Follower, Ready};
use crate::fleet::{Failure, FailureKind, HostEvent, HostOutcome};
use crate::ops::run::exchange::Heard;
use crate::ops::run::stopped::{Stop, cut_short, killed_looking};
use crate::playbook::frame::Obstacle;
use crate::reach::{Link, backoff};

/// How often a program is sent that did not arrive.
const SENDINGS: u32 = 3;

/// What came of sending a program.
enum Sent {
    /// It began, and stopped there.
    Stopped(Stop),
    /// The network kept it from beginning, or from beyond where it only looks.
    Lost(Failure),
    /// It came in parts and did not begin.
    Torn,
}

const TORN: &str = "the program did not arrive whole and is sent again";

impl Follower<'_> {
    /// Runs a program and follows its run to the end, over as many links as it takes. What did not arrive is sent again:
    /// a run starts once, however often its program comes.
    pub async fn follow(&self, link: &Link, ready: &mut Ready) -> Result<Stop, HostOutcome> {
        let sent = (ready.program.clone(), ready.start.clone());
        let mut link = link.clone();
        let mut sending = 1;
        loop {
            let stop = match self.send(&link, ready, sending).await? {
                Sent::Stopped(stop) => return Ok(stop),
                Sent::Lost(failure) if sending < SENDINGS => HostEvent::LostTouch { failure },
                Sent::Lost(failure) => return Err(HostOutcome::Unreachable(failure)),
                Sent::Torn if sending < SENDINGS => HostEvent::Note { text: TORN.to_owned() },
                Sent::Torn => return Ok(Stop::Refused(Obstacle::Truncated)),
            };
            self.tell(stop).await;
            tokio::time::sleep(backoff(sending, rand::random())).await;
            link = self.link().await?;
            sending += 1;
            (ready.program, ready.start) = sent.clone();
            ready.teller.seq = 0;
        }
    }

    /// Sends the program for the `sending`-th time, and follows where it began.
    async fn send(
        &self,
        link: &Link,
        ready: &mut Ready,
        sending: u32,
    ) -> Result<Sent, HostOutcome> {
        let (mut stop, mut heard) = self.listen(link, ready).await;
        if sending > 1 && matches!(stop, Some(Stop::Refused(Obstacle::Exists))) {
            // An earlier sending had arrived, and only its answer had not.
            self.read_on(ready)?;
            (stop, heard) = self.listen(link, ready).await;
        }
        match (stop, heard) {
            (Some(Stop::Refused(Obstacle::Truncated)), _) => Ok(Sent::Torn),
            (Some(stop), _) => Ok(Sent::Stopped(stop)),
            (None, Heard::NotStarted(failure)) if failure.kind == FailureKind::Network => {
                Ok(Sent::Lost(failure))
            }
            (None, Heard::NotStarted(failure) | Heard::Unrooted(failure)) => {
                Err(HostOutcome::Refused(failure))
            }
            (None, Heard::All | Heard::Overslept) => {
                match self.find_again(ready, cut_short()).await? {
                    Stop::Gone if self.only_looked() => Err(killed_looking()),
                    stop => Ok(Sent::Stopped(stop)),
                }
            }
            (None, Heard::LinkBroke(failure)) => {
                match self.find_again(ready, failure.clone()).await? {
                    // It was still looking, and has changed nothing.
                    Stop::Gone if self.only_looked() => Ok(Sent::Lost(failure)),
                    stop => Ok(Sent::Stopped(stop)),
                }
            }
        }
    }

    /// Whether nothing was ever told of it but that it looks.
    fn only_looked(&self) -> bool {
        !self.detached.load(Ordering::Relaxed)
    }
}
