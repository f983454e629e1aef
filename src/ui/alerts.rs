//! What asks for attention: hosts that are away, runs that went wrong, cards that are held back. Pure.

use crate::fleet;
use crate::fleet::{AlertId, GpuSample, HostName, HostOutcome, Reachability, Severity, Throttle};
use crate::theme::State;

use super::scene::Scene;
use super::stream::of_outcome;
use super::words::short_card;

/// What tells one alert from another here: where, and what.
pub type Topic = (Option<HostName>, String);

/// One thing that asks for attention.
pub struct Alert {
    /// Its name, where it is the watchdog's.
    pub id: Option<AlertId>,
    /// Where.
    pub host: Option<HostName>,
    /// How it is marked.
    pub state: State,
    /// What.
    pub text: String,
}

impl Alert {
    /// Something that this console has found by itself.
    fn own(host: &HostName, state: State, text: String) -> Self {
        Self { id: None, host: Some(host.clone()), state, text }
    }

    /// What tells it from others.
    pub fn topic(&self) -> Topic {
        (self.host.clone(), self.text.clone())
    }
}

/// Everything that asks for attention now.
pub fn alerts(scene: &Scene<'_>) -> Vec<Alert> {
    let watched = scene.watchdog.iter().flat_map(|standing| &standing.alerts);
    let mut alerts: Vec<Alert> =
        watched.filter(|alert| alert.acknowledged.is_none()).map(of_watchdog).collect();
    let unrecorded = scene.unrecorded.map(str::to_owned);
    alerts.extend(unrecorded.map(|text| Alert {
        id: None,
        host: None,
        state: State::Failed,
        text,
    }));
    for (host, watched) in scene.board {
        if let Reachability::Down(failure) = &watched.contact {
            alerts.push(Alert::own(host, State::Unreachable, failure.text.clone()));
        }
        let cards = watched.sample.iter().flat_map(|sample| &sample.gpus);
        let held_back = cards.filter_map(held_back);
        alerts.extend(held_back.map(|text| Alert::own(host, State::Warning, text)));
    }
    for run in scene.fleet.runs.values() {
        for (host, part) in &run.hosts {
            let Some((outcome, _)) = &part.outcome else { continue };
            if matches!(outcome, HostOutcome::Well | HostOutcome::LeftOut(_)) {
                continue;
            }
            let (state, word) = of_outcome(outcome);
            let text = format!("{} {word}, run {}", run.head.playbook, run.head.run);
            alerts.push(Alert::own(host, state, text));
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
    Alert { id: Some(alert.id.clone()), host: alert.id.host.clone(), state, text }
}

fn held_back(card: &GpuSample) -> Option<String> {
    let reasons: Vec<&str> =
        card.throttled_by.value.iter().flatten().copied().filter_map(Throttle::fault).collect();
    if reasons.is_empty() {
        return None;
    }
    Some(format!("{} is held back by {}", short_card(card), reasons.join(", ")))
}
