//! The roles in the terminal's own sixteen colours, which the user may have changed: only those that are
//! far apart in every scheme carry a meaning. Bright black is the ground in some, so no text is in it.

use ratatui::style::{Color, Style};

use super::Role;

pub(super) fn style(role: Role) -> Style {
    match role {
        Role::Ground => ink(Color::Gray).bg(Color::Black),
        Role::Text | Role::Label | Role::Good | Role::Aside => ink(Color::Gray),
        Role::Plot | Role::PlotOther => ink(Color::Gray),
        Role::Faint => ink(Color::Gray).dim(),
        Role::Rule => ink(Color::Yellow),
        Role::Hairline | Role::Trough | Role::Grain => ink(Color::DarkGray),
        Role::Heading => ink(Color::Yellow).bold(),
        Role::Value => ink(Color::LightYellow),
        Role::Selected => ink(Color::LightYellow).bold(),
        Role::Wash => Style::new(),
        Role::Accent => ink(Color::White).bold(),
        Role::Alarm => ink(Color::Black).bg(Color::LightYellow).bold(),
        Role::Warn | Role::WarnFill => ink(Color::LightRed),
        Role::Bad => ink(Color::LightRed).bold(),
        Role::BadFill => ink(Color::Red),
        Role::Overlay => ink(Color::Gray).bg(Color::Black),
        Role::Key => ink(Color::White),
        Role::Match => ink(Color::LightYellow).underlined(),
        Role::Added => ink(Color::White).bold(),
        Role::Removed => ink(Color::LightRed),
    }
}

fn ink(colour: Color) -> Style {
    Style::new().fg(colour)
}
