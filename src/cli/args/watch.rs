//! The command line of the watchdog, as data.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What is asked of the watchdog, or about it.
#[derive(Debug, Subcommand)]
pub enum Watch {
    /// Show what is wrong, who watches, and whether healing has halted
    List {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show the rules that hold, with where each is written
    Rules,
    /// Say that you look after an alert: nothing is told of it and nothing healed until it is well again
    Ack(Hushed),
    /// Hear nothing of an alert, however often it comes
    Silence(Hushed),
    /// Let the watchdog heal again after it has halted
    Resume,
    /// Try rules on recorded samples, without waiting
    Test(Test),
}

/// What nobody wants to hear of.
#[derive(Debug, Args)]
pub struct Hushed {
    /// Which alerts: `disk@shadow:/var`, `disk`, `@shadow` or `all`
    #[arg(value_name = "ALERT")]
    pub about: String,
    /// For how long: `30m`, `8h`, `2d`
    #[arg(long = "for", value_name = "TIME", default_value = "8h")]
    pub how_long: String,
    /// Why, for the others
    #[arg(long, value_name = "TEXT")]
    pub why: Option<String>,
    /// Take it back
    #[arg(long, conflicts_with_all = ["why"])]
    pub lift: bool,
}

/// Which rules, on which samples.
#[derive(Debug, Args)]
pub struct Test {
    /// A file of rules, or `built-in`; they hold over the built-in ones
    #[arg(value_name = "RULES")]
    pub rules: String,
    /// Lines of `shelter status --watch --json`; `-` reads them from the standard input
    #[arg(value_name = "SAMPLES")]
    pub samples: PathBuf,
}
