//! The watchdog: from what is heard of hosts to what a person is told and what a playbook heals. Pure: time comes as
//! ticks, and what is to be done goes out as words. Reads no clock, touches no host, writes nothing.

mod cause;
mod damper;
mod dog;
mod engines;
mod forecast;
mod heal;
mod healing;
mod heard;
mod hearing;
mod host;
mod hush;
mod input;
mod judging;
mod link;
mod measure;
mod memory;
mod replay;
mod rules;
mod signal;
mod time;
mod told;
mod whole;
mod words;

pub use dog::Watchdog;
pub use heal::{HealEnd, HealOrder};
pub use heard::{Engines, Speed};
pub use host::Contact;
pub use input::{Input, Member, Span};
pub use measure::{Measure, Unit};
pub use memory::Memory;
pub use replay::{Replay, ReplayError};
pub use rules::{BUILT_IN, Healer, Rule, Rules, Threshold};
pub use signal::{Detail, Signal};
pub use time::{Odd, Tick};
pub use told::Told;
