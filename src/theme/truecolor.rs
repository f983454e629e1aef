//! The roles in full colour.

use ratatui::style::{Color, Style};

use super::Role;
use super::palette::{
    ACCENT_GOLD, BG_DARK, COPPER, COPPER_TEXT, DARK_GOLD, DARK_GREY, GOLD, GRAIN, RAY, RUST,
    RUST_TEXT, Rgb, SAGE, SHADOW, SLATE, STEEL, TAUPE,
};

pub(super) fn style(role: Role) -> Style {
    match role {
        Role::Ground => ink(SAGE).bg(BG_DARK.into()),
        Role::Text | Role::Good | Role::Key => ink(SAGE),
        Role::Label | Role::Aside | Role::PlotOther => ink(STEEL),
        Role::Faint => ink(TAUPE),
        Role::Rule => ink(DARK_GOLD),
        Role::Hairline | Role::Trough => ink(SLATE),
        Role::Heading => ink(DARK_GOLD).bold(),
        Role::Value => ink(GOLD),
        Role::Selected => ink(GOLD).bold(),
        Role::Wash => Style::new().bg(DARK_GREY.into()),
        Role::Accent => ink(ACCENT_GOLD).bold(),
        Role::Alarm => ink(BG_DARK).bg(ACCENT_GOLD.into()).bold(),
        Role::Warn => ink(COPPER_TEXT),
        Role::Bad => ink(RUST_TEXT).bold(),
        Role::WarnFill => ink(COPPER),
        Role::BadFill => ink(RUST),
        Role::Plot => ink(SAGE),
        Role::Overlay => ink(SAGE).bg(SHADOW.into()),
        Role::Match => ink(GOLD).underlined(),
        Role::Added => ink(SAGE).bold(),
        Role::Removed => ink(RUST_TEXT),
        Role::Grain => ink(GRAIN),
    }
}

/// The ground, lit.
pub(super) fn lit(light: u8) -> Color {
    let light = u16::from(light.min(100));
    let between = |dark: u8, bright: u8| {
        let span = u16::from(bright.saturating_sub(dark));
        dark.saturating_add(u8::try_from(span * light / 100).unwrap_or(u8::MAX))
    };
    let (dark, bright) = (BG_DARK, RAY);
    Rgb(between(dark.0, bright.0), between(dark.1, bright.1), between(dark.2, bright.2)).into()
}

fn ink(colour: Rgb) -> Style {
    Style::new().fg(colour.into())
}
