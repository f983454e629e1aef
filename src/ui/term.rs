//! The terminal: taken and given back whole, whatever happens; written to without ever waiting for it.

mod canvas;
mod guard;
mod input;
mod signals;
mod terminal;

pub use guard::restore;
pub use input::{Input, inputs};
pub use signals::{Sign, Signs};
pub use terminal::Terminal;
