//! The command line, as data. What it means is decided elsewhere.

mod bench;
mod hosts;
mod models;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

pub use bench::{Bench, BenchWhat, Compare, Serve};
pub use hosts::{Get, Hosts, Put, Trust};
pub use models::{CacheWord, Inspect, Models, OneModel, Running};
pub use watch::{Hushed, Test, Watch};

/// Operates a small self-hosted LLM fleet: the machines on which people run language models at home.
#[derive(Debug, Parser)]
#[command(name = "shelter", version, max_term_width = 100)]
#[command(after_help = "Exit status: 0 all well, 1 an error in what was given, 2 a step failed, \
                        3 --check found drift (only with --exit-drift), 4 a host is unreachable, \
                        130 interrupted.")]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What a run understands.
    #[command(flatten)]
    pub run: Run,
    /// In the console: change nothing, neither on a host nor here
    #[arg(long, conflicts_with = "wanted")]
    pub read_only: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A run, and what it understands, in the words that hands trained on Ansible expect.
#[derive(Clone, Debug, Args)]
pub struct Run {
    /// Run playbooks headless: `03`, `03_install_models`, `00-02`, `01,04`; `next` and `all` of the action plan
    #[arg(long, value_name = "PLAYBOOKS", group = "wanted")]
    pub run: Option<String>,
    /// Run again what failed last time, on the hosts on which it did
    #[arg(long, value_enum, group = "wanted")]
    pub rerun: Option<Rerun>,
    /// Watch hosts, tell what is wrong, heal within bounds, until interrupted; with `--check` heal nothing
    #[arg(long, group = "wanted")]
    pub watchdog: bool,
    /// With `--watchdog`: one round
    #[arg(long, requires = "watchdog")]
    pub once: bool,
    /// How it goes about it.
    #[command(flatten)]
    pub how: How,
}

/// What is to be run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Rerun {
    /// What failed last time.
    Failed,
}

/// How a run goes about it.
#[derive(Clone, Debug, Default, Args)]
pub struct How {
    /// Only on these hosts
    #[arg(short, long, value_name = "PATTERN", requires = "wanted")]
    pub limit: Option<String>,
    /// Look at everything, change nothing
    #[arg(short = 'C', long, requires = "wanted")]
    pub check: bool,
    /// Show how files differ
    #[arg(short = 'D', long, requires = "wanted")]
    pub diff: bool,
    /// Only steps with one of these tags
    #[arg(short, long, value_name = "TAGS", value_delimiter = ',', requires = "wanted")]
    pub tags: Vec<String>,
    /// No step with one of these tags
    #[arg(long, value_name = "TAGS", value_delimiter = ',', requires = "wanted")]
    pub skip_tags: Vec<String>,
    /// Nothing before the step of this name
    #[arg(long, value_name = "STEP", requires = "wanted")]
    pub start_at: Option<String>,
    /// Set a variable: `NAME=VALUE`, or `@FILE` with YAML
    #[arg(short, long, value_name = "VAR", requires = "wanted")]
    pub extra_vars: Vec<String>,
    /// Hosts worked on at a time
    #[arg(short, long, value_name = "N", requires = "wanted", value_parser = clap::value_parser!(u16).range(1..))]
    pub forks: Option<u16>,
    /// Ask for the sudo password before anything else
    #[arg(short = 'K', long, requires = "wanted")]
    pub ask_become_pass: bool,
    /// Do not ask before something disruptive
    #[arg(short, long, requires = "wanted")]
    pub yes: bool,
    /// With `--check`: exit with 3 where something would change
    #[arg(long, requires = "check")]
    pub exit_drift: bool,
    /// One JSON event per line
    #[arg(long, requires = "wanted")]
    pub json: bool,
}

impl From<&Plan> for How {
    /// A plan is made as the run would be.
    fn from(plan: &Plan) -> Self {
        let Plan { limit, tags, skip_tags, start_at, extra_vars, .. } = plan.clone();
        let (check, diff, yes, exit_drift, json, forks) = (false, false, true, false, false, None);
        Self {
            limit,
            check,
            diff,
            tags,
            skip_tags,
            start_at,
            extra_vars,
            forks,
            ask_become_pass: false,
            yes,
            exit_drift,
            json,
        }
    }
}

/// What every command understands.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The directory that holds `shelter.yaml` and everything remembered
    #[arg(long, global = true, value_name = "DIR", env = "SHELTER_HOME")]
    pub home: Option<PathBuf>,
    /// Two practice hosts, phantom and shadow, in place of the inventory
    #[arg(long, global = true)]
    pub lab: bool,
    /// The longest a host may take to answer when it is connected to: `5s`, `1m`
    #[arg(short = 'T', long, global = true, value_name = "SPAN", env = "SHELTER_TIMEOUT", value_parser = patience)]
    pub timeout: Option<Duration>,
    /// Tell more in the diagnostics: `-v` steps, `-vv` traffic
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// A span of time of at least a second.
fn patience(text: &str) -> Result<Duration, &'static str> {
    match crate::text::seconds(text)? {
        0 => Err("at least a second"),
        seconds => Ok(Duration::from_secs(seconds.unsigned_abs())),
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Hosts: list them, reach them, trust them, know them, carry files to them and back
    #[command(subcommand)]
    Hosts(Hosts),
    /// Models: which fit on which host, where and why
    Models(Models),
    /// Show what hosts are doing: load, memory, disks, heat, power, graphics cards
    Status(Status),
    /// Benchmarks: how fast models are on hosts, beside their baselines; what got slower
    Bench(Bench),
    /// Write the state of the fleet as one Markdown page: topology, hosts, what runs where, capacity, advice
    Report(Selection),
    /// Print what hosts are doing, once, as OpenMetrics text
    Metrics(Metrics),
    /// Take back what a run changed, in reverse order
    Undo(Undo),
    /// Go on with a run whose console died or lost touch
    Resume {
        /// Which run. Without one: the one that was interrupted, if it is only one
        run: Option<String>,
        /// One JSON event per line
        #[arg(long)]
        json: bool,
    },
    /// Practice hosts: real shells in copies of this machine, to try things on
    #[command(subcommand)]
    Lab(Lab),
    /// Show what playbooks would look at on each host, and the very program that would run there
    Plan(Plan),
    /// List the playbooks, and how each last went on each host
    Playbooks {
        /// One JSON object per playbook and line
        #[arg(long)]
        json: bool,
    },
    /// The runs that were: list them, replay one, read and verify the history
    Log(Log),
    /// Look whether this console has what it needs: home, files, history, keys, terminal
    Doctor {
        /// One JSON object per finding and line
        #[arg(long)]
        json: bool,
    },
    /// The watchdog's alerts and rules: list, acknowledge, silence, resume healing, try rules
    #[command(subcommand)]
    Watch(Watch),
    /// Print the JSON Schema of a playbook, for completion in editors
    Schema,
    /// Write a commented `shelter.yaml` to begin with
    Init,
    /// What hands may try first
    #[command(hide = true)]
    Run {
        /// Whatever was meant
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// What is to be planned.
#[derive(Clone, Debug, Args)]
pub struct Plan {
    /// Which playbooks: `03`, `03_install_models`, `00-02`, `01,04`, `next`, `all`; without: the list of all
    #[arg(value_name = "PLAYBOOKS")]
    pub playbooks: Option<String>,
    /// Only on these hosts
    #[arg(short, long, value_name = "PATTERN")]
    pub limit: Option<String>,
    /// Only steps with one of these tags
    #[arg(short, long, value_name = "TAGS", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// No step with one of these tags
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    pub skip_tags: Vec<String>,
    /// Nothing before the step of this name
    #[arg(long, value_name = "STEP")]
    pub start_at: Option<String>,
    /// Set a variable: `NAME=VALUE`, or `@FILE` with YAML
    #[arg(short, long, value_name = "VAR")]
    pub extra_vars: Vec<String>,
    /// Print the program of each host as it would run there
    #[arg(long, requires = "playbooks", conflicts_with = "json")]
    pub script: bool,
    /// One JSON object per playbook and host and line
    #[arg(long)]
    pub json: bool,
}

/// What of the past is to be shown.
#[derive(Clone, Debug, Args)]
pub struct Log {
    /// Replay this run (`-v` with the output of its steps), or `verify` the history; without: list the runs
    #[arg(value_name = "RUN|verify", conflicts_with = "history")]
    pub what: Option<String>,
    /// Print the history
    #[arg(long, conflicts_with = "json")]
    pub history: bool,
    /// At most the newest N: of the runs 20, of the history all, unless told
    #[arg(short, value_name = "N")]
    pub newest: Option<usize>,
    /// Replay with file differences
    #[arg(short = 'D', long)]
    pub diff: bool,
    /// One JSON object per line: runs, events of a run, or the verdict on the history
    #[arg(long)]
    pub json: bool,
}

/// Which hosts, and in what form they are shown.
#[derive(Clone, Debug, Args)]
pub struct Selection {
    /// Which hosts: a name, a group, `alder-*`, `all`, or a combination such as `gpu:&debian:!shadow`
    #[arg(default_value = "all", value_name = "PATTERN")]
    pub pattern: String,
    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
}

/// What hosts are doing.
#[derive(Clone, Debug, Args)]
pub struct Status {
    /// Which hosts, and in what form.
    #[command(flatten)]
    pub selection: Selection,
    /// Go on until interrupted: redrawn on a terminal, a line per host and change in a pipe
    #[arg(long)]
    pub watch: bool,
    /// Seconds between two looks; from 60 on graphics cards may sleep in between
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub every: u32,
}

/// Whose metrics.
#[derive(Clone, Debug, Args)]
pub struct Metrics {
    /// Which hosts: a name, a group, `alder-*`, `all`, or a combination such as `gpu:&debian:!shadow`
    #[arg(default_value = "all", value_name = "PATTERN")]
    pub pattern: String,
}

/// Which run to take back, and how.
#[derive(Clone, Debug, Args)]
pub struct Undo {
    /// The run, as `shelter --run` names it
    pub run: String,
    /// Only on these hosts
    #[arg(short, long, value_name = "PATTERN")]
    pub limit: Option<String>,
    /// What to do with what somebody changed since
    #[arg(long, value_enum, default_value_t = Conflict::Stop)]
    pub conflict: Conflict,
    /// One JSON event per line
    #[arg(long)]
    pub json: bool,
}

/// What an undo does with what somebody changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Conflict {
    /// Stop there and say so
    Stop,
    /// Leave that as it is and go on
    Keep,
    /// Restore over it
    Overwrite,
}

/// Practice hosts.
#[derive(Debug, Subcommand)]
pub enum Lab {
    /// Show the practice hosts, and how well they are walled in here
    Status,
    /// Sit down at a practice host: a login shell on this terminal
    Shell {
        /// `phantom` or `shadow`
        name: String,
    },
    /// Make the practice hosts as new
    Reset,
    /// End the practice hosts; what was changed on them stays
    Stop,
}
