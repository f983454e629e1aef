//! A line of the history about something that was measured or decided outside of a run.

use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::cli::surroundings::actor;
use crate::fleet::HostName;
use crate::ops::Clock;
use crate::records::{Entry, History, Level};

/// Seals a line into the history of the home.
pub fn note(console: &Console, level: Level, host: &str, text: String) -> Result<(), Trouble> {
    let host = HostName::new(host).ok();
    let entry = Entry { level, host, run: None, actor: actor(), text };
    History::open(&console.home().history())?.append(&[(Clock::system().now(), entry)])?;
    Ok(())
}
