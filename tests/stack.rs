//! 03 as its users run it, on this machine: an engine built from a small source, models fetched from a server that breaks,
//! changes and lies.

mod build;
mod flags;
mod install;
mod server;
mod store;
