//! What fits where: model files' headers, the catalogue, and the memory a model takes. Pure; never talks to a host.

mod catalogue;
mod fit;
pub mod gguf;

pub use catalogue::{Catalogue, Model};
pub use fit::{
    CacheType, Card, Demand, Fit, Layer, Placement, Places, Setting, Shape, ShapeError, Split,
    advice, fit, why,
};
