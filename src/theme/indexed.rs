//! The roles in the 256 colours that every terminal of the last decades knows, chosen by eye and by
//! contrast rather than by distance: the nearest neighbours of ground and shadow fall together.

use ratatui::style::{Color, Style};

use super::Role;

const GROUND: u8 = 233;
const SHADOW: u8 = 232;
const WASH: u8 = 234;
const GOLD: u8 = 144;
const ACCENT: u8 = 178;
const SAGE: u8 = 245;
const STEEL: u8 = 244;
const DARK_GOLD: u8 = 137;
const COPPER: u8 = 173;
const RUST: u8 = 167;
const RUST_FILL: u8 = 131;
const TAUPE: u8 = 241;
const SLATE: u8 = 239;

pub(super) fn style(role: Role) -> Style {
    match role {
        Role::Ground => ink(SAGE).bg(Color::Indexed(GROUND)),
        Role::Text | Role::Good | Role::Key => ink(SAGE),
        Role::Label | Role::Aside | Role::PlotOther => ink(STEEL),
        Role::Faint => ink(TAUPE),
        Role::Rule => ink(DARK_GOLD),
        Role::Hairline | Role::Trough => ink(SLATE),
        Role::Heading => ink(DARK_GOLD).bold(),
        Role::Value => ink(GOLD),
        Role::Selected => ink(GOLD).bold(),
        Role::Wash => Style::new().bg(Color::Indexed(WASH)),
        Role::Accent => ink(ACCENT).bold(),
        Role::Alarm => ink(GROUND).bg(Color::Indexed(ACCENT)).bold(),
        Role::Warn | Role::WarnFill => ink(COPPER),
        Role::Bad => ink(RUST).bold(),
        Role::BadFill => ink(RUST_FILL),
        Role::Plot => ink(SAGE),
        Role::Overlay => ink(SAGE).bg(Color::Indexed(SHADOW)),
        Role::Match => ink(GOLD).underlined(),
        Role::Added => ink(SAGE).bold(),
        Role::Removed => ink(RUST),
        Role::Grain => ink(GROUND),
    }
}

fn ink(colour: u8) -> Style {
    Style::new().fg(Color::Indexed(colour))
}
