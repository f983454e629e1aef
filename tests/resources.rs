//! Every resource that can be real in a folder: its legs are executed under each shell, from unmet to met and back.

mod bench;
mod builtin;
mod download;
mod files;
mod hostile;
mod lint;
mod tools;
mod whole;
