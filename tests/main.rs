//! Every integration test, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may stop where it stands"
)]

mod attention;
mod carrying;
mod chains;
mod circles;
mod cli;
mod console;
mod counsel;
mod doctor;
mod events;
mod governed;
mod house;
mod inventories;
mod lab;
mod llm;
mod logs;
mod measured;
mod metrics;
mod models;
mod pages;
mod plans_shown;
mod playbooks;
mod probes;
mod reach;
mod reports;
mod resources;
mod rooms;
mod runner;
mod runs;
mod samples;
mod screens;
mod secrets;
mod serving;
mod ssh_config;
mod stack;
mod status;
mod sudo;
mod support;
mod theme;
mod watchdog;
