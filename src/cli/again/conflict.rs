//! An undo that stopped because somebody changed things since: where it did, and what is to be done about it.

use std::io::IsTerminal;

use crate::cli::args::Conflict;
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::cli::prompt;
use crate::fleet::{Event, HostEvent, RunId, UndoResult};
use crate::records::replay;

/// The hosts on which an undo stopped at a conflict.
pub fn hosts(console: &Console, undo: &RunId) -> Result<Vec<String>, Trouble> {
    let events = replay(console.home(), undo)?.unwrap_or_default();
    let stopped = events.into_iter().filter_map(|stamped| match stamped.event {
        Event::OnHost {
            host,
            what: HostEvent::Undone { result: UndoResult::Conflict, .. },
            ..
        } => Some(host.to_string()),
        _ => None,
    });
    Ok(stopped.collect())
}

/// What whoever sits at the terminal wants done about it. Nobody there: it stops.
pub fn ask(hosts: &[String]) -> Result<Conflict, Trouble> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Ok(Conflict::Stop);
    }
    let question = format!(
        "\n{}: what was changed since is in the way. keep it, overwrite it, or stop? [k/o/S] ",
        hosts.join(", ")
    );
    Ok(meant(&prompt::line_of(question)?))
}

fn meant(answer: &str) -> Conflict {
    match answer.trim().to_lowercase().as_str() {
        "k" | "keep" => Conflict::Keep,
        "o" | "overwrite" => Conflict::Overwrite,
        _ => Conflict::Stop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_answer_overwrites() {
        assert_eq!(meant("o"), Conflict::Overwrite);
        assert_eq!(meant(" Keep "), Conflict::Keep);
        for other in ["", "y", "ok", "s"] {
            assert_eq!(meant(other), Conflict::Stop, "{other}");
        }
    }
}
