//! YAML 1.2 (core schema) as a tree in which every node knows its place. Resolves no tags, reads no files.

mod build;
mod node;
mod scalar;
mod syntax;

pub use build::parse;
pub use node::{Data, Entry, Node, Scalar};
pub use scalar::Resolved;
