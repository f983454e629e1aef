//! Benchmarks: what was measured, under what conditions, and what that says beside what was measured before. Pure.

mod compare;
mod conditions;
mod kernels;
mod load;
mod looks;
mod record;
mod spread;
mod standing;

pub use compare::{Comparison, Difference, Shift, Verdict, compare};
pub use conditions::{CardConditions, Conditions};
pub use kernels::{KernelError, Kernels, kernels};
pub use load::{Load, prompt};
pub use looks::{Printed, told};
pub use record::{Figure, Kernel, Level, Measured, Record, Request, Subject};
pub use spread::{Spread, spread};
pub use standing::{Standing, standings};
