//! What keys, mouse and palette can ask for: one closed set. Says nothing of how it is done.

/// One of the five screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The fleet at a glance.
    #[default]
    Shelter,
    /// Everything about one host.
    Host,
    /// Playbooks and hosts, and the run under way.
    Plays,
    /// What models achieve.
    Bench,
    /// What there was.
    Log,
}

impl Place {
    /// All of them, in the order of their digits.
    pub const ALL: [Self; 5] = [Self::Shelter, Self::Host, Self::Plays, Self::Bench, Self::Log];

    /// Its name in the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shelter => "Shelter",
            Self::Host => "Host",
            Self::Plays => "Plays",
            Self::Bench => "Bench",
            Self::Log => "Log",
        }
    }
}

impl Action {
    /// Whether something may come to be otherwise by it, on a host or in the home.
    pub fn changes(self) -> bool {
        matches!(
            self,
            Self::Run
                | Self::Check
                | Self::Cancel
                | Self::Detach
                | Self::Resume
                | Self::Undo
                | Self::Ping
                | Self::AddHost
        )
    }
}

/// Something a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows a screen.
    Go(Place),
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning.
    Top,
    /// To the end.
    Bottom,
    /// To the next pane.
    NextPane,
    /// To the pane before.
    PrevPane,
    /// Opens what the cursor is on.
    Open,
    /// Back to where one came from.
    Back,
    /// Leaves the console.
    Quit,
    /// Shows only what matches.
    Filter,
    /// To the next match.
    NextMatch,
    /// To the match before.
    PrevMatch,
    /// Everything there is to do, by name.
    Palette,
    /// What can be done here.
    Help,
    /// The pane alone on the screen.
    Zoom,
    /// A shorter span of time.
    Shorter,
    /// A longer span of time.
    Longer,
    /// Lets the picture stand still.
    Freeze,
    /// Follows the end of what is printed.
    Follow,
    /// Runs the playbook.
    Run,
    /// Looks what a run would change.
    Check,
    /// Shows the program before it runs.
    Program,
    /// Shows how files differ.
    Diff,
    /// Ends the run.
    Cancel,
    /// Leaves the run to itself.
    Detach,
    /// Goes on with a run that was left.
    Resume,
    /// Takes a run back.
    Undo,
    /// Reaches the host anew.
    Ping,
    /// Puts a host into the inventory.
    AddHost,
    /// Copies what the cursor is on.
    Copy,
    /// What asks for attention.
    Alerts,
    /// Has seen it.
    Acknowledge,
    /// Takes the mouse, or leaves it to the terminal.
    Mouse,
    /// Paints everything anew.
    Repaint,
    /// Steps aside for the shell.
    Suspend,
}
