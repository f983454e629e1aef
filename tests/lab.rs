//! Practice hosts, from their start to attempts to break out of them.

mod serving;
mod visitor;
