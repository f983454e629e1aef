//! A line of the history, as a row of the list.

use crate::fleet::HostName;
use crate::records::Noted;
use crate::theme::{Role, Theme};
use crate::ui::stream::of_level;
use crate::ui::widget::{Align, Cell, Column};

/// The columns of the list.
pub(super) const COLUMNS: [Column; 5] = [
    Column { title: "WHEN (UTC)", least: 16, most: 19, rank: 0, align: Align::Left },
    Column { title: "", least: 1, most: 1, rank: 0, align: Align::Left },
    Column { title: "HOST", least: 8, most: 20, rank: 1, align: Align::Name },
    Column { title: "RUN", least: 6, most: 12, rank: 2, align: Align::Left },
    Column { title: "WHAT", least: 20, most: 200, rank: 0, align: Align::Left },
];

/// The row of a line.
pub(super) fn row(noted: &Noted, theme: Theme) -> Vec<Cell> {
    let mark = theme.mark(of_level(noted.entry.level));
    vec![
        Cell::new(Role::Label, when(noted)),
        Cell::new(mark.role, mark.glyph),
        Cell::new(Role::Label, host(noted)),
        Cell::new(Role::Label, noted.entry.run.clone().unwrap_or_default()),
        Cell::new(if mark.role == Role::Good { Role::Text } else { mark.role }, &noted.entry.text),
    ]
}

/// All that is told of a line, in small letters.
pub(super) fn told(noted: &Noted) -> String {
    let run = noted.entry.run.clone().unwrap_or_default();
    let words =
        [when(noted), host(noted), run, noted.entry.actor.clone(), noted.entry.text.clone()];
    words.join("  ").to_lowercase()
}

fn when(noted: &Noted) -> String {
    noted.at.to_string().get(..19).unwrap_or_default().replace('T', " ")
}

fn host(noted: &Noted) -> String {
    noted.entry.host.as_ref().map(HostName::to_string).unwrap_or_default()
}
