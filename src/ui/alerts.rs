//! What asks for attention: hosts that are away, runs that went wrong, cards that are held back. Pure.

use crate::fleet;
use crate::fleet::{GpuSample, HostName, HostOutcome, Reachability, Severity, Throttle};
use crate::theme::State;

use super::scene::Scene;
use super::stream::of_outcome;
use super::words::short_card;

/// One thing that asks for attention.
pub struct Alert {
    /// Where.
    pub host: Option<HostName>,
    /// How it is marked.
    pub state: State,
    /// What.
    pub text: String,
}

/// Everything that asks for attention now.
pub fn alerts(scene: &Scene<'_>) -> Vec<Alert> {
    let watched = scene.watchdog.iter().flat_map(|standing| &standing.alerts);
    let mut alerts: Vec<Alert> =
        watched.filter(|alert| alert.acknowledged.is_none()).map(of_watchdog).collect();
    for (host, watched) in scene.board {
        let host = || Some(host.clone());
        if let Reachability::Down(failure) = &watched.contact {
            let text = failure.text.clone();
            alerts.push(Alert { host: host(), state: State::Unreachable, text });
        }
        let cards = watched.sample.iter().flat_map(|sample| &sample.gpus);
        alerts.extend(cards.filter_map(held_back).map(|text| Alert {
            host: host(),
            state: State::Warning,
            text,
        }));
    }
    for run in scene.fleet.runs.values() {
        for (host, part) in &run.hosts {
            let Some((outcome, _)) = &part.outcome else { continue };
            if matches!(outcome, HostOutcome::Well | HostOutcome::LeftOut(_)) {
                continue;
            }
            let (state, word) = of_outcome(outcome);
            let text = format!("{} {word}, run {}", run.head.playbook, run.head.run);
            alerts.push(Alert { host: Some(host.clone()), state, text });
        }
    }
    alerts
}

/// What the watchdog has found, with how it knows and what helps.
fn of_watchdog(alert: &fleet::Alert) -> Alert {
    let state = match alert.severity {
        Severity::Critical => State::Failed,
        Severity::Warning | Severity::Notice => State::Warning,
    };
    let hint = alert.hint.as_ref().map(|hint| format!(": {hint}")).unwrap_or_default();
    let text = format!("{} ({}){hint}", alert.text, alert.evidence);
    Alert { host: alert.id.host.clone(), state, text }
}

fn held_back(card: &GpuSample) -> Option<String> {
    let reasons: Vec<&str> =
        card.throttled_by.value.iter().flatten().copied().filter_map(Throttle::fault).collect();
    if reasons.is_empty() {
        return None;
    }
    Some(format!("{} is held back by {}", short_card(card), reasons.join(", ")))
}
