//! A report as the command line tells it, set for the room there is: its place is always whole, its sentences go on in
//! the next line, and what is underlined stands out. Knows no error.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::{Glyphs, Role, Theme};

use super::fit::{below, line};
use super::widget::{fit, fit_middle, width, wrapped};

/// Lines that one sentence may take.
const SENTENCE: usize = 4;

/// Draws a report without so many of its first lines. What is left of the area.
pub fn draw(report: &str, theme: Theme, area: Rect, skipped: usize, buf: &mut Buffer) -> Rect {
    let mut at = area;
    let lines = report.lines().flat_map(|text| set(text, usize::from(area.width), theme.glyphs()));
    for (role, text) in lines.skip(skipped) {
        line(buf, at, theme, &[(&text, role)]);
        at = below(at, 1);
    }
    at
}

/// A line as it is set.
fn set(text: &str, room: usize, glyphs: Glyphs) -> Vec<(Role, String)> {
    let told = text.trim_start();
    let indent = text.len() - told.len();
    let role = role(told);
    match told.split_once(' ') {
        // The end of a place is what one goes by.
        Some(("-->", place)) => {
            let place = fit_middle(place, room.saturating_sub(indent + 4), glyphs);
            vec![(role, format!("{}--> {place}", " ".repeat(indent)))]
        }
        Some(("=", sentence)) if width(text) > room => {
            let lines = wrapped(sentence, room.saturating_sub(indent + 2), SENTENCE, glyphs);
            let first = |at: usize| if at == 0 { "= " } else { "  " };
            let lines = lines.iter().enumerate();
            lines
                .map(|(at, text)| (role, format!("{}{}{text}", " ".repeat(indent), first(at))))
                .collect()
        }
        _ => vec![(role, fit(text, room, glyphs))],
    }
}

fn role(told: &str) -> Role {
    let underlines = |told: &str| told.starts_with('|') && told.contains('^');
    match told {
        told if told.starts_with("error") => Role::Bad,
        told if told.starts_with("warning") => Role::Warn,
        told if underlines(told) => Role::Value,
        told if told.starts_with("-->") || told.starts_with("= cause") => Role::Label,
        _ => Role::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_keeps_its_end_and_a_sentence_goes_on() {
        let told = |text| {
            let lines = set(text, 30, Glyphs::Fine).into_iter();
            lines.map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(
            told("  --> /home/rc/.mountain_shelter/playbooks/50_wait.yaml:7:5"),
            ["  --> /home/rc/.mo…it.yaml:7:5"]
        );
        assert_eq!(
            told("    = help: say `changed: true` where it is not"),
            ["    = help: say `changed:", "      true` where it is not"]
        );
        assert_eq!(told("   | ^^^"), ["   | ^^^"]);
    }
}
