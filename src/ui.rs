//! The console: screens, overlays, keys, and the terminal they are shown on. Opens no file and no socket.

pub mod action;
mod console;
mod draw;
pub mod effect;
pub mod fit;
mod fuzzy;
mod hear;
pub mod keymap;
mod model;
pub mod news;
mod overlay;
mod pointer;
pub mod prompt;
mod run_pane;
mod runs;
pub mod scene;
mod screens;
pub mod sheet;
mod splash;
pub mod stream;
pub mod tails;
mod term;
mod took;
mod typing;
mod update;
mod welcome;
mod world;
mod wrap;

pub use console::{Ending, Wires, run};
pub use keymap::Keymap;
pub use model::{Model, Settings};
pub use term::restore;
pub use update::Moment;
