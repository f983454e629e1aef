//! Mountain Shelter: the operations console of a small self-hosted LLM fleet.
//!
//! Rooms and the arrows between them: ARCHITECTURE.md.

pub mod bench;
pub mod cli;
pub mod config;
pub mod counsel;
pub mod fleet;
pub mod lab;
pub mod llm;
pub mod ops;
pub mod playbook;
pub mod reach;
pub mod records;
pub mod telemetry;
pub mod text;
pub mod theme;
pub mod ui;
pub mod watchdog;
