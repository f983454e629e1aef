//! `shelter plan`: what playbooks would look at on each host, from the facts at hand, and the very programs.
//! Changes nothing anywhere.

mod known;
mod row;
mod show;

use std::io::Write;

use crate::fleet::{Facts, Host};
use crate::ops::{Order, Planned, plan};
use crate::playbook::compile;
use crate::text::{Report, Reports};

use super::args::{Global, Plan};
use super::compose::Console;
use super::exit::{Exit, Trouble};
use super::paint::{Paint, errors};
use super::playbooks;
use super::run::{Wanted, orders};
use super::secrets;
use known::Known;
pub(super) use row::{Part, Row};

/// Shows the plan of each playbook for each of its hosts.
pub fn run(what: &Plan, global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    let Some(text) = &what.playbooks else { return playbooks::list(&console, what.json) };
    let mut notes = String::new();
    let orders = orders(&console, &Wanted::parse(text), &what.into(), &mut notes);
    errors(&notes);
    let mut orders = orders?;
    secrets::stand_in(&console, &mut orders);
    let known = known::of_all(&console, &orders)?;
    let mut reports = Reports::new();
    let mut parts = Vec::new();
    for order in &orders {
        for host in &order.hosts {
            parts.push(part(order, host, &known, &mut reports));
        }
    }
    errors(&reports.render(Paint::of_stderr().style()));
    if what.script {
        scripts(&parts)?
    } else {
        show::all(&orders, &parts, what.json)?
    }
    Ok(exit(&reports, &known, what))
}

/// A host whose facts nobody has is no trouble to whoever only wants to see the steps.
fn exit(reports: &Reports, known: &Known, what: &Plan) -> Exit {
    if reports.has_errors() {
        Exit::Given
    } else if what.script && !known.failures.is_empty() {
        Exit::Unreachable
    } else {
        Exit::Well
    }
}

/// A playbook on a host, as far as it can be told.
fn part(order: &Order, host: &Host, known: &Known, reports: &mut Reports) -> Part {
    let Some(facts) = known.facts.get(&host.name) else {
        let why = known.failures.get(&host.name).map(|failure| failure.text.clone());
        let why = why.unwrap_or_else(|| "nobody knows it yet".to_owned());
        return Part::unresolved(order, host, why);
    };
    part_known(order, host, facts, reports)
}

/// A playbook on a host whose facts are these.
pub(super) fn part_known(order: &Order, host: &Host, facts: &Facts, reports: &mut Reports) -> Part {
    match plan(order, host, facts) {
        Ok(planned) => resolved(order, host, &planned, facts, reports),
        Err(wrong) => {
            reports.append(wrong);
            Part::unresolved(order, host, "the playbook does not fit it".to_owned())
        }
    }
}

fn resolved(
    order: &Order,
    host: &Host,
    planned: &Planned,
    facts: &Facts,
    reports: &mut Reports,
) -> Part {
    let mut part = Part::resolved(order, host, planned, facts);
    match compile(&planned.plan) {
        Ok(program) => part.program = Some(program),
        Err(error) => {
            let text = format!("{} on {}: {error}", order.head.playbook, host.name);
            reports.push(Report::error(text));
        }
    }
    part
}

/// The programs as they are. One alone can be run by hand; several are told apart by a line between them.
fn scripts(parts: &[Part]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for part in parts {
        let Some(program) = &part.program else {
            let why = part.unknown.as_deref().unwrap_or("it does not compile");
            errors(&format!("{} on {}: no program: {why}\n", part.playbook, part.host));
            continue;
        };
        if parts.len() > 1 {
            writeln!(out, "# ==> {} on {} <==", part.playbook, part.host)?;
        }
        program.pieces.iter().try_for_each(|piece| out.write_all(piece))?;
        writeln!(out)?;
    }
    Ok(())
}
