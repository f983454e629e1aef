//! The list of runs: when, what, where and how it went.

use std::io::Write;

use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::Paint;
use crate::cli::table::Table;
use crate::fleet::{HostName, Millis};
use crate::records::PastRun;

/// Lists runs in the order given.
pub fn runs(runs: &[PastRun], json: bool) -> Result<Exit, Trouble> {
    let mut out = std::io::stdout().lock();
    if json {
        for run in runs {
            serde_json::to_writer(&mut out, run).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        return Ok(Exit::Well);
    }
    let mut table =
        Table::new(&["BEGAN", "RUN", "PLAYBOOK", "PURPOSE", "TOOK", "HOSTS", "OUTCOME"]);
    for run in runs {
        let hosts: Vec<&str> = run.head.hosts.iter().map(HostName::as_str).collect();
        table.row(vec![
            run.began.to_string(),
            run.head.run.to_string(),
            run.head.playbook.clone(),
            run.head.purpose.to_string(),
            took(run),
            hosts.join(", "),
            outcome(run),
        ]);
    }
    out.write_all(table.render(Paint::of_stdout()).as_bytes())?;
    Ok(Exit::Well)
}

fn took(run: &PastRun) -> String {
    run.took().map_or_else(|| "n/a".to_owned(), Millis::clock)
}

/// One word where it is the same everywhere, else the hosts of each.
fn outcome(run: &PastRun) -> String {
    let word = |host: &HostName| {
        let ended = run.outcomes.iter().find(|(known, ..)| known == host);
        ended.map_or(run.care.word(), |(_, outcome, _)| outcome.word())
    };
    let mut words: Vec<(&str, Vec<&str>)> = Vec::new();
    for host in &run.head.hosts {
        match words.iter_mut().find(|(known, _)| *known == word(host)) {
            Some((_, hosts)) => hosts.push(host.as_str()),
            None => words.push((word(host), vec![host.as_str()])),
        }
    }
    match words.as_slice() {
        [(one, _)] => (*one).to_owned(),
        several => {
            let each = several.iter().map(|(word, hosts)| format!("{word}: {}", hosts.join(", ")));
            each.collect::<Vec<_>>().join("; ")
        }
    }
}
