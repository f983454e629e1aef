//! What fits where, and how fast it was: model files' headers, the catalogue, the memory a model takes, benchmarks beside
//! their baselines. Pure; never talks to a host.

mod catalogue;
mod fit;
pub mod gguf;
mod measure;
mod noise;

pub use catalogue::{Catalogue, Model};
pub use fit::{
    CacheType, Card, Demand, FULLEST, Fit, Layer, Placement, Places, Setting, Shape, ShapeError,
    Split, advice, disk_of, fit, fullness, why,
};
pub use measure::{
    CardConditions, Comparison, Conditions, Difference, Figure, Kernel, KernelError, Kernels,
    Level, Load, Measured, Printed, Record, Request, Shift, Spread, Standing, Subject, Verdict,
    compare, kernels, prompt, spread, standings, told,
};
