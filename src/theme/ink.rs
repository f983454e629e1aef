//! The inks: what each is mixed of at every depth of colour. The only way from a colour of the palette to a cell.

use ratatui::style::Color;

use super::Depth;
use super::palette::{
    ACCENT_GOLD, BG_DARK, COPPER, COPPER_TEXT, DARK_GOLD, DARK_GREY, GOLD, GRAIN, RUST, RUST_TEXT,
    Rgb, SAGE, SHADOW, SLATE, STEEL, TAUPE,
};

/// A colour by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Ground,
    Shadow,
    Wash,
    Gold,
    Accent,
    Sage,
    Steel,
    DarkGold,
    Copper,
    CopperFill,
    Rust,
    RustFill,
    Taupe,
    Slate,
    Grain,
}

impl Ink {
    /// The colour at a depth.
    pub fn at(self, depth: Depth) -> Color {
        let (full, indexed, sixteen) = self.mixed();
        match depth {
            Depth::True => full.into(),
            Depth::Indexed => Color::Indexed(indexed),
            Depth::Sixteen => sixteen,
            Depth::Bare => Color::Reset,
        }
    }

    /// In full colour; of the 256 of xterm, chosen by eye and by contrast, for the nearest neighbours of ground and
    /// shadow fall together; of the terminal's own sixteen, which the user may have changed: only those are taken that
    /// are far apart in every scheme. Bright black is the ground in some, so no text is in it.
    fn mixed(self) -> (Rgb, u8, Color) {
        match self {
            Self::Ground => (BG_DARK, 233, Color::Black),
            Self::Shadow => (SHADOW, 232, Color::Black),
            Self::Wash => (DARK_GREY, 234, Color::Reset),
            Self::Gold => (GOLD, 144, Color::LightYellow),
            Self::Accent => (ACCENT_GOLD, 178, Color::LightYellow),
            Self::Sage => (SAGE, 245, Color::Gray),
            Self::Steel => (STEEL, 244, Color::Gray),
            Self::DarkGold => (DARK_GOLD, 137, Color::Yellow),
            Self::Copper => (COPPER_TEXT, 173, Color::LightRed),
            Self::CopperFill => (COPPER, 173, Color::LightRed),
            Self::Rust => (RUST_TEXT, 167, Color::LightRed),
            Self::RustFill => (RUST, 131, Color::Red),
            Self::Taupe => (TAUPE, 241, Color::Gray),
            Self::Slate => (SLATE, 239, Color::DarkGray),
            Self::Grain => (GRAIN, 233, Color::DarkGray),
        }
    }
}
