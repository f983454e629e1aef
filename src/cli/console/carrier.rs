//! Whoever carries out what is wished in the console, and brings it what happens. Shows nothing itself.

mod bring;
mod opening;
mod recall;
mod runs;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::asking::Asking;
use super::stir::Stirs;
use super::{adding, sheets};
use crate::cli::args::Global;
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::cli::surroundings::{actor, find_home};
use crate::fleet;
use crate::fleet::{AlertId, Host, HostName, Hush, Matcher, Millis, RunId, Timestamp};
use crate::ops::{Begun, Clock, Hub, Station};
use crate::reach::{Asker, Question, Reach};
use crate::records::{WatchFiles, write_cache};
use crate::text::{Report, Style};
use crate::ui::effect::{NewHost, Wish};
use crate::ui::news::News;
use runs::Ready;

/// How long whoever has seen an alert looks after it.
const LOOKED_AFTER: Millis = Millis(4 * 3_600_000);
/// Questions that may wait in line.
const QUESTIONS: usize = 16;

/// Carries out what is wished.
pub struct Carrier {
    global: Global,
    /// Whether nothing may come to be otherwise.
    read_only: bool,
    news: mpsc::Sender<News>,
    hub: watch::Sender<Option<Hub>>,
    questions: mpsc::Receiver<Question>,
    asker: Asker,
    asking: Asking,
    ready: mpsc::Sender<Ready>,
    begins: mpsc::Receiver<Ready>,
    stirs: Stirs,
    touched: watch::Receiver<()>,
    /// The run of the past that is looked at, while it has not ended.
    replayed: Option<RunId>,
    shop: Option<Shop>,
}

/// What there is once the inventory is known.
struct Shop {
    console: Arc<Console>,
    station: Station,
    reach: Reach,
    begun: Vec<Begun>,
    watching: JoinHandle<()>,
    following: JoinHandle<()>,
}

impl Carrier {
    /// Carries out wishes until nobody wishes any more.
    pub async fn carry(
        (global, read_only): (Global, bool),
        mut wishes: mpsc::UnboundedReceiver<Wish>,
        news: mpsc::Sender<News>,
        hub: watch::Sender<Option<Hub>>,
        touched: watch::Receiver<()>,
    ) -> Result<(), Trouble> {
        let (asker, questions) = mpsc::channel(QUESTIONS);
        let (ready, begins) = mpsc::channel(QUESTIONS);
        let mut carrier = Self {
            global,
            read_only,
            news,
            hub,
            questions,
            asker: Asker::Person(asker),
            asking: Asking::default(),
            ready,
            begins,
            stirs: Stirs::default(),
            touched,
            replayed: None,
            shop: None,
        };
        carrier.open().await;
        let _watching = carrier.watch_files();
        loop {
            tokio::select! {
                wish = wishes.recv() => match wish {
                    Some(wish) => carrier.carry_out_all(wish, &mut wishes).await,
                    None => return carrier.close().await,
                },
                Some(question) = carrier.questions.recv() => {
                    carrier.put(question).await;
                }
                Some(ready) = carrier.begins.recv() => {
                    if let Err(trouble) = carrier.begin(ready) {
                        carrier.refuse(&trouble).await;
                    }
                }
                () = gone(carrier.shop.as_ref()) => carrier.begin_anew().await,
                stir = carrier.stirs.next() => carrier.look_again(stir).await,
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

    /// Puts a question. Where nothing may be changed no key is trusted, and nobody is asked whether it is.
    async fn put(&mut self, question: Question) {
        match question {
            Question::Trust { stranger, .. } if self.read_only => {
                let host = &stranger.host;
                self.say(format!("{host} shows an unknown key: a read-only console trusts none"))
                    .await;
            }
            question => self.asking.put(question, self.news.clone()),
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
            Wish::Run(run) => {
                self.run(run);
                Ok(())
            }
            Wish::Undo(run) => self.or_refuse(Self::undo, &run).await,
            Wish::Resume(run) => self.or_refuse(Self::resume, &run).await,
            Wish::Cancel(run) => {
                self.cancel(&run).await;
                Ok(())
            }
            Wish::Detach(run) => {
                self.detach(&run).await;
                Ok(())
            }
            Wish::Plan { playbook, host } => self.plan(playbook, host).await,
            Wish::Ping(names) => {
                self.survey(&names);
                Ok(())
            }
            Wish::Acknowledge(alert) => self.acknowledge(alert).await,
            Wish::Replay(run) => self.replay(run).await,
            Wish::Copy(text) => self.keep_copy(&text).await,
        };
        if let Err(trouble) = outcome {
            self.say(line_of(&trouble)).await;
        }
    }

    /// Begins something about a run there was, or says in full why not.
    async fn or_refuse(
        &mut self,
        begin: impl FnOnce(&mut Self, &RunId) -> Result<(), Trouble>,
        run: &RunId,
    ) -> Result<(), Trouble> {
        if let Err(trouble) = begin(self, run) {
            self.refuse(&trouble).await;
        }
        Ok(())
    }

    /// Something was to begin and cannot: told in a line, and with place, cause and next step where there is more to say.
    async fn refuse(&self, trouble: &Trouble) {
        self.say(line_of(trouble)).await;
        let report = told(trouble);
        if report.lines().nth(1).is_some() {
            self.tell(News::Refused(report)).await;
        }
    }

    /// Whoever was just added is reached at once: its key is shown, and its facts are gathered.
    async fn add(&mut self, host: &NewHost) -> Result<(), Trouble> {
        if self.global.lab {
            let report = Report::error("these are practice hosts, and there are two of them");
            return Err(report.help("open the console without `--lab` to add one of yours").into());
        }
        let name = adding::add(&find_home(&self.global)?, host)?;
        self.tell(News::Added(name.clone())).await;
        self.reopen().await;
        self.survey(&[name]);
        Ok(())
    }

    /// Reaches these hosts, and gathers their facts.
    fn survey(&self, names: &[HostName]) {
        let Some(shop) = &self.shop else { return };
        let known = |name: &HostName| shop.console.inventory().host(name.as_str()).cloned();
        let hosts: Vec<Host> = names.iter().filter_map(known).collect();
        shop.station.survey(hosts);
    }

    async fn plan(&self, playbook: String, host: HostName) -> Result<(), Trouble> {
        let Some(shop) = &self.shop else { return Ok(()) };
        let console = shop.console.clone();
        let planned =
            tokio::task::spawn_blocking(move || sheets::sheet(&console, &playbook, &host)).await;
        let sheet = planned.map_err(|stopped| Report::error(stopped.to_string()))??;
        self.tell(News::Planned(Box::new(sheet))).await;
        Ok(())
    }

    /// The watchdog reads what is wished of it, whichever process it is.
    async fn acknowledge(&self, alert: AlertId) -> Result<(), Trouble> {
        let Some(shop) = &self.shop else { return Ok(()) };
        let files = WatchFiles::of(shop.console.home());
        let until = Timestamp(Clock::system().now().0 + LOOKED_AFTER.0);
        let said = format!("{alert} is looked after for {LOOKED_AFTER}");
        let AlertId { rule, host, subject } = alert;
        let about = Matcher { rule: Some(rule), host, subject };
        let hush = Hush { by: actor(), until, why: None };
        files.wish(rand::random(), &fleet::Wish::Acknowledge { about, hush })?;
        self.say(said).await;
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
        let Some(Shop { station, begun, watching, following, .. }) = shop else { return Ok(()) };
        watching.abort();
        for begun in begun {
            if !begun.is_over() {
                begun.leave().await;
            }
        }
        drop(hub);
        let settled = station.settle().await;
        following.abort();
        settled?;
        Ok(())
    }
}

/// Waits until the hub of the station records nothing any more.
async fn gone(shop: Option<&Shop>) {
    match shop {
        Some(shop) => shop.station.hub().gone().await,
        None => std::future::pending().await,
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
    // Warnings may stand before it.
    let error = text.lines().find_map(|line| line.strip_prefix("error: "));
    error.or_else(|| text.lines().next()).unwrap_or_default().to_owned()
}
