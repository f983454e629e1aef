//! The look, held against what was decided: every role at every depth, every contrast, every state.

use std::fmt::Write as _;

use ratatui::style::{Color, Modifier, Style};
use shelter::theme::{Depth, Glyphs, Rgb, Role, State, Theme, named};

use crate::support::cases::{compare_kept, in_repository};

fn theme(depth: Depth) -> Theme {
    Theme::new(depth, Glyphs::Fine)
}

fn colour(colour: Color) -> String {
    let Color::Rgb(red, green, blue) = colour else { return colour.to_string().to_lowercase() };
    let known = named().into_iter().find(|(_, rgb)| *rgb == Rgb(red, green, blue));
    known.map_or_else(|| colour.to_string(), |(name, _)| name.to_owned())
}

/// How well a colour is read on another: from 1 to 21, as WCAG 2 counts it.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(Rgb(red, green, blue): Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn look(style: Style) -> String {
    let mut words: Vec<String> = style.fg.map(colour).into_iter().collect();
    words.extend(style.bg.map(|ground| format!("on {}", colour(ground))));
    words.extend(style.add_modifier.iter_names().map(|(name, _)| name.to_lowercase()));
    if words.is_empty() { "-".to_owned() } else { words.join(" ") }
}

#[test]
fn every_role_has_its_look_at_every_depth() {
    let mut table = String::new();
    for role in Role::ALL {
        writeln!(table, "{role:?}").unwrap();
        for depth in Depth::ALL {
            writeln!(table, "  {:<9} {}", depth.name(), look(theme(depth).style(role))).unwrap();
        }
    }
    compare_kept(&in_repository("tests/theme/roles.txt"), &table);
}

#[test]
fn every_state_is_a_sign_and_a_word() {
    let mut table = String::new();
    for state in State::ALL {
        let fine = theme(Depth::True).mark(state);
        let ascii = Theme::new(Depth::True, Glyphs::Ascii).mark(state);
        assert!(ascii.glyph.is_ascii() && !fine.word.is_empty(), "{state:?}");
        writeln!(table, "{} {} {} · {:?}", fine.glyph, ascii.glyph, fine.word, fine.role).unwrap();
    }
    compare_kept(&in_repository("tests/theme/states.txt"), &table);
}

#[test]
fn contrasts_are_as_they_were_measured() {
    let ground = Rgb(0x0d, 0x0d, 0x0d);
    let mut table = String::new();
    for (name, rgb) in named() {
        let Rgb(red, green, blue) = rgb;
        let contrast = contrast(rgb, ground);
        writeln!(table, "#{red:02x}{green:02x}{blue:02x} {contrast:5.2} {name}").unwrap();
    }
    compare_kept(&in_repository("tests/theme/contrasts.txt"), &table);
}

/// Roles of which a word may be made.
const WORDS: [Role; 11] = [
    Role::Text,
    Role::Label,
    Role::Value,
    Role::Selected,
    Role::Accent,
    Role::Good,
    Role::Warn,
    Role::Bad,
    Role::Key,
    Role::Match,
    Role::Removed,
];

#[test]
fn what_is_read_can_be_read_also_in_the_row_of_the_cursor_and_on_an_overlay() {
    let theme = theme(Depth::True);
    let rgb = |colour: Option<Color>| match colour {
        Some(Color::Rgb(red, green, blue)) => Rgb(red, green, blue),
        other => panic!("{other:?} is no full colour"),
    };
    // The wash is a little lighter than the ground that the colours were lifted for.
    for (ground, least) in [(Role::Ground, 4.5), (Role::Overlay, 4.5), (Role::Wash, 4.0)] {
        for role in WORDS {
            let contrast = contrast(rgb(theme.style(role).fg), rgb(theme.style(ground).bg));
            assert!(contrast >= least, "{role:?} on {ground:?}: {contrast:.2}");
        }
    }
}

#[test]
fn without_colours_there_is_none_and_attributes_stay() {
    let mut attributes = Modifier::empty();
    for role in Role::ALL {
        let style = theme(Depth::Bare).style(role);
        let none = |colour: Option<Color>| colour.is_none_or(|colour| colour == Color::Reset);
        assert!(none(style.fg) && none(style.bg), "{role:?}");
        attributes |= style.add_modifier;
    }
    let kept = Modifier::BOLD | Modifier::DIM | Modifier::UNDERLINED | Modifier::REVERSED;
    assert_eq!(attributes, kept);
}

#[test]
fn light_falls_only_where_there_are_all_colours() {
    assert_eq!(theme(Depth::True).lit(0).bg, theme(Depth::True).style(Role::Ground).bg);
    assert_ne!(theme(Depth::True).lit(100).bg, theme(Depth::True).lit(50).bg);
    for depth in [Depth::Indexed, Depth::Sixteen, Depth::Bare] {
        assert_eq!(theme(depth).lit(100), Style::new(), "{depth:?}");
    }
}
