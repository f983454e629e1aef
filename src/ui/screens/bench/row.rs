//! How a model on a host stands, as a row of the list.

use crate::bench::{Standing, Verdict};
use crate::text::three_digits;
use crate::theme::{Role, State, Theme};
use crate::ui::widget::{Align, Cell, Column};

/// The columns of the list.
pub(super) const COLUMNS: [Column; 6] = [
    Column { title: "HOST", least: 8, most: 20, rank: 0, align: Align::Name },
    Column { title: "MODEL", least: 14, most: 34, rank: 0, align: Align::Name },
    Column { title: "QUANT", least: 6, most: 8, rank: 3, align: Align::Left },
    Column { title: "ON", least: 4, most: 8, rank: 4, align: Align::Left },
    Column { title: "TOKENS/S", least: 8, most: 8, rank: 0, align: Align::Right },
    Column { title: "STANDS", least: 13, most: 14, rank: 0, align: Align::Left },
];

/// The row.
pub(super) fn row(standing: &Standing<'_>, theme: Theme) -> Vec<Cell> {
    let subject = &standing.newest.subject;
    let (state, word) = stands(standing);
    let mark = theme.mark(state);
    let speed =
        standing.history.last().map_or_else(|| "n/a".to_owned(), |speed| three_digits(*speed));
    vec![
        Cell::new(Role::Text, &standing.newest.host),
        Cell::new(Role::Text, &subject.model),
        Cell::new(Role::Label, &subject.quantisation),
        Cell::new(Role::Label, &subject.backend),
        Cell::new(Role::Text, speed),
        Cell::new(mark.role, format!("{} {word}", mark.glyph)),
    ]
}

/// All that a row tells, in a line.
pub(super) fn told(standing: &Standing<'_>) -> String {
    let record = standing.newest;
    let speed =
        standing.history.last().map_or_else(|| "n/a".to_owned(), |speed| three_digits(*speed));
    let (subject, (_, word)) = (&record.subject, stands(standing));
    format!(
        "{}  {}  {} {}  {speed} tokens/s  {word}",
        record.at, record.host, subject.model, subject.quantisation
    )
}

/// How it stands against its baseline.
pub(in crate::ui::screens) fn stands(standing: &Standing<'_>) -> (State, String) {
    if standing.is_first() {
        return (State::Never, "the first".to_owned());
    }
    let comparison = &standing.comparison;
    if !comparison.is_fair() {
        return (State::Unknown, "not alike".to_owned());
    }
    let worst = comparison.worse().min_by(|one, other| one.better_by.total_cmp(&other.better_by));
    let better = comparison.shifts.iter().any(|shift| shift.verdict == Verdict::Better);
    match (worst, better) {
        (Some(shift), _) => (State::Failed, format!("{:.0} % worse", -shift.better_by)),
        (None, true) => (State::Changed, "better".to_owned()),
        (None, false) => (State::Ok, "the same".to_owned()),
    }
}
