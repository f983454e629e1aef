//! What a host is doing: the program that streams it and the parser of that stream. Runs nothing, reads no clock.

mod cards;
mod frames;
mod heat;
mod listeners;
mod local;
mod machine;
mod nvidia;
mod pace;
mod power;
mod rates;
mod told;
mod traffic;

use crate::fleet::{NvidiaTool, Sample, Timestamp};
use crate::telemetry::facts::Token;

pub use listeners::Listeners;
pub use local::ThisMachine;
pub use pace::Pace;

use frames::{Frame, Heard, Lines};
use machine::Seen;
use nvidia::Nvidia;
use rates::Between;

/// The program without its first line, which holds what it is given. See [`program`].
const BODY: &str = include_str!("sampler.sh");

/// Who asks for NVIDIA's cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskNvidia {
    /// The program itself, by NVIDIA's tool.
    ByTool,
    /// Not the program: [`ThisMachine`] knows.
    Elsewhere,
}

/// The samples of one host, taken out of what its program prints, however it is cut into pieces.
#[derive(Debug)]
pub struct Stream {
    pace: Pace,
    lines: Lines,
    open: Option<Frame>,
    last: Option<Frame>,
    before: Option<Frame>,
    slow: Option<Frame>,
    nvidia: Nvidia,
    foreign: bool,
}

/// The program: POSIX sh for the standard input of `sh`, which never ends by itself.
///
/// It changes nothing on the host, needs no right, and ends when its output is no longer read.
pub fn program(token: &Token, pace: Pace, nvidia: AskNvidia) -> String {
    let (token, seconds, slow) = (token.as_str(), pace.in_seconds(), pace.slow());
    let tool = match nvidia {
        AskNvidia::ByTool => "nvidia-smi",
        AskNvidia::Elsewhere => "",
    };
    format!(
        "shelter_token={token} shelter_pace={seconds} shelter_slow={slow} shelter_tool={tool}\n{BODY}"
    )
}

impl Stream {
    /// A stream of which nothing has come yet.
    pub fn new(token: &Token, pace: Pace) -> Self {
        let lines = Lines::new(token);
        let nvidia = Nvidia::default();
        let (open, last, before, slow) = (None, None, None, None);
        Self { pace, lines, open, last, before, slow, nvidia, foreign: false }
    }

    /// Takes in what came at that moment. Whether there is something new to see.
    pub fn push(&mut self, bytes: &[u8], at: Timestamp) -> bool {
        let mut news = false;
        for heard in self.lines.push(bytes) {
            news |= self.hear(heard, at);
        }
        news
    }

    /// Whether the machine has none of the files that the program reads.
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// When the last whole frame came.
    pub fn heard(&self) -> Option<Timestamp> {
        self.last.as_ref().map(|last| last.at)
    }

    /// Whether everything that can be known at first is known: rates take two looks.
    pub fn is_whole(&self, now: Timestamp) -> bool {
        self.before.is_some() && self.slow.is_some() && self.tool(now).is_settled()
    }

    /// Where somebody listens there, as of the last slow look. `None` before it.
    pub fn listeners(&self) -> Option<Listeners> {
        self.slow.as_ref().map(listeners::read)
    }

    /// What is known at that moment, with the age of everything. `None` before the first frame.
    pub fn sample(&self, now: Timestamp) -> Option<Sample> {
        let last = self.last.as_ref()?;
        let nothing = Frame::empty(last.at);
        let slow = self.slow.as_ref().unwrap_or(&nothing);
        let seen = Seen::new(now, last.at, self.pace.patience());
        let seldom = Seen::new(now, slow.at, self.pace.slow_patience());
        let between = Between::new(self.before.as_ref(), last, self.pace);
        let mut gpus = self.nvidia.cards(now, self.pace, &listeners::read(slow));
        gpus.extend(cards::read(last, slow, (seen, seldom)));
        Some(Sample {
            uptime_s: machine::uptime(last, seen),
            cpu: machine::cpu(last, slow, &between, (seen, seldom)),
            memory: machine::memory(last, seen),
            disks: machine::disks(slow, seldom),
            disk_traffic: traffic::disks(&between, last, seen),
            networks: traffic::networks(&between, last, seen),
            temperatures: heat::temperatures(last, slow, (seen, seldom)),
            fans: heat::fans(last, slow, seen),
            power: power::read(&between, (last, slow), seen),
            batteries: power::batteries(slow, seldom),
            mains: power::mains(slow, seldom),
            gpus,
            nvidia: self.tool(now),
        })
    }

    fn tool(&self, now: Timestamp) -> NvidiaTool {
        // A host that is silent as a whole says nothing about its tool.
        let now = self.last.as_ref().map_or(now, |last| last.at);
        self.nvidia.state(now, self.pace)
    }

    fn hear(&mut self, heard: Heard, at: Timestamp) -> bool {
        match heard {
            Heard::Begin { slow } => self.open = Some(Frame::begun(slow, at)),
            Heard::Line(line) => self.open.iter_mut().for_each(|frame| frame.push(&line)),
            Heard::End => return self.close(at),
            Heard::Cards(what) => self.nvidia.asked(&what, at),
            Heard::Row(line) => self.nvidia.row(&line, at),
            Heard::Process(line) => self.nvidia.process(&line, at),
            Heard::Foreign => self.foreign = true,
        }
        self.foreign
    }

    /// A frame counts once it is whole. A second frame of the same moment can tell no rate.
    fn close(&mut self, at: Timestamp) -> bool {
        let Some(mut frame) = self.open.take() else { return false };
        frame.at = at;
        if frame.slow {
            self.slow = Some(frame);
            return false;
        }
        self.before = self.last.replace(frame);
        true
    }
}
