//! The colours of THE NOIR. No other file of this program holds one of them by its number.

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The ground of everything.
pub const BG_DARK: Rgb = Rgb(0x0d, 0x0d, 0x0d);
/// What is selected, or the one value that matters.
pub const GOLD: Rgb = Rgb(0xc5, 0xb4, 0x7f);
/// Labels and lines of plots.
pub const STEEL: Rgb = Rgb(0x7a, 0x83, 0x83);
/// Hairlines and what is not there. Too dark for text that matters.
pub const TAUPE: Rgb = Rgb(0x66, 0x63, 0x50);
/// Text.
pub const SAGE: Rgb = Rgb(0x80, 0x8c, 0x81);
/// Warnings, as a surface.
pub const COPPER: Rgb = Rgb(0x9c, 0x5c, 0x34);
/// Troughs and hairlines.
pub const SLATE: Rgb = Rgb(0x44, 0x4c, 0x48);
/// Failures, as a surface.
pub const RUST: Rgb = Rgb(0x8d, 0x4d, 0x32);
/// The lines between columns.
pub const DARK_GOLD: Rgb = Rgb(0x8b, 0x73, 0x55);
/// The row under the cursor.
pub const DARK_GREY: Rgb = Rgb(0x1a, 0x1a, 0x1a);
/// The sharpest highlight, below one cell in a hundred.
pub const ACCENT_GOLD: Rgb = Rgb(0xda, 0xa5, 0x20);
/// What lies over the screen.
pub const SHADOW: Rgb = Rgb(0x08, 0x08, 0x08);

/// Copper and rust where they must be read: the same hue, lifted until the contrast is above 4.5.
pub const COPPER_TEXT: Rgb = Rgb(0xb0, 0x68, 0x3b);
/// See [`COPPER_TEXT`].
pub const RUST_TEXT: Rgb = Rgb(0xb7, 0x64, 0x41);

/// The static grain, and the brightest ray of light on the ground.
pub const GRAIN: Rgb = Rgb(0x1f, 0x1d, 0x19);
/// See [`GRAIN`].
pub const RAY: Rgb = Rgb(0x36, 0x31, 0x28);

/// Every colour by its name, for whoever lists or measures them.
pub fn named() -> [(&'static str, Rgb); 16] {
    [
        ("bg_dark", BG_DARK),
        ("gold", GOLD),
        ("steel", STEEL),
        ("taupe", TAUPE),
        ("sage", SAGE),
        ("copper", COPPER),
        ("slate", SLATE),
        ("rust", RUST),
        ("dark_gold", DARK_GOLD),
        ("dark_grey", DARK_GREY),
        ("accent_gold", ACCENT_GOLD),
        ("shadow", SHADOW),
        ("copper as text", COPPER_TEXT),
        ("rust as text", RUST_TEXT),
        ("grain", GRAIN),
        ("ray", RAY),
    ]
}

/// The ground, lit: from 0 to 100.
pub(super) fn lit(light: u8) -> Rgb {
    let light = u16::from(light.min(100));
    let between = |dark: u8, bright: u8| {
        let span = u16::from(bright.saturating_sub(dark));
        dark.saturating_add(u8::try_from(span * light / 100).unwrap_or(u8::MAX))
    };
    let (dark, bright) = (BG_DARK, RAY);
    Rgb(between(dark.0, bright.0), between(dark.1, bright.1), between(dark.2, bright.2))
}
