//! What the watchdog tells, one line for each event and one for what helps.

use crate::cli::paint::{Paint, Tone};
use crate::cli::spelling::Spelling;
use crate::fleet::{Alert, Event, HealStage, Notice, Severity, Stamped};
use crate::text::inert_line;

/// The line of an event. `None`: it is none of the watchdog's.
pub fn text(stamped: &Stamped, spelling: &Spelling, paint: Paint) -> Option<String> {
    let (tone, word, what) = match &stamped.event {
        Event::Alerted { notice, alert } => {
            return Some(format!("{} {}", stamped.at, alerted(*notice, alert, spelling, paint)));
        }
        Event::Healing { alert, run, playbook, stage } => {
            let (tone, word, why) = match stage {
                HealStage::Began => (Tone::Cool, "healing", ""),
                HealStage::Healed => (Tone::Good, "healed", ""),
                HealStage::Failed(why) => (Tone::Bad, "not healed", why.as_str()),
                HealStage::Unclear(why) => (Tone::Warn, "unclear", why.as_str()),
            };
            let why = if why.is_empty() { String::new() } else { format!(": {why}") };
            (tone, word, format!("{alert} by {playbook}, run {run}{why}"))
        }
        Event::Halted(halt) => {
            let lift = "nothing is healed until `shelter watch resume`";
            (Tone::Bad, "HALTED", format!("{}: {}; {lift}", halt.alert, halt.why))
        }
        Event::Resumed { by } => (Tone::Warn, "resumed", format!("{by} lets healing go on")),
        Event::Remarked { text } => (Tone::Muted, "note", text.clone()),
        _ => return None,
    };
    let word = paint.tone(tone, &format!("{word:<9}"));
    Some(format!("{} {word} {}\n", stamped.at, spelling.spell(&inert_line(&what))))
}

fn alerted(notice: Notice, alert: &Alert, spelling: &Spelling, paint: Paint) -> String {
    let id = paint.tone(Tone::Strong, &alert.id.to_string());
    if notice.is_over() {
        let word = paint.tone(Tone::Good, &format!("{:<9}", notice.word()));
        return format!("{word} {id}: {}\n", inert_line(&alert.evidence));
    }
    let word = match notice {
        Notice::Raised => alert.severity.word(),
        other => other.word(),
    };
    let word = paint.tone(tone_of(alert.severity), &format!("{word:<9}"));
    format!("{word} {id}: {}\n", said(alert, spelling, paint))
}

/// What is wrong, how it is known, and on a line of its own what helps.
pub fn said(alert: &Alert, spelling: &Spelling, paint: Paint) -> String {
    let evidence = paint.tone(Tone::Muted, &format!("({})", inert_line(&alert.evidence)));
    let hint =
        alert.hint.as_ref().map(|hint| format!("\n    → {}", spelling.spell(&inert_line(hint))));
    format!("{} {evidence}{}", inert_line(&alert.text), hint.unwrap_or_default())
}

/// How a severity is coloured.
pub fn tone_of(severity: Severity) -> Tone {
    match severity {
        Severity::Notice => Tone::Cool,
        Severity::Warning => Tone::Warn,
        Severity::Critical => Tone::Bad,
    }
}
