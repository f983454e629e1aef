//! What a colour means. Never where it stands.

/// What a cell of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything, before anything stands on it.
    Ground,
    /// Text.
    Text,
    /// What a value is called.
    Label,
    /// What is not there, is not known, or does not count now.
    Faint,
    /// The lines that part columns.
    Rule,
    /// Finer lines inside a column.
    Hairline,
    /// The name of a column.
    Heading,
    /// The one value that matters in a pane.
    Value,
    /// The row or word that keys act on.
    Selected,
    /// The ground of that row.
    Wash,
    /// The sharpest highlight: below one cell in a hundred.
    Accent,
    /// A failure nobody has acknowledged.
    Alarm,
    /// As it should be.
    Good,
    /// Worth a look.
    Warn,
    /// Not as it should be.
    Bad,
    /// The surface of what is worth a look.
    WarnFill,
    /// The surface of what is not as it should be.
    BadFill,
    /// Left out on purpose.
    Aside,
    /// The line of a plot.
    Plot,
    /// A second line in the same plot.
    PlotOther,
    /// The empty part of a bar.
    Trough,
    /// What lies over the screen.
    Overlay,
    /// A key to press.
    Key,
    /// What was searched for.
    Match,
    /// A line that a change adds.
    Added,
    /// A line that a change takes away.
    Removed,
    /// Specks in the dark.
    Grain,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 27] = [
        Self::Ground,
        Self::Text,
        Self::Label,
        Self::Faint,
        Self::Rule,
        Self::Hairline,
        Self::Heading,
        Self::Value,
        Self::Selected,
        Self::Wash,
        Self::Accent,
        Self::Alarm,
        Self::Good,
        Self::Warn,
        Self::Bad,
        Self::WarnFill,
        Self::BadFill,
        Self::Aside,
        Self::Plot,
        Self::PlotOther,
        Self::Trough,
        Self::Overlay,
        Self::Key,
        Self::Match,
        Self::Added,
        Self::Removed,
        Self::Grain,
    ];
}
