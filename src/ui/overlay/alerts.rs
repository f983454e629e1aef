//! What asks for attention: hosts that are away, runs that went wrong, cards that are held back.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::lay;
use crate::fleet::{GpuSample, HostName, HostOutcome, Reachability, Throttle};
use crate::theme::{Role, State};
use crate::ui::fit::{line, row};
use crate::ui::model::Model;
use crate::ui::scene::Scene;
use crate::ui::stream::of_outcome;

/// One thing that asks for attention.
pub struct Alert {
    /// Where.
    pub host: HostName,
    /// How it is marked.
    pub state: State,
    /// What.
    pub text: String,
}

impl Model {
    /// Everything that asks for attention now.
    pub fn alerts(&self, scene: &Scene<'_>) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for (host, watched) in scene.board {
            let host = || host.clone();
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
                alerts.push(Alert { host: host.clone(), state, text });
            }
        }
        alerts
    }

    pub(super) fn draw_alerts(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let alerts = self.alerts(scene);
        let rows = u16::try_from(alerts.len().max(1)).unwrap_or(u16::MAX).min(20);
        let inner = lay(buf, area, theme, (80, rows), "ALERTS");
        if alerts.is_empty() {
            line(buf, inner, theme, &[("nothing asks for attention", Role::Text)]);
        }
        for (at, alert) in alerts.iter().rev().take(usize::from(inner.height)).enumerate() {
            let mark = theme.mark(alert.state);
            let host = format!("{:<12} ", alert.host);
            let sign = format!("{} {:<12}", mark.glyph, mark.word);
            let area = row(inner, u16::try_from(at).unwrap_or(u16::MAX));
            line(
                buf,
                area,
                theme,
                &[(&sign, mark.role), (&host, Role::Label), (&alert.text, Role::Text)],
            );
        }
    }
}

fn held_back(card: &GpuSample) -> Option<String> {
    let reasons: Vec<&str> =
        card.throttled_by.value.iter().flatten().copied().filter_map(Throttle::fault).collect();
    if reasons.is_empty() {
        return None;
    }
    let name = card.name.as_deref().unwrap_or(&card.id);
    Some(format!("{name} is held back by {}", reasons.join(", ")))
}
