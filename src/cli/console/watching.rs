//! Brings the console what the hosts are doing: at full pace while somebody is there, seldom while nobody is.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::fleet::Host;
use crate::ops::{Persistence, Sampling};
use crate::reach::Reach;
use crate::telemetry::sampler::Pace;
use crate::ui::news::News;

/// Seconds between two looks at a host.
const PACE: u32 = 2;
/// What comes within so long is brought together.
const TOGETHER: Duration = Duration::from_millis(150);
/// A console that nobody has touched for so long is looked at by nobody, and cards may sleep.
const LOOKED_AWAY: Duration = Duration::from_secs(15 * 60);

/// Until the console has gone. `touched`: tells when somebody presses a key there.
pub async fn watch_hosts(
    hosts: Vec<Host>,
    reach: Reach,
    news: mpsc::Sender<News>,
    mut touched: watch::Receiver<()>,
) {
    let mut sampling = Sampling::begin(hosts, reach, Pace::seconds(PACE), Persistence::ForEver);
    let (mut somebody, mut until) = (true, Instant::now() + LOOKED_AWAY);
    loop {
        tokio::select! {
            more = sampling.changed() => {
                // Hosts that tell at nearly the same time are looked at once.
                sleep(TOGETHER).await;
                if !more || news.send(News::Board(sampling.board())).await.is_err() {
                    return;
                }
            }
            Ok(()) = touched.changed() => {
                (somebody, until) = (true, Instant::now() + LOOKED_AWAY);
                sampling.attend(true);
            }
            () = sleep_until(until), if somebody => {
                somebody = false;
                sampling.attend(false);
            }
        }
    }
}
