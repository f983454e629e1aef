//! Playbooks: what is wished, resolved for one host into a plan and compiled to one POSIX sh program. Executes nothing.

pub mod model;
pub mod parse;
pub mod plan;
pub mod resolve;
pub mod resource;
pub mod vars;
