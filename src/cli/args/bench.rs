//! The command line of `shelter bench`, as data.

use clap::{Args, Subcommand};

use super::Selection;

/// Benchmarks: how fast models are on hosts, and what got slower. `shelter --run 04` measures.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Bench {
    /// Something else to do.
    #[command(subcommand)]
    pub what: Option<BenchWhat>,
    /// Which hosts.
    #[command(flatten)]
    pub selection: Selection,
}

/// What is to be done about benchmarks.
#[derive(Clone, Debug, Subcommand)]
pub enum BenchWhat {
    /// Say what got slower, figure by figure, and whether the comparison is fair
    Compare(Compare),
    /// Make a record the one that later ones like it are measured against
    Baseline {
        /// The record, as `shelter bench --json` names it
        record: String,
    },
}

/// What is to be compared.
#[derive(Clone, Debug, Args)]
pub struct Compare {
    /// Which hosts.
    #[command(flatten)]
    pub selection: Selection,
    /// Compare this record…
    #[arg(long, value_name = "RECORD", requires = "now")]
    pub before: Option<String>,
    /// … with this one
    #[arg(long, value_name = "RECORD", requires = "before")]
    pub now: Option<String>,
    /// Compare also what was not measured alike; the differences are named all the same
    #[arg(long)]
    pub anyway: bool,
    /// Exit with 3 where something got slower beyond noise
    #[arg(long)]
    pub exit_drift: bool,
}
