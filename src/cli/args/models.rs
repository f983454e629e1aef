//! The command line of `shelter models`, as data.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Selection;

/// Models: which fit on which host, where and why.
///
/// A `models.yaml` in the home adds models to those built in, or takes the place of some by name.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Models {
    /// Something else to do.
    #[command(subcommand)]
    pub what: Option<OneModel>,
    /// Which hosts.
    #[command(flatten)]
    pub selection: Selection,
    /// Look at the hosts, and grade against the memory that is free on them now
    #[arg(long)]
    pub now: bool,
    /// How the models are to be run.
    #[command(flatten)]
    pub running: Running,
}

/// A single model.
#[derive(Clone, Debug, Subcommand)]
pub enum OneModel {
    /// Read the header of a model file, and say what it is and how much memory it takes
    Inspect(Inspect),
    /// Write a tiny model of random weights, to see whether an engine loads and generates
    Tiny {
        /// The file, which must not exist yet
        #[arg(value_name = "FILE.gguf")]
        file: PathBuf,
    },
}

/// A model file.
#[derive(Clone, Debug, Args)]
pub struct Inspect {
    /// The file
    #[arg(value_name = "FILE.gguf")]
    pub file: PathBuf,
    /// As one JSON object
    #[arg(long)]
    pub json: bool,
    /// How it is to be run.
    #[command(flatten)]
    pub running: Running,
}

/// How models are to be run.
#[derive(Clone, Copy, Debug, Args)]
pub struct Running {
    /// Tokens of context to make room for
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    pub context: u64,
    /// How keys and values are kept: less memory for a little less precision
    #[arg(long, value_name = "TYPE", default_value = "f16")]
    pub cache_type: CacheWord,
}

/// How keys and values are kept.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum CacheWord {
    /// Two bytes an element
    F16,
    /// A little more than one
    Q8_0,
    /// A little more than a half
    Q4_0,
}
