//! The console at work: what a person does, what is heard and what the time brings becomes a picture. One task
//! owns everything; it draws only when something that is seen has changed, and never waits for the terminal.

use std::io;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::fleet::Fleet;
use crate::ops::{Clock, Hub};

use super::clipboard;
use super::effect::{Effect, Wish};
use super::model::Model;
use super::moment::Moment;
use super::news::News;
use super::term::{Input, Sign, Signs, Terminal, inputs};

/// What a key changes is shown at once; the rest may wait so long for company.
const SOON: Duration = Duration::from_millis(33);
const LATER: Duration = Duration::from_millis(800);
/// While a run goes on its time is seen to go by.
const TICK: Duration = Duration::from_secs(1);
/// News dealt with before a key gets its turn: pieces of output may be large.
const AT_ONCE: usize = 8;

/// What connects the console with whoever carries it.
pub struct Wires {
    /// Where wishes go.
    pub wishes: mpsc::UnboundedSender<Wish>,
    /// Where news come from.
    pub news: mpsc::Receiver<News>,
    /// The hub, once there is one. Where one cannot record any more another takes its place.
    pub hub: watch::Receiver<Option<Hub>>,
    /// The time.
    pub clock: Clock,
    /// Tells that somebody is there.
    pub touched: watch::Sender<()>,
}

/// How the console came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Somebody left it.
    Left,
    /// The system ended it.
    Ended,
}

/// The console at work.
struct Console {
    model: Model,
    wires: Wires,
    terminal: Terminal,
    nothing: Fleet,
    /// When the next picture is due, if one is.
    due: Option<Instant>,
    /// Read once: drawing reads nothing.
    stumbling_block: Option<String>,
}

/// Shows the console until it is left.
pub async fn run(model: Model, wires: Wires) -> io::Result<Ending> {
    let mut signs = Signs::listen()?;
    let terminal = Terminal::open(model.mouse)?;
    let due = Some(Instant::now());
    let (nothing, stumbling_block) = (Fleet::default(), stumbling_block());
    let mut console = Console { model, wires, terminal, nothing, due, stumbling_block };
    console.draw()?;
    // Read only once there is something to be seen.
    let mut inputs = inputs();
    let mut heard = Vec::new();
    loop {
        let tick = Instant::now() + TICK;
        let (drawn, due) = (console.terminal.is_free(), console.due);
        tokio::select! {
            biased;
            input = inputs.recv() => match input {
                Some(input) => if let Some(ending) = console.input(input)? { return Ok(ending) },
                None => return Ok(Ending::Ended),
            },
            sign = signs.next() => match sign {
                Sign::End => return Ok(Ending::Ended),
                Sign::Stop => console.step_aside()?,
                Sign::GoOn => console.come_back()?,
            },
            () = at(due), if drawn && due.is_some() => console.draw()?,
            written = console.terminal.written(), if !drawn => written?,
            count = console.wires.news.recv_many(&mut heard, AT_ONCE) => {
                if count == 0 {
                    return Ok(Ending::Ended);
                }
                for news in heard.drain(..) {
                    console.hear(news)?;
                }
            }
            () = sleep_until(tick), if console.moves() => console.want(Duration::ZERO),
        }
    }
}

/// The screen that a test wants drawing to stumble over: only a fault of ours in the middle of a picture shows that
/// the terminal is given back all the same. A release has no such door.
fn stumbling_block() -> Option<String> {
    if cfg!(debug_assertions) { std::env::var("SHELTER_PANIC_IN_DRAW").ok() } else { None }
}

async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

impl Console {
    /// Something happens in this moment: what is known is lent to whoever deals with it.
    fn with<T>(&mut self, deal: impl FnOnce(&mut Model, Moment<'_>) -> T) -> T {
        let now = self.wires.clock.now();
        match self.wires.hub.borrow().as_ref() {
            Some(hub) => deal(&mut self.model, Moment { fleet: &hub.fleet(), now }),
            None => deal(&mut self.model, Moment { fleet: &self.nothing, now }),
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        self.due = None;
        let stumbles = self.stumbling_block.as_deref() == Some(self.model.place.name());
        assert!(!stumbles, "it stumbles, as it was asked to");
        let now = self.wires.clock.now();
        let Self { model, wires, terminal, nothing, .. } = self;
        match wires.hub.borrow().as_ref() {
            Some(hub) => {
                let fleet = hub.fleet();
                terminal.show(|buf| model.draw(Moment { fleet: &fleet, now }, buf))
            }
            None => terminal.show(|buf| model.draw(Moment { fleet: nothing, now }, buf)),
        }
    }

    /// A picture is wanted within so long.
    fn want(&mut self, within: Duration) {
        let due = Instant::now() + within;
        self.due = Some(self.due.map_or(due, |known| known.min(due)));
    }

    /// Whether time itself changes what is seen.
    fn moves(&mut self) -> bool {
        self.with(|model, moment| model.scene(moment).live().next().is_some())
    }

    fn input(&mut self, input: Input) -> io::Result<Option<Ending>> {
        self.wires.touched.send_replace(());
        self.want(Duration::ZERO);
        let effects = match input {
            Input::Key(key) => self.with(|model, moment| model.press(&key, moment)),
            Input::Mouse(mouse) => {
                let size = self.terminal.area();
                self.with(|model, moment| model.point(mouse, size, moment))
            }
            Input::Paste(text) => {
                self.model.paste(&text);
                Vec::new()
            }
            Input::Resized => Vec::new(),
        };
        self.carry_out(effects)
    }

    fn hear(&mut self, news: News) -> io::Result<()> {
        let within = match &news {
            News::Board(_) => LATER,
            News::Printed(_) | News::Happened(_) => SOON,
            _ => Duration::ZERO,
        };
        self.want(within);
        let effects = self.with(|model, moment| model.hear(news, moment));
        self.carry_out(effects).map(|_| ())
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> io::Result<Option<Ending>> {
        for effect in effects {
            match effect {
                Effect::Leave => return Ok(Some(Ending::Left)),
                Effect::Suspend => self.step_aside()?,
                Effect::Repaint => self.terminal.forget(),
                Effect::Mouse(ours) => self.terminal.take_mouse(ours)?,
                Effect::Clip(text) => {
                    self.terminal.send(clipboard::sequence(&text).as_bytes())?;
                }
                Effect::Do(wish) => {
                    if self.wires.wishes.send(wish).is_err() {
                        self.model.notice = Some("nobody is there to do that".to_owned());
                    }
                }
                // The model has dealt with these.
                Effect::Go(_)
                | Effect::Choose(_)
                | Effect::Pick(_)
                | Effect::Ask(_)
                | Effect::Say(_) => {}
            }
        }
        Ok(None)
    }

    fn step_aside(&mut self) -> io::Result<()> {
        self.terminal.step_aside()?;
        self.want(Duration::ZERO);
        Ok(())
    }

    fn come_back(&mut self) -> io::Result<()> {
        self.terminal.come_back()?;
        self.want(Duration::ZERO);
        Ok(())
    }
}
