//! What an alert says: what is wrong, in one line, and how it is known. Decides nothing.

use crate::fleet::{AlertId, HostName, Millis};

use super::measure::Measure;
use super::rules::Rule;
use super::signal::Detail;

/// What is wrong.
pub(super) fn text(rule: &Rule, subject: &str, value: f64, detail: &Detail<'_>) -> String {
    let unit = rule.watch.unit();
    let words = match detail {
        Detail::Words(words) => words.as_ref(),
        Detail::Told(words, _) | Detail::Beyond(words) => words,
        Detail::None | Detail::Taken(..) => "",
    };
    match rule.watch {
        Measure::Reach => words.to_owned(),
        Measure::Link => {
            "most of the fleet went dark at once: this machine's own link is suspected, \
                          and nothing is healed"
                .to_owned()
        }
        Measure::Ram => format!("RAM is {} full", unit.words(value)),
        Measure::Vram => format!("memory of card {subject} is {} full", unit.words(value)),
        Measure::Heat => format!("{words} is at {}", unit.words(value)),
        Measure::GpuHeat => format!("card {subject} is at {}", unit.words(value)),
        Measure::Throttle => format!("card {subject} is held back by {words}"),
        Measure::GpuTool => words.to_owned(),
        Measure::Disk => format!("{subject} is {} full", unit.words(value)),
        Measure::DiskFullIn => format!("{subject} is full in {}", unit.words(value)),
        Measure::Service => format!("`{subject}` is {words}"),
        Measure::Unit => format!("`{subject}` has failed"),
        Measure::Engine => match words {
            "" => format!("the engine on port {subject} does not answer"),
            words => words.to_owned(),
        },
        Measure::EngineSpeed => format!("{subject} runs at {} of its baseline", unit.words(value)),
        Measure::Clock => format!("its clock is {} off", Millis::of_seconds(value)),
        Measure::OwnClock => {
            format!("the clock of this machine is {} off", Millis::of_seconds(value))
        }
    }
}

/// How it is known. `full_in`: when the disk it is about is full.
pub(super) fn evidence(
    rule: &Rule,
    value: f64,
    detail: &Detail<'_>,
    full_in: Option<f64>,
) -> String {
    let unit = rule.watch.unit();
    let mut parts = Vec::new();
    match detail {
        Detail::Told(_, evidence) => return evidence.clone(),
        Detail::Taken(taken, all) => parts.push(format!("{taken} of {all}")),
        Detail::Words(words) if rule.watch == Measure::EngineSpeed => parts.push(words.to_string()),
        Detail::Words(_) | Detail::Beyond(_) | Detail::None => {}
    }
    if rule.watch != Measure::DiskFullIn
        && let Some(left) = full_in.filter(|left| left.is_finite())
    {
        parts.push(format!("full in {} as it fills now", Millis::of_seconds(left)));
    }
    match unit {
        super::measure::Unit::State => parts.push(told_by(rule.watch).to_owned()),
        _ => parts.push(format!("now {}, wrong {}", unit.words(value), rule.threshold.words(unit))),
    }
    parts.join("; ")
}

/// Who says so, of what is so or is not.
fn told_by(measure: Measure) -> &'static str {
    match measure {
        Measure::Service | Measure::Unit => "as its systemd tells",
        Measure::Throttle => "as the card's driver tells",
        Measure::GpuTool => "as its stream of samples shows",
        Measure::Engine => "as it answers, or does not",
        _ => "as the rounds of the watchdog show",
    }
}

/// What helps.
pub(super) fn hint(rule: &Rule, id: &AlertId) -> Option<String> {
    let host = id.host.as_ref().map_or("", HostName::as_str);
    let subject = id.subject.as_deref().unwrap_or_default();
    rule.hint.as_ref().map(|hint| hint.replace("{host}", host).replace("{subject}", subject))
}
