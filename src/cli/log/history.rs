//! The history, printed and verified. Adds nothing to it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};

use crate::cli::exit::{Exit, Trouble};
use crate::cli::files::unreadable;
use crate::cli::paint::errors;
use crate::records::{Broken, Home, Memory, Verified, Witnesses};
use crate::text::{Report, counted, inert_line};

/// Read at a time.
const BITE: usize = 1 << 20;

/// Prints the history, or its newest lines.
pub fn print(home: &Home, newest: Option<usize>) -> Result<Exit, Trouble> {
    let Some(mut history) = open(home)? else {
        errors("there is no history yet\n");
        return Ok(Exit::Well);
    };
    let mut kept = VecDeque::new();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    while history.read_until(b'\n', &mut line)? > 0 {
        // Somebody else may have written into it.
        let text = inert_line(String::from_utf8_lossy(&line).trim_end_matches('\n'));
        line.clear();
        match newest {
            None => writeln!(out, "{text}")?,
            Some(most) => {
                kept.push_back(text);
                if kept.len() > most {
                    kept.pop_front();
                }
            }
        }
    }
    for text in kept {
        writeln!(out, "{text}")?;
    }
    out.flush()?;
    Ok(Exit::Well)
}

/// Checks the chain from the first line to the last.
pub fn verify(home: &Home, json: bool) -> Result<Exit, Trouble> {
    // Before the history is read: a status file follows the line it knows of.
    let witnesses = Witnesses::of(home)?;
    let Some(history) = open(home)? else {
        missing(home)?;
        errors("there is no history yet\n");
        return Ok(Exit::Well);
    };
    let verdict = crate::records::verify(history, &witnesses)?;
    if json {
        writeln!(io::stdout().lock(), "{}", as_json(&verdict))?;
        return Ok(if verdict.is_ok() { Exit::Well } else { Exit::Given });
    }
    let Verified { lines, head, torn } = verdict.map_err(|broken| broken_at(home, &broken))?;
    let name = home.history().display().to_string();
    let mut out = io::stdout().lock();
    writeln!(out, "{name}: {}, the chain holds; the last seal is {head}", counted(lines, "line"))?;
    if torn > 0 {
        writeln!(out, "behind them {torn} bytes of a line that was never finished")?;
    }
    Ok(Exit::Well)
}

/// What checking the chain comes to. `None`: there is no history, and no run it could be missing.
pub fn verified(home: &Home) -> Result<Option<Verified>, Trouble> {
    let witnesses = Witnesses::of(home)?;
    let Some(history) = open(home)? else { return missing(home).map(|()| None) };
    let verdict = crate::records::verify(history, &witnesses)?;
    Ok(Some(verdict.map_err(|broken| broken_at(home, &broken))?))
}

fn open(home: &Home) -> Result<Option<BufReader<File>>, Trouble> {
    let path = home.history();
    match File::open(&path) {
        Ok(file) => Ok(Some(BufReader::with_capacity(BITE, file))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&path, &error).into()),
    }
}

/// Where runs left logs there must have been a history.
fn missing(home: &Home) -> Result<(), Trouble> {
    let runs = Memory::of(home).newest(1)?;
    match runs.first() {
        None => Ok(()),
        Some(run) => Err(Report::error(format!("`{}` is gone", home.history().display()))
            .cause(format!("run {} of {} must stand in it", run.head.run, run.began))
            .into()),
    }
}

fn broken_at(home: &Home, broken: &Broken) -> Report {
    Report::error(format!("the chain is broken at {}:{}", home.history().display(), broken.line))
        .cause(broken.flaw.to_string())
        .help("what stands before that line is as it was written; compare the rest with a copy")
}

fn as_json(verdict: &Result<Verified, Broken>) -> serde_json::Value {
    match verdict {
        Ok(Verified { lines, head, torn }) => {
            serde_json::json!({ "holds": true, "lines": lines, "head": head, "torn": torn })
        }
        Err(Broken { line, flaw }) => {
            serde_json::json!({ "holds": false, "line": line, "flaw": flaw.to_string() })
        }
    }
}
