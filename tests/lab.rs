//! Practice hosts, from their start to attempts to break out of them.

mod hostile;
mod plain;
mod sensors;
mod serving;
mod sessions;
mod shell;
mod unprivileged;
mod visitor;
