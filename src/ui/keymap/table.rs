//! The one table of keys: what the console dispatches, the footer and the help show, and the palette lists.

use crate::ui::action::{Action, Place};

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// Its name in `shelter.yaml`.
    pub name: &'static str,
    /// The keys for it, unless others are set.
    pub keys: &'static [&'static str],
    /// What it does, as the help says it.
    pub says: &'static str,
    /// In which part of the help it stands.
    pub part: Part,
}

/// A part of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Getting about.
    Move,
    /// Playbooks and runs.
    Runs,
    /// What is shown and how.
    View,
    /// The console itself.
    Console,
}

impl Part {
    /// All parts, in the order of the help.
    pub const ALL: [Self; 4] = [Self::Move, Self::Runs, Self::View, Self::Console];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "getting about",
            Self::Runs => "runs",
            Self::View => "the picture",
            Self::Console => "the console",
        }
    }
}

const fn entry(
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    says: &'static str,
    part: Part,
) -> Binding {
    Binding { action, name, keys, says, part }
}

use Action as A;
use Part::{Console, Move, Runs, View};

/// Everything a key can do.
pub const TABLE: [Binding; 44] = [
    entry(A::Go(Place::Shelter), "shelter", &["1"], "the fleet at a glance", Move),
    entry(A::Go(Place::Host), "host", &["2"], "everything about one host", Move),
    entry(A::Go(Place::Plays), "plays", &["3"], "playbooks, hosts, the run under way", Move),
    entry(A::Go(Place::Bench), "bench", &["4"], "what models achieve", Move),
    entry(A::Go(Place::Log), "log", &["5"], "what there was", Move),
    entry(A::Up, "up", &["up", "k"], "up", Move),
    entry(A::Down, "down", &["down", "j"], "down", Move),
    entry(A::Left, "left", &["left", "h"], "left", Move),
    entry(A::Right, "right", &["right", "l"], "right", Move),
    entry(A::PageUp, "page_up", &["pageup", "ctrl-u"], "a page up", Move),
    entry(A::PageDown, "page_down", &["pagedown", "ctrl-d", "space"], "a page down", Move),
    entry(A::Top, "top", &["home", "g"], "to the beginning", Move),
    entry(A::Bottom, "bottom", &["end", "G"], "to the end", Move),
    entry(A::NextPane, "next_pane", &["tab"], "the next pane", Move),
    entry(A::PrevPane, "previous_pane", &["backtab"], "the pane before", Move),
    entry(A::Open, "open", &["enter"], "open what the cursor is on", Move),
    entry(A::Back, "back", &["q", "esc"], "back", Move),
    entry(A::Run, "run", &["r"], "run the playbook, after a question", Runs),
    entry(A::Check, "check", &["c"], "look what a run would change", Runs),
    entry(A::Program, "program", &["s"], "the program as it would run there", Runs),
    entry(A::Diff, "diff", &["D"], "how files differ, or what was printed", Runs),
    entry(A::Cancel, "cancel", &["x"], "cancel in order; once more: at once", Runs),
    entry(A::Detach, "detach", &["d"], "leave the run to itself on its hosts", Runs),
    entry(A::Resume, "resume", &["R"], "go on with a run that was left", Runs),
    entry(A::Undo, "undo", &["u"], "take the run back, after a question", Runs),
    entry(A::Ping, "ping", &["P"], "reach the host anew, gather its facts", Runs),
    entry(A::AddHost, "add_host", &["A"], "add a host to the inventory", Runs),
    entry(A::Filter, "filter", &["/"], "show only what matches, or search", View),
    entry(A::NextMatch, "next_match", &["n"], "the next match", View),
    entry(A::PrevMatch, "previous_match", &["N"], "the match before", View),
    entry(A::Zoom, "zoom", &["z"], "this pane alone, or all of them", View),
    entry(A::Shorter, "shorter", &["["], "a shorter span of time", View),
    entry(A::Longer, "longer", &["]"], "a longer span of time", View),
    entry(A::Freeze, "freeze", &["p"], "let the picture stand still", View),
    entry(A::Follow, "follow", &["f"], "follow the end of what is printed", View),
    entry(A::Alerts, "alerts", &["!"], "what asks for attention", View),
    entry(A::Acknowledge, "acknowledge", &["a"], "it was seen", View),
    entry(A::Palette, "palette", &[":"], "everything there is to do, by name", Console),
    entry(A::Help, "help", &["?"], "the keys that work here", Console),
    entry(A::Copy, "copy", &["y"], "copy what the cursor is on", Console),
    entry(A::Mouse, "mouse", &["M"], "take the mouse, or leave it", Console),
    entry(A::Repaint, "repaint", &["ctrl-l"], "paint everything anew", Console),
    entry(A::Quit, "quit", &["Q", "ctrl-c"], "leave the console", Console),
    entry(A::Suspend, "suspend", &["ctrl-z"], "step aside for the shell", Console),
];
