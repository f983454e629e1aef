//! The home as the console opens it: read once, and again when its files change. The station stays, and with it what
//! goes on.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::bring::{look_up, remember};
use super::{Carrier, Shop, told};
use crate::cli::args::Global;
use crate::cli::compose::Console;
use crate::cli::console::settings;
use crate::cli::console::stir::{Stir, Stirring, Stirs};
use crate::cli::console::watching::watch_hosts;
use crate::cli::exit::Trouble;
use crate::cli::surroundings::find_home;
use crate::fleet::Event;
use crate::ops::{Events, Seen, Station};
use crate::records::WatchFiles;
use crate::text::Style;
use crate::ui::news::News;

impl Carrier {
    /// Reads what there is, and begins to watch the hosts.
    pub(super) async fn open(&mut self) {
        let (global, looks_only) = (self.global.clone(), self.read_only);
        let opened = tokio::task::spawn_blocking(move || open(&global, looks_only)).await;
        let opened = match opened {
            Ok(Opened::Console(console)) => self.open_shop(*console),
            Ok(Opened::Without(place)) => return self.tell(News::NoInventory { place }).await,
            Ok(Opened::Wrong(report)) => return self.tell(News::Wrong(report)).await,
            Err(stopped) => return self.tell(News::Wrong(stopped.to_string())).await,
        };
        match opened {
            Ok(()) => self.introduce().await,
            Err(trouble) => self.tell(News::Wrong(told(&trouble))).await,
        }
    }

    /// Files of the home have changed.
    pub(super) async fn look_again(&mut self, stir: Stir) {
        match stir {
            Stir::Inventory if !self.global.lab => self.reopen().await,
            Stir::Inventory => {}
            Stir::Watchdog => self.tell_watchdog().await,
            Stir::Playbooks | Stir::Records => {
                let Some(shop) = &self.shop else { return };
                look_up(shop.console.clone(), self.news.clone()).await;
                if stir == Stir::Records {
                    remember(shop.console.clone(), self.news.clone()).await;
                    self.learn().await;
                }
            }
        }
    }

    /// The inventory has changed: the station stays, and with it what goes on.
    pub(super) async fn reopen(&mut self) {
        let Some(shop) = &mut self.shop else { return self.open().await };
        let (global, looks_only) = (self.global.clone(), self.read_only);
        let opened = tokio::task::spawn_blocking(move || open(&global, looks_only)).await;
        match opened {
            Ok(Opened::Console(console)) => {
                let hosts = console.inventory().hosts.clone();
                // Hosts that stay as they were are not reached anew.
                if hosts != shop.console.inventory().hosts {
                    shop.watching.abort();
                    let (reach, touched) = (shop.reach.clone(), self.touched.clone());
                    let watching = watch_hosts(hosts, reach, self.news.clone(), touched);
                    shop.watching = tokio::spawn(watching);
                }
                shop.console = Arc::new(*console);
                self.introduce().await;
            }
            Ok(Opened::Wrong(report)) => self.tell(News::Wrong(report)).await,
            // One that is being written anew is not there for a moment.
            Ok(Opened::Without(_)) | Err(_) => {}
        }
    }

    /// Begins to look after the files of the home. Without it the console works on, and reads them less often.
    pub(super) fn watch_files(&self) -> Option<Stirring> {
        let home = find_home(&self.global).ok()?;
        let records = if self.global.lab { home.practice() } else { home.clone() };
        match Stirring::begin(&home, &records, self.read_only, self.stirs.clone()) {
            Ok(stirring) => Some(stirring),
            Err(error) => {
                tracing::warn!(%error, "files of the home are not watched");
                None
            }
        }
    }

    fn open_shop(&mut self, console: Console) -> Result<(), Trouble> {
        self.read_only |= console.settings().read_only;
        let ways = console.ways_asking(self.asker.clone())?;
        let reach = ways.reach.clone();
        let station = console.station_by(ways, None);
        let following = self.attend(&station);
        let hosts = console.inventory().hosts.clone();
        let (news, touched) = (self.news.clone(), self.touched.clone());
        let watching = tokio::spawn(watch_hosts(hosts, reach.clone(), news, touched));
        let (console, begun) = (Arc::new(console), Vec::new());
        self.shop = Some(Shop { console, station, reach, begun, watching, following });
        Ok(())
    }

    /// Shows what is known at a station, and brings what happens there.
    fn attend(&self, station: &Station) -> JoinHandle<()> {
        self.hub.send_replace(Some(station.hub()));
        tokio::spawn(follow(station.events(), self.news.clone(), self.stirs.clone()))
    }

    /// The records cannot be written, and nothing more happens at the station: that is said, and another one takes
    /// its place, which tries to record as soon as something is begun there.
    pub(super) async fn begin_anew(&mut self) {
        let Some(mut shop) = self.shop.take() else { return };
        shop.following.abort();
        shop.begun.clear();
        let ways = shop.console.ways_over(shop.reach.clone(), self.asker.clone());
        let station = shop.console.station_by(ways, None);
        let before = std::mem::replace(&mut shop.station, station);
        let why = match before.settle().await {
            Err(error) => told(&error.into()),
            Ok(()) => "error: the hub stopped\n".to_owned(),
        };
        shop.following = self.attend(&shop.station);
        self.shop = Some(shop);
        self.tell(News::Unrecorded(why)).await;
    }

    /// Tells what there is, the hosts first.
    pub(super) async fn introduce(&self) {
        let Some(shop) = &self.shop else { return };
        match settings::set(shop.console.settings()) {
            Ok(set) => self.tell(set).await,
            Err(wrong) => return self.tell(News::Wrong(wrong.render(Style::Plain))).await,
        }
        let (hosts, practice) =
            (shop.console.inventory().hosts.clone(), shop.console.is_practice());
        self.tell(News::Hosts { hosts, practice }).await;
        look_up(shop.console.clone(), self.news.clone()).await;
        remember(shop.console.clone(), self.news.clone()).await;
        self.tell_watchdog().await;
    }

    /// Tells where the watchdog of this home stands, if there is one.
    pub(super) async fn tell_watchdog(&self) {
        let Some(shop) = &self.shop else { return };
        match WatchFiles::of(shop.console.home()).standing() {
            Ok(Some(standing)) => self.tell(News::Watchdog(Box::new(standing))).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "where the watchdog stands cannot be read"),
        }
    }
}

/// What came of reading the home.
enum Opened {
    Console(Box<Console>),
    Without(String),
    Wrong(String),
}

fn open(global: &Global, looks_only: bool) -> Opened {
    let place = find_home(global).map(|home| home.inventory());
    if let Ok(place) = &place
        && !global.lab
        && !place.exists()
    {
        return Opened::Without(place.display().to_string());
    }
    match Console::open_silently(global, looks_only) {
        Ok((console, warnings)) => {
            for line in warnings.render(Style::Plain).lines() {
                tracing::warn!("{line}");
            }
            Opened::Console(Box::new(console))
        }
        Err(trouble) => Opened::Wrong(told(&trouble)),
    }
}

/// Brings what happens to the console.
async fn follow(mut events: Events, news: mpsc::Sender<News>, stirs: Stirs) {
    while let Some(seen) = events.next().await {
        let one = match seen {
            Seen::Event(stamped) => {
                if matches!(stamped.event, Event::RunEnded { .. } | Event::RunLeft { .. }) {
                    stirs.stir(Stir::Records);
                }
                News::Happened(stamped)
            }
            Seen::Output(output) => News::Printed(output),
            // What went by stands in the records, which are read anew.
            Seen::Missed(events) => {
                stirs.stir(Stir::Records);
                News::Missed(events)
            }
        };
        if news.send(one).await.is_err() {
            return;
        }
    }
}
