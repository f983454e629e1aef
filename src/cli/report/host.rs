//! One host: what it is, what it is doing, and how playbooks last went there.

use super::Seen;
use crate::bench::Standing;
use crate::cli::bench::{Shelf, speed, verdict};
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::cli::library::Library;
use crate::cli::markdown::{table, text};
use crate::cli::status::rows;
use crate::fleet::{HostName, Reachability};
use crate::records::StatusFiles;
use crate::telemetry::facts::summary;

/// Facts that say little to a reader of the whole.
const LEFT_OUT: [&str; 4] = ["tools", "detached runs", "user", "uptime"];

/// Its section. `playbooks`: how each last went there.
pub fn section(seen: &Seen<'_>, playbooks: &[Vec<String>]) -> String {
    let mut page = format!("### {}\n\n", text(&seen.name()));
    if let Reachability::Down(failure) = &seen.watched.contact {
        let hint = failure.hint.as_ref().map_or_else(String::new, |hint| format!(" → {hint}"));
        page.push_str(&format!("**down**: {}\n\n", text(&format!("{}{hint}", failure.text))));
    }
    if let Some(known) = seen.facts {
        let since = known.at.as_ref().map_or_else(String::new, |at| format!(" as of {at}"));
        let kept = summary(&known.facts).into_iter().filter(|(what, _)| !LEFT_OUT.contains(what));
        let rows: Vec<Vec<String>> =
            kept.map(|(what, value)| vec![what.to_owned(), value]).collect();
        page.push_str(&table(&["what it is", &format!("facts{since}")], &rows));
    }
    if seen.watched.sample.is_some() {
        let doing = rows(&seen.watched).into_iter();
        let rows: Vec<Vec<String>> =
            doing.map(|(what, value)| vec![what.to_owned(), value]).collect();
        page.push_str(&table(&["what it does", &format!("at {}", seen.now)], &rows));
    }
    if !playbooks.is_empty() {
        page.push_str(&table(&["playbook", "last ended", "at", "run"], playbooks));
    }
    page
}

/// How fast models are there, beside their baselines. Nothing where nothing was measured.
pub fn benchmarks(shelf: &Shelf, host: &HostName) -> String {
    let row = |standing: &Standing<'_>| {
        let subject = &standing.newest.subject;
        let model = format!("{} {}", subject.model, subject.quantisation);
        vec![model, subject.build.clone(), speed(standing.newest), verdict(standing)]
    };
    let standings = shelf.standings(|name| name == host.as_str());
    let rows: Vec<Vec<String>> = standings.iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    table(&["benchmark", "build", "speed", "against its baseline"], &rows)
}

/// How every playbook that ran there last ended.
pub fn playbooks(console: &Console, host: &HostName) -> Result<Vec<Vec<String>>, Trouble> {
    let given: Vec<&str> = console.var_names().collect();
    let status = StatusFiles::of(console.home());
    let mut rows = Vec::new();
    for one in Library::open(console.base())?.sound(given) {
        let id = one.playbook.id.value;
        if let Some(last) = status.playbook(host, &id)? {
            rows.push(vec![id, last.state.to_string(), last.at.to_string(), last.run.to_string()]);
        }
    }
    Ok(rows)
}
