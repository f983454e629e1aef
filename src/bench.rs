//! What fits where: model files' headers, the catalogue, and the memory a model takes. Pure; never talks to a host.

mod catalogue;
mod fit;
pub mod gguf;

pub use catalogue::{Catalogue, Model};
pub use fit::{
    CacheType, Card, Demand, FULLEST, Fit, Layer, Placement, Places, Setting, Shape, ShapeError,
    Split, advice, disk_of, fit, fullness, why,
};
