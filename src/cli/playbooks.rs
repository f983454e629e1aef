//! `shelter playbooks`: every playbook, what it is for, and how it last went on each host.

use std::io::Write;

use crate::fleet::HostName;
use crate::records::{Last, StatusFiles};
use crate::text::Reports;

use super::args::Global;
use super::compose::Console;
use super::exit::{Exit, Trouble};
use super::library::{Library, Shelved};
use super::paint::Paint;
use super::table::Table;

/// Lists them.
pub fn run(json: bool, global: &Global) -> Result<Exit, Trouble> {
    list(&Console::open(global)?, json)
}

/// Lists them, from a console that is open.
pub fn list(console: &Console, json: bool) -> Result<Exit, Trouble> {
    let known: Vec<&str> = console.var_names().collect();
    let library = Library::open(console.base())?;
    let (mut shelved, mut wrong) = (Vec::new(), Reports::new());
    for (_, read) in library.all(known) {
        match read {
            Ok(one) => shelved.push(one),
            Err(reports) => wrong.append(reports),
        }
    }
    let status = StatusFiles::of(console.home());
    let mut out = std::io::stdout().lock();
    let mut table = Table::new(&["PLAYBOOK", "LAST", "PURPOSE"]);
    for one in &shelved {
        let last = last_of(console, &status, one)?;
        if json {
            writeln!(out, "{}", as_json(one, &last))?;
        } else {
            let purpose = one.playbook.purpose.clone();
            table.row(vec![one.playbook.id.value.clone(), told(&last), purpose]);
        }
    }
    if !json {
        out.write_all(table.render(Paint::of_stdout()).as_bytes())?;
    }
    if wrong.has_errors() { Err(wrong.into()) } else { Ok(Exit::Well) }
}

fn last_of(
    console: &Console,
    status: &StatusFiles,
    one: &Shelved,
) -> Result<Vec<(HostName, Last)>, Trouble> {
    let hosts = super::run::meant(console, one)?;
    let last = |host: &HostName| Ok((host.clone(), status.last(host, &one.playbook.id.value)?));
    hosts.iter().map(last).collect()
}

fn state(last: &Last) -> &'static str {
    match last {
        Last::Ended(status) => status.state.word(),
        Last::Unknown => "unknown",
        Last::Never => "never",
    }
}

fn told(last: &[(HostName, Last)]) -> String {
    let same = last.windows(2).all(|pair| state(&pair[0].1) == state(&pair[1].1));
    match last {
        [] => "no host is meant".to_owned(),
        [(_, one), ..] if same => state(one).to_owned(),
        _ => {
            let each = last.iter().map(|(host, status)| format!("{host}: {}", state(status)));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

fn as_json(one: &Shelved, last: &[(HostName, Last)]) -> serde_json::Value {
    let playbook = &one.playbook;
    let texts = |flags: &[crate::text::Spanned<String>]| {
        flags.iter().map(|flag| flag.value.clone()).collect::<Vec<_>>()
    };
    let told = |last: &Last| match last {
        Last::Never => serde_json::Value::Null,
        Last::Unknown => serde_json::json!({ "state": state(last) }),
        Last::Ended(status) => serde_json::json!(status),
    };
    let hosts: serde_json::Map<String, serde_json::Value> =
        last.iter().map(|(host, last)| (host.to_string(), told(last))).collect();
    serde_json::json!({
        "playbook": playbook.id.value,
        "name": playbook.name,
        "purpose": playbook.purpose,
        "needs": texts(&playbook.needs),
        "provides": texts(&playbook.provides),
        "built_in": one.dir.is_none(),
        "hosts": hosts,
    })
}
