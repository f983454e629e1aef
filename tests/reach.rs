//! How machines are reached: scripted peers over byte streams, and OpenSSH's own sshd.
#![allow(clippy::disallowed_methods, reason = "tests make the files and sockets they need")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod files;
mod fixture;
mod inside;
mod peer;
mod piped;
mod real;
mod scripted;
pub mod sshd;
