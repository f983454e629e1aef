//! The command line: composes the rooms, and writes for people and for programs. Decides nothing.

mod again;
mod args;
mod bench;
mod beside;
mod compose;
mod console;
mod counsel;
mod diagnostics;
mod doctor;
mod exit;
mod files;
mod hosts;
mod init;
mod lab;
mod library;
mod log;
mod lore;
mod man;
mod markdown;
mod metrics;
mod models;
mod paint;
mod plan;
mod playbooks;
mod printer;
mod prompt;
mod report;
mod run;
mod runtime;
mod seat;
mod secrets;
mod spelling;
mod status;
mod surroundings;
mod table;
mod terminal;
mod watch;
mod watchdog;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use exit::{Exit, Outcome, Trouble};
use paint::Paint;

use crate::playbook::schema::schema;
use crate::text::Report;

/// Runs the program with the arguments of its process.
pub fn main() -> ExitCode {
    if let Some(code) = lab::serve_if_asked() {
        return code;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) => return tell_usage(&told),
    };
    let _given_back = terminal::Found::now();
    match run(&cli) {
        Ok(exit) => exit.into(),
        Err(trouble) => tell(&trouble).into(),
    }
}

fn tell(trouble: &Trouble) -> Exit {
    let (reports, exit) = match trouble {
        Trouble::Silent(exit) => return *exit,
        Trouble::Told(reports) => (reports, Exit::Given),
        Trouble::Unreachable(reports) => (reports, Exit::Unreachable),
    };
    paint::errors(&reports.render(Paint::of_stderr().style()));
    exit
}

fn run(cli: &Cli) -> Outcome {
    if let Some(wanted) = run::Wanted::of(&cli.run) {
        alone(cli, "--run")?;
        return run::run(&wanted, &cli.run.how, &cli.global);
    }
    if cli.run.watchdog {
        alone(cli, "--watchdog")?;
        return watchdog::run(&cli.run.how, cli.run.once, &cli.global);
    }
    let Some(command) = &cli.command else { return console::run(&cli.global, cli.read_only) };
    match command {
        Command::Hosts(what) => hosts::run(what, &cli.global),
        Command::Models(models) => models::run(models, &cli.global),
        Command::Status(asked) => {
            let console = compose::Console::open(&cli.global)?;
            runtime::in_runtime(status::run(&console, asked))
        }
        Command::Bench(asked) => bench::run(asked, &cli.global),
        Command::Report(asked) => {
            let console = compose::Console::open(&cli.global)?;
            runtime::in_runtime(report::run(&console, asked))
        }
        Command::Metrics(asked) => {
            let console = compose::Console::open(&cli.global)?;
            runtime::in_runtime(metrics::run(&console, asked))
        }
        Command::Undo(undo) => again::undo(undo, &cli.global),
        Command::Resume { run, json } => again::resume(run.as_deref(), *json, &cli.global),
        Command::Lab(what) => lab::run(what, &cli.global),
        Command::Plan(what) => plan::run(what, &cli.global),
        Command::Playbooks { json } => playbooks::run(*json, &cli.global),
        Command::Log(what) => log::run(what, &cli.global),
        Command::Doctor { json } => runtime::in_runtime(doctor::run(*json, &cli.global)),
        Command::Watch(what) => watchdog::watch(what, &cli.global),
        Command::Run { rest } => Err(Report::error("there is no command `run`")
            .help(format!("`shelter --run {}`", rest.join(" ").trim()))
            .into()),
        Command::Schema => print_whole(format!("{:#}\n", schema()).as_bytes()),
        Command::Init => init::run(&cli.global),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "shelter", &mut script);
            print_whole(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            man::write(Cli::command(), &mut page)?;
            print_whole(&page)
        }
    }
}

/// What takes the whole program takes no command beside it, which would be dropped without a word.
fn alone(cli: &Cli, what: &str) -> Result<(), Trouble> {
    match &cli.command {
        None => Ok(()),
        Some(_) => Err(Report::error(format!("there is a command beside `{what}`"))
            .help("give one of them")
            .into()),
    }
}

fn print_whole(bytes: &[u8]) -> Outcome {
    std::io::stdout().write_all(bytes)?;
    Ok(Exit::Well)
}

/// What clap has to say: help and version are wished, anything else is an error in what was given.
fn tell_usage(told: &clap::Error) -> ExitCode {
    // Nothing is left to do where even this cannot be written.
    let _ = told.print();
    if told.use_stderr() { Exit::Given.into() } else { Exit::Well.into() }
}
