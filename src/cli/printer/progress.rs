//! The line of progress at the bottom of a terminal: where each host is, for how long, and its last words.

use std::collections::BTreeMap;
use std::time::Instant;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::fleet::{Event, HostEvent, HostName, Millis, Output, Stamped};
use crate::text::inert_line;

/// Where each host is.
#[derive(Default)]
pub struct Progress {
    hosts: BTreeMap<HostName, Place>,
}

struct Place {
    steps: usize,
    done: usize,
    current: Option<(String, Instant)>,
    last: String,
}

impl Progress {
    /// Takes one event in.
    pub fn fold(&mut self, stamped: &Stamped) {
        let Event::OnHost { host, what, .. } = &stamped.event else { return };
        match what {
            HostEvent::Began { steps, .. } => {
                let place =
                    Place { steps: steps.len(), done: 0, current: None, last: String::new() };
                self.hosts.insert(host.clone(), place);
            }
            HostEvent::Ended { .. } => {
                self.hosts.remove(host);
            }
            HostEvent::StepBegan { step } => {
                if let Some(place) = self.hosts.get_mut(host) {
                    place.current = Some((step.name.clone(), Instant::now()));
                    place.last.clear();
                }
            }
            HostEvent::StepEnded(_) => {
                if let Some(place) = self.hosts.get_mut(host) {
                    place.done += 1;
                    place.current = None;
                }
            }
            _ => {}
        }
    }

    /// Takes the last words of a step in.
    pub fn heard(&mut self, output: &Output) {
        let text = String::from_utf8_lossy(&output.bytes);
        let last = text.lines().rfind(|line| !line.trim().is_empty());
        if let (Some(last), Some(place)) = (last, self.hosts.get_mut(&output.host)) {
            place.last = inert_line(last);
        }
    }

    /// The line, no wider than the terminal.
    pub fn line(&self, width: usize) -> String {
        let parts: Vec<String> = self.hosts.iter().map(|(host, p)| part(host, p)).collect();
        cut(&parts.join("   "), width.saturating_sub(1))
    }
}

fn part(host: &HostName, place: &Place) -> String {
    let mut text = format!("{host} {}/{}", place.done, place.steps);
    if let Some((name, begun)) = &place.current {
        text.push_str(&format!(" {name} {}", Millis::from(begun.elapsed()).clock()));
        if !place.last.is_empty() {
            text.push_str(&format!(" › {}", place.last));
        }
    }
    text
}

/// The beginning of a text that fits.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}
