//! The one table of looks: every role, its ink, and what marks it beside the ink. Where colours are few the marks
//! are more: bold, dim, underlined and reversed carry there what the inks carry elsewhere.

use ratatui::style::{Modifier, Style};

use super::ink::Ink;
use super::{Depth, Role};

/// How a role looks.
struct Look {
    ink: Ink,
    /// The ground it lies on, where that is one of its own.
    ground: Option<Ink>,
    /// What marks it where colours tell roles apart.
    rich: Modifier,
    /// What marks it where sixteen colours, whose scheme nobody knows, or none do.
    poor: Modifier,
}

const PLAIN: Modifier = Modifier::empty();
const BOLD: Modifier = Modifier::BOLD;
const DIM: Modifier = Modifier::DIM;
const LINED: Modifier = Modifier::UNDERLINED;
const BOLD_LINED: Modifier = BOLD.union(LINED);
const BOLD_REVERSED: Modifier = BOLD.union(Modifier::REVERSED);

/// What a role looks like at a depth.
pub(super) fn style(role: Role, depth: Depth) -> Style {
    let Look { ink, ground, rich, poor } = look(role);
    // A ground alone leaves what is written on it as it is.
    if role == Role::Wash {
        let wash = matches!(depth, Depth::True | Depth::Indexed).then(|| ink.at(depth));
        return Style { bg: wash, ..Style::new() };
    }
    let marks = match depth {
        Depth::True | Depth::Indexed => rich,
        // Reversed, what has an ink would be a block of it.
        Depth::Sixteen => poor.difference(Modifier::REVERSED),
        Depth::Bare => poor,
    };
    let style = Style { bg: ground.map(|ground| ground.at(depth)), ..Style::new() };
    style.fg(ink.at(depth)).add_modifier(marks)
}

fn look(role: Role) -> Look {
    let on = |ink, ground, rich, poor| Look { ink, ground: Some(ground), rich, poor };
    let of = |ink, rich, poor| Look { ink, ground: None, rich, poor };
    match role {
        Role::Ground => on(Ink::Sage, Ink::Ground, PLAIN, PLAIN),
        Role::Overlay => on(Ink::Sage, Ink::Shadow, PLAIN, PLAIN),
        Role::Wash => of(Ink::Wash, PLAIN, PLAIN),
        Role::Text | Role::Good | Role::Plot => of(Ink::Sage, PLAIN, PLAIN),
        Role::Label | Role::Aside | Role::PlotOther => of(Ink::Steel, PLAIN, DIM),
        Role::Faint => of(Ink::Taupe, PLAIN, DIM),
        Role::Rule => of(Ink::DarkGold, PLAIN, DIM),
        Role::Hairline | Role::Trough => of(Ink::Slate, PLAIN, DIM),
        Role::Grain => of(Ink::Grain, PLAIN, DIM),
        Role::Heading => of(Ink::DarkGold, BOLD, BOLD),
        Role::Key => of(Ink::Sage, PLAIN, BOLD),
        Role::Value => of(Ink::Gold, PLAIN, BOLD),
        Role::Selected => of(Ink::Gold, BOLD, BOLD_LINED),
        Role::Accent => of(Ink::Accent, BOLD, BOLD),
        Role::Alarm => on(Ink::Ground, Ink::Accent, BOLD, BOLD_REVERSED),
        Role::Match => of(Ink::Gold, LINED, BOLD_LINED),
        Role::Warn => of(Ink::Copper, PLAIN, BOLD),
        Role::WarnFill => of(Ink::CopperFill, PLAIN, PLAIN),
        Role::Bad => of(Ink::Rust, BOLD, BOLD_REVERSED),
        Role::BadFill => of(Ink::RustFill, PLAIN, BOLD),
        Role::Added => of(Ink::Sage, BOLD, BOLD),
        Role::Removed => of(Ink::Rust, PLAIN, DIM),
    }
}
