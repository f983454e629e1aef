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
    /// Put a load on a running engine and time what comes back
    Serve(Serve),
    /// Make a record the one that later ones like it are measured against
    Baseline {
        /// The record, as `shelter bench --json` names it
        record: String,
    },
}

/// What load is put on which engine.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// The host
    #[arg(value_name = "NAME")]
    pub host: String,
    /// The engine's port on that host's own loopback: it need not be open to others
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Which of its models, where it has several
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Requests under way at a time, level by level
    #[arg(short, long, value_name = "N", value_delimiter = ',', default_value = "1,2,4", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub concurrency: Vec<u32>,
    /// Requests of each level
    #[arg(short = 'n', long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub requests: u32,
    /// Words of each prompt, another one each time
    #[arg(long, value_name = "N", default_value_t = 128)]
    pub words: u32,
    /// The most tokens of each answer
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub tokens: u32,
    /// Requests before, which are not counted
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub warm_up: u32,
    /// The key it asks for
    #[arg(long, env = "SHELTER_ENGINE_KEY", hide_env_values = true, value_name = "KEY")]
    pub key: Option<String>,
    /// As one JSON object, with every sample
    #[arg(long)]
    pub json: bool,
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
