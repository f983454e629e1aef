//! What the history says about what the watchdog tells. Writes nothing itself.

use crate::fleet::{Alert, Event, HealStage, Notice, Severity};

use super::history::{Entry, Level};

/// Whose lines they are.
const ACTOR: &str = "watchdog@console";

/// The line about an event of the watchdog. `None`: it is none of those.
pub(super) fn entry(event: &Event) -> Option<Entry> {
    let entry =
        |level, host, run, text| Some(Entry { level, host, run, actor: ACTOR.to_owned(), text });
    match event {
        Event::Alerted { notice, alert } => {
            let text = format!("{} {}: {}", alert.id, notice.word(), told(*notice, alert));
            entry(level_of(*notice, alert), alert.id.host.clone(), None, text)
        }
        Event::Healing { alert, run, playbook, stage } => {
            let (level, text) = match stage {
                HealStage::Began => (Level::Warn, format!("{playbook} heals {alert}")),
                HealStage::Healed => (Level::Info, format!("{playbook} healed {alert}")),
                HealStage::Failed(why) => {
                    (Level::Error, format!("{playbook} did not heal {alert}: {why}"))
                }
                HealStage::Unclear(why) => {
                    (Level::Warn, format!("{playbook} for {alert} came to nothing: {why}"))
                }
            };
            entry(level, alert.host.clone(), Some(run.to_string()), text)
        }
        Event::Halted(halt) => {
            let text = format!(
                "HEALING HALTED: {}: {}; `shelter watch resume` lifts it",
                halt.alert, halt.why
            );
            let run = halt.run.as_ref().map(ToString::to_string);
            entry(Level::Error, halt.alert.host.clone(), run, text)
        }
        Event::Resumed { by } => entry(Level::Warn, None, None, format!("{by} lets healing go on")),
        Event::Remarked { text } => entry(Level::Info, None, None, text.clone()),
        _ => None,
    }
}

fn told(notice: Notice, alert: &Alert) -> String {
    let times = if alert.times > 1 { format!(", {} times", alert.times) } else { String::new() };
    let since = alert.since;
    match notice {
        Notice::Cleared => format!("well again, was raised {since}{times}; {}", alert.evidence),
        Notice::Withdrawn => format!("nobody asks about it any more, was raised {since}"),
        Notice::Raised | Notice::Flapping | Notice::Stays => {
            format!("{} ({}{times})", alert.text, alert.evidence)
        }
    }
}

fn level_of(notice: Notice, alert: &Alert) -> Level {
    match alert.severity {
        _ if notice.is_over() => Level::Info,
        Severity::Notice => Level::Info,
        Severity::Warning => Level::Warn,
        Severity::Critical => Level::Error,
    }
}
