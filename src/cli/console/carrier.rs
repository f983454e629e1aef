//! Whoever carries out what is wished in the console, and brings it what happens. Shows nothing itself.

use std::sync::{Arc, OnceLock};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::asking::Asking;
use super::stir::{Stir, Stirring};
use super::watching::watch_hosts;
use super::{adding, settings, sheets, shelf};
use crate::cli::again;
use crate::cli::args::{Conflict, Global, How, Undo};
use crate::cli::bench::Shelf;
use crate::cli::compose::{Console, actor, find_home};
use crate::cli::exit::Trouble;
use crate::cli::run::{Wanted, orders};
use crate::cli::secrets::{self, Asked};
use crate::fleet;
use crate::fleet::{AlertId, Event, Hush, Matcher, RunId, Timestamp};
use crate::ops::{Begun, Clock, Events, Hub, Job, Level, Seen, Station};
use crate::reach::{Asker, Question, Reach};
use crate::records::{Memory, WatchFiles, recent, write_cache};
use crate::text::Style;
use crate::ui::effect::{NewHost, Runnable, Wish};
use crate::ui::news::News;

/// Runs of the past that are shown.
const PAST: usize = 300;
/// Lines of the history that are shown.
const LINES: usize = 2000;
/// How long whoever has seen an alert looks after it.
const LOOKED_AFTER: i64 = 4 * 3_600_000;
/// Questions that may wait in line.
const QUESTIONS: usize = 16;
/// Changes of files that may wait; more of them say nothing new.
const STIRS: usize = 8;

/// Carries out what is wished.
pub struct Carrier {
    global: Global,
    news: mpsc::Sender<News>,
    hub: Arc<OnceLock<Hub>>,
    questions: mpsc::Receiver<Question>,
    asker: Asker,
    asking: Asking,
    stirs: mpsc::Sender<Stir>,
    touched: watch::Receiver<()>,
    shop: Option<Shop>,
}

/// What there is once the inventory is known.
struct Shop {
    console: Arc<Console>,
    station: Station,
    reach: Reach,
    begun: Vec<Begun>,
    watching: JoinHandle<()>,
}

impl Carrier {
    /// Carries out wishes until nobody wishes any more.
    pub async fn carry(
        global: Global,
        mut wishes: mpsc::UnboundedReceiver<Wish>,
        news: mpsc::Sender<News>,
        hub: Arc<OnceLock<Hub>>,
        touched: watch::Receiver<()>,
    ) -> Result<(), Trouble> {
        let (asker, questions) = mpsc::channel(QUESTIONS);
        let (asker, asking) = (Asker::Person(asker), Asking::default());
        let (stirs, mut stirred) = mpsc::channel(STIRS);
        let shop = None;
        let mut carrier =
            Self { global, news, hub, questions, asker, asking, stirs, touched, shop };
        carrier.open().await;
        let _watching = carrier.watch_files();
        loop {
            tokio::select! {
                wish = wishes.recv() => match wish {
                    Some(wish) => carrier.carry_out_all(wish, &mut wishes).await,
                    None => return carrier.close().await,
                },
                Some(question) = carrier.questions.recv() => {
                    carrier.asking.put(question, carrier.news.clone());
                }
                Some(stir) = stirred.recv() => carrier.look_again(stir).await,
            }
        }
    }

    async fn tell(&self, news: News) {
        // A console that has gone needs no news.
        let _ = self.news.send(news).await;
    }

    async fn say(&self, text: impl Into<String>) {
        self.tell(News::Said(text.into())).await;
    }

    /// Reads what there is, and begins to watch the hosts.
    async fn open(&mut self) {
        let global = self.global.clone();
        let opened = tokio::task::spawn_blocking(move || open(&global)).await;
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
    async fn look_again(&mut self, stir: Stir) {
        match stir {
            Stir::Inventory if !self.global.lab => self.reopen().await,
            Stir::Inventory => {}
            Stir::Watchdog => self.tell_watchdog().await,
            Stir::Playbooks | Stir::Records => {
                let Some(shop) = &self.shop else { return };
                look_up(shop.console.clone(), self.news.clone()).await;
                if stir == Stir::Records {
                    remember(shop.console.clone(), self.news.clone()).await;
                }
            }
        }
    }

    /// The inventory has changed: the station stays, and with it what goes on.
    async fn reopen(&mut self) {
        let Some(shop) = &mut self.shop else { return self.open().await };
        let global = self.global.clone();
        let opened = tokio::task::spawn_blocking(move || open(&global)).await;
        match opened {
            Ok(Opened::Console(console)) => {
                shop.watching.abort();
                let hosts = console.inventory().hosts.clone();
                let (reach, touched) = (shop.reach.clone(), self.touched.clone());
                let watching = watch_hosts(hosts, reach, self.news.clone(), touched);
                (shop.watching, shop.console) = (tokio::spawn(watching), Arc::new(*console));
                self.introduce().await;
            }
            Ok(Opened::Wrong(report)) => self.tell(News::Wrong(report)).await,
            // One that is being written anew is not there for a moment.
            Ok(Opened::Without(_)) | Err(_) => {}
        }
    }

    /// Begins to look after the files of the home. Without it the console works on, and reads them less often.
    fn watch_files(&self) -> Option<Stirring> {
        let home = find_home(&self.global).ok()?;
        let records = if self.global.lab { home.practice() } else { home.clone() };
        match Stirring::begin(&home, &records, self.stirs.clone()) {
            Ok(stirring) => Some(stirring),
            Err(error) => {
                tracing::warn!(%error, "files of the home are not watched");
                None
            }
        }
    }

    fn open_shop(&mut self, console: Console) -> Result<(), Trouble> {
        let ways = console.ways_asking(self.asker.clone())?;
        let reach = ways.reach.clone();
        let station = console.station_by(ways, None);
        // It is opened once: another inventory is worked on at the same station.
        let _ = self.hub.set(station.hub());
        tokio::spawn(follow(station.events(), self.news.clone(), self.stirs.clone()));
        let hosts = console.inventory().hosts.clone();
        let (news, touched) = (self.news.clone(), self.touched.clone());
        let watching = tokio::spawn(watch_hosts(hosts, reach.clone(), news, touched));
        let (console, begun) = (Arc::new(console), Vec::new());
        self.shop = Some(Shop { console, station, reach, begun, watching });
        Ok(())
    }

    /// Tells what there is, the hosts first.
    async fn introduce(&self) {
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
    async fn tell_watchdog(&self) {
        let Some(shop) = &self.shop else { return };
        match WatchFiles::of(shop.console.home()).standing() {
            Ok(Some(standing)) => self.tell(News::Watchdog(Box::new(standing))).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "where the watchdog stands cannot be read"),
        }
    }

    /// Carries out a wish and those that wait. Of plans that were wished one after another only the last counts.
    async fn carry_out_all(&mut self, first: Wish, waiting: &mut mpsc::UnboundedReceiver<Wish>) {
        let is_plan = |wish: &Wish| matches!(wish, Wish::Plan { .. });
        let mut wish = first;
        while let Ok(next) = waiting.try_recv() {
            if !(is_plan(&wish) && is_plan(&next)) {
                self.carry_out(wish).await;
            }
            wish = next;
        }
        self.carry_out(wish).await;
    }

    async fn carry_out(&mut self, wish: Wish) {
        let outcome = match wish {
            Wish::Practise => {
                self.global.lab = true;
                self.open().await;
                Ok(())
            }
            Wish::Add(host) => self.add(&host).await,
            Wish::Answer { question, answer } => {
                self.asking.answer(question, answer);
                Ok(())
            }
            Wish::Run(run) => self.run(&run),
            Wish::Undo(run) => self.undo(&run),
            Wish::Resume(run) => self.resume(&run),
            Wish::Cancel(run) => {
                self.cancel(&run).await;
                Ok(())
            }
            Wish::Detach(run) => {
                self.detach(&run).await;
                Ok(())
            }
            Wish::Plan { playbook, host } => {
                if let Some(shop) = &self.shop {
                    let sheet = sheets::sheet(&shop.console, &playbook, &host);
                    match sheet {
                        Ok(sheet) => self.tell(News::Planned(Box::new(sheet))).await,
                        Err(trouble) => self.say(line_of(&trouble)).await,
                    }
                }
                Ok(())
            }
            Wish::Ping(names) => {
                if let Some(shop) = &self.shop {
                    let known = |name| shop.console.inventory().host(name);
                    let hosts = names.iter().filter_map(|name| known(name.as_str())).cloned();
                    shop.station.survey(hosts.collect());
                }
                Ok(())
            }
            Wish::Acknowledge(alerts) => self.acknowledge(&alerts).await,
            Wish::Replay(run) => self.replay(&run).await,
            Wish::Copy(text) => self.keep_copy(&text).await,
        };
        if let Err(trouble) = outcome {
            self.say(line_of(&trouble)).await;
        }
    }

    async fn add(&mut self, host: &NewHost) -> Result<(), Trouble> {
        let name = adding::add(&find_home(&self.global)?, host)?;
        self.tell(News::Added(name)).await;
        self.open().await;
        self.carry_out_ping();
        Ok(())
    }

    /// Whoever was just added is reached at once: its key is shown, and its facts are gathered.
    fn carry_out_ping(&self) {
        if let Some(shop) = &self.shop {
            shop.station.survey(shop.console.inventory().hosts.clone());
        }
    }

    fn run(&mut self, run: &Runnable) -> Result<(), Trouble> {
        let Some(shop) = &mut self.shop else { return Ok(()) };
        let limit: Vec<&str> = run.hosts.iter().map(|host| host.as_str()).collect();
        let limit = Some(limit.join(","));
        // It was asked about in the console.
        let how = How { limit, check: run.check, diff: true, yes: true, ..How::default() };
        let mut notes = String::new();
        let wanted = Wanted::parse(&run.playbook);
        let mut orders = orders(&shop.console, &wanted, &how, &mut notes)?;
        secrets::give(&shop.console, &mut orders, Asked::Nobody)?;
        shop.begin(orders.into_iter().map(|order| Job::Order(Box::new(order))).collect());
        Ok(())
    }

    fn undo(&mut self, run: &RunId) -> Result<(), Trouble> {
        let Some(shop) = &mut self.shop else { return Ok(()) };
        let undo =
            Undo { run: run.to_string(), limit: None, conflict: Conflict::Stop, json: false };
        let followup = again::undoing(&shop.console, &undo)?;
        shop.begin(vec![Job::Followup(followup)]);
        Ok(())
    }

    fn resume(&mut self, run: &RunId) -> Result<(), Trouble> {
        let Some(shop) = &mut self.shop else { return Ok(()) };
        let followup = again::resuming(&shop.console, run)?;
        shop.begin(vec![Job::Followup(followup)]);
        Ok(())
    }

    async fn cancel(&mut self, run: &RunId) {
        let level = self.shop.as_ref().and_then(|shop| shop.of(run)).map(Begun::stop);
        let text = match level {
            None => "this console does not look after that run",
            Some(Level::GoOn | Level::Orderly) => "ending in order; cancel again to end at once",
            Some(Level::Kill | Level::Leave) => "ending at once",
        };
        self.say(text).await;
    }

    async fn detach(&mut self, run: &RunId) {
        let Some(shop) = &mut self.shop else { return };
        let Some(at) = shop.begun.iter().position(|begun| begun.holds(run)) else { return };
        shop.begun.swap_remove(at).leave().await;
    }

    /// The watchdog reads what is wished of it, whichever process it is.
    async fn acknowledge(&self, alerts: &[AlertId]) -> Result<(), Trouble> {
        let Some(shop) = &self.shop else { return Ok(()) };
        let files = WatchFiles::of(shop.console.home());
        let until = Timestamp(Clock::system().now().0 + LOOKED_AFTER);
        for id in alerts {
            let AlertId { rule, host, subject } = id.clone();
            let about = Matcher { rule: Some(rule), host, subject };
            let hush = Hush { by: actor(), until, why: None };
            files.wish(rand::random(), &fleet::Wish::Acknowledge { about, hush })?;
        }
        self.say(format!("{} alerts are looked after for 4 h", alerts.len())).await;
        Ok(())
    }

    async fn replay(&self, run: &RunId) -> Result<(), Trouble> {
        let Some(shop) = &self.shop else { return Ok(()) };
        let known = again::known(&shop.console, run)?;
        self.tell(News::Replayed(Box::new(known))).await;
        Ok(())
    }

    async fn keep_copy(&self, text: &str) -> Result<(), Trouble> {
        let Some(shop) = &self.shop else { return Ok(()) };
        let path = shop.console.home().logs().join("copied.txt");
        write_cache(&path, text.as_bytes())?;
        self.say(format!("sent to the clipboard, and written to {}", path.display())).await;
        Ok(())
    }

    /// Lets go of what goes on, and waits until all that happened is recorded.
    async fn close(self) -> Result<(), Trouble> {
        let Self { shop, hub, .. } = self;
        let Some(Shop { station, begun, watching, .. }) = shop else { return Ok(()) };
        watching.abort();
        for begun in begun {
            if !begun.is_over() {
                begun.leave().await;
            }
        }
        drop(hub);
        station.settle().await?;
        Ok(())
    }
}

impl Shop {
    fn begin(&mut self, jobs: Vec<Job>) {
        self.begun.retain(|begun| !begun.is_over());
        self.begun.push(self.station.begin(jobs));
    }

    fn of(&self, run: &RunId) -> Option<&Begun> {
        self.begun.iter().find(|begun| begun.holds(run))
    }
}

/// What came of reading the home.
enum Opened {
    Console(Box<Console>),
    Without(String),
    Wrong(String),
}

fn open(global: &Global) -> Opened {
    let place = find_home(global).map(|home| home.inventory());
    if let Ok(place) = &place
        && !global.lab
        && !place.exists()
    {
        return Opened::Without(place.display().to_string());
    }
    match Console::open_silently(global) {
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
async fn follow(mut events: Events, news: mpsc::Sender<News>, stirs: mpsc::Sender<Stir>) {
    while let Some(seen) = events.next().await {
        let one = match seen {
            Seen::Event(stamped) => {
                if matches!(stamped.event, Event::RunEnded { .. } | Event::RunLeft { .. }) {
                    // One that waits already will do.
                    let _ = stirs.try_send(Stir::Records);
                }
                News::Happened(stamped)
            }
            Seen::Output(output) => News::Printed(output),
        };
        if news.send(one).await.is_err() {
            return;
        }
    }
}

/// Brings the playbooks.
async fn look_up(console: Arc<Console>, news: mpsc::Sender<News>) {
    let read = tokio::task::spawn_blocking(move || shelf::cards(&console)).await;
    let one = match read {
        Ok(Ok(cards)) => News::Shelf(cards),
        Ok(Err(trouble)) => News::Said(line_of(&trouble)),
        Err(stopped) => News::Said(stopped.to_string()),
    };
    // A console that has gone needs no news.
    let _ = news.send(one).await;
}

/// Brings the runs there were, what the history says, and what was measured.
async fn remember(console: Arc<Console>, news: mpsc::Sender<News>) {
    let read = tokio::task::spawn_blocking(move || {
        let home = console.home();
        let (past, history) = (Memory::of(home).newest(PAST)?, recent(home, LINES)?);
        let benches = Shelf::open(&console)?.shown();
        Ok::<_, Trouble>([News::Past(past), News::History(history), News::Benches(benches)])
    });
    let told = match read.await {
        Ok(Ok(told)) => Vec::from(told),
        Ok(Err(trouble)) => vec![News::Said(line_of(&trouble))],
        Err(stopped) => vec![News::Said(stopped.to_string())],
    };
    for one in told {
        // A console that has gone needs no news.
        let _ = news.send(one).await;
    }
}

/// What went wrong, as the command line tells it.
fn told(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Told(reports) | Trouble::Unreachable(reports) => reports.render(Style::Plain),
        Trouble::Silent(_) => String::new(),
    }
}

/// What went wrong, in a line.
fn line_of(trouble: &Trouble) -> String {
    let text = told(trouble);
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
