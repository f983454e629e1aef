//! The roles without any colour, as `NO_COLOR` wishes: bold, dim, underlined and reversed stay.

use ratatui::style::{Color, Style};

use super::Role;

pub(super) fn style(role: Role) -> Style {
    let none = Style::new().fg(Color::Reset);
    match role {
        Role::Ground | Role::Overlay => none.bg(Color::Reset),
        Role::Text | Role::Good | Role::Aside | Role::Key => none,
        Role::Plot | Role::PlotOther | Role::WarnFill | Role::Removed => none,
        Role::Label | Role::Faint | Role::Rule | Role::Hairline | Role::Trough | Role::Grain => {
            none.dim()
        }
        Role::Heading | Role::Value | Role::Selected | Role::Warn | Role::BadFill | Role::Added => {
            none.bold()
        }
        Role::Wash => Style::new(),
        Role::Accent | Role::Bad => none.bold().underlined(),
        Role::Alarm => none.bold().reversed(),
        Role::Match => none.underlined(),
    }
}
