//! How this program looks: the palette, what each colour means, how a state is told. Draws nothing.

mod depth;
mod glyphs;
mod ink;
mod look;
mod mark;
mod palette;
mod plain;
mod role;

use ratatui::style::{Color, Style};

pub use depth::{Depth, Environment};
pub use glyphs::Glyphs;
pub use mark::{Mark, State};
pub use palette::{Rgb, named};
pub use plain::{report_code, word_code};
pub use role::Role;

/// The look of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    depth: Depth,
    glyphs: Glyphs,
}

impl Theme {
    /// The look of a terminal that shows so many colours and these signs.
    pub fn new(depth: Depth, glyphs: Glyphs) -> Self {
        Self { depth, glyphs }
    }

    /// How many colours there are.
    pub fn depth(self) -> Depth {
        self.depth
    }

    /// Which signs there are.
    pub fn glyphs(self) -> Glyphs {
        self.glyphs
    }

    /// What a role looks like. Only [`Role::Ground`] and what lies on a ground of its own have a background.
    pub fn style(self, role: Role) -> Style {
        look::style(role, self.depth)
    }

    /// How a state is told: sign, word and the role of both.
    pub fn mark(self, state: State) -> Mark {
        state.mark(self.glyphs)
    }

    /// The ground with so much light on it, from 0 to 100: what rays are made of. Dark below truecolor.
    pub fn lit(self, light: u8) -> Style {
        match self.depth {
            Depth::True => Style::new().bg(palette::lit(light).into()),
            _ => Style::new(),
        }
    }
}

impl From<Rgb> for Color {
    fn from(Rgb(red, green, blue): Rgb) -> Self {
        Self::Rgb(red, green, blue)
    }
}
