//! The parts that screens are made of. Each draws what it is given and knows no state.

mod canvas;
mod fit;
mod meter;
mod plot;
mod splash;
mod table;

pub use canvas::{Canvas, Pen};
pub use fit::{fit, fit_middle, width, wrapped};
pub use meter::Meter;
pub use plot::{Limits, Plot};
pub use splash::{Effects, Surroundings, splash};
pub use table::{Align, Cell, Column, Table};
