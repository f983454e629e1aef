//! How much memory a model takes, and where on a host that much is to be had. Formulas in `docs/models.md`.

mod advice;
mod demand;
mod placement;
mod places;
mod shape;
mod store;
mod words;

pub use advice::advice;
pub use demand::{CacheType, Demand, Setting};
pub use placement::{Fit, Placement, Split, fit};
pub use places::{Card, Places};
pub use shape::{Layer, Shape, ShapeError};
pub use store::{FULLEST, disk_of, fullness};
pub use words::why;
