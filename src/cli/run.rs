//! `shelter --run`: playbooks, headless. Everything that can be wrong is told before the first connection.

mod vars;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::sync::Arc;

use crate::config::Pattern;
use crate::fleet::{Host, HostName, Purpose, RunHead, RunId, Secrets};
use crate::ops::{Job, Need, Order};
use crate::playbook::Choice;
use crate::playbook::resource::ReadOnce;
use crate::records::OpenRuns;
use crate::text::{Report, Reports, Spanned};

use super::args::{Global, How};
use super::beside::Beside;
use super::compose::Console;
use super::exit::{Exit, Trouble};
use super::library::{Library, Shelved};
use super::lore;
use super::paint::{Paint, errors};
use super::printer::Wishes;
use super::prompt;
use super::runtime::to_the_end;
use super::secrets;
use super::surroundings::actor;
use super::watch::{Manner, watch};

pub use wanted::Wanted;

/// Runs the playbooks that are wanted.
pub fn run(wanted: &Wanted, how: &How, global: &Global) -> Result<Exit, Trouble> {
    let mut console = Console::open(global)?;
    offer_interrupted(&console)?;
    if how.ask_become_pass {
        console.give_sudo(prompt::sudo_password()?);
    }
    let mut notes = String::new();
    let orders = orders(&console, wanted, how, &mut notes);
    errors(&notes);
    let mut orders = orders?;
    for order in &orders {
        confirm(order, how)?;
    }
    secrets::give(&console, &mut orders)?;
    let jobs = orders.into_iter().map(|order| Job::Order(Box::new(order))).collect();
    let (wishes, drift) = (wishes(&console, how), how.check && how.exit_drift);
    to_the_end(watch(&console, jobs, how.forks, Manner { wishes, drift }))
}

/// The runs that are asked for, each with the hosts it is for; and notes on what is left out.
pub(super) fn orders(
    console: &Console,
    wanted: &Wanted,
    how: &How,
    notes: &mut String,
) -> Result<Vec<Order>, Trouble> {
    let extra = vars::read(&how.extra_vars)?;
    let known: BTreeSet<&str> =
        extra.keys().map(String::as_str).chain(console.var_names()).collect();
    let library = Library::open(console.base())?;
    let (shelved, warnings) = library.choose(&wanted.scope(), known.clone())?;
    let unasked = vars::unasked(&how.extra_vars, &shelved, &console.inventory().hosts);
    for reports in [warnings, unasked] {
        notes.push_str(&reports.render(Paint::of_stderr().style()));
    }
    let choice = choice(how);
    choice.check(&shelved.iter().map(|one| &one.playbook).collect::<Vec<_>>())?;
    let mut chosen = Vec::new();
    for one in shelved {
        let hosts = hosts_of(console, &one, how)?;
        if hosts.is_empty() {
            notes.push_str(&format!("{}: no host of this fleet is meant\n", one.playbook.id.value));
        } else {
            chosen.push((one, hosts));
        }
    }
    if chosen.is_empty() && matches!(wanted, Wanted::Named(_)) {
        return Err(Report::error("there is nothing to run it on").into());
    }
    let due = wanted.due(console, chosen)?;
    if due.is_empty() {
        notes.push_str("nothing is due\n");
    }
    let providers = library.providers(known.clone());
    let chosen: Vec<&Shelved> = due.iter().map(|(one, _)| one).collect();
    refuse_circles(&chosen, &library.sound(known), &providers, notes)?;
    let mut orders = Vec::new();
    for (one, hosts) in due {
        let needs = needs(&one, &providers);
        orders.push(Order { needs, ..order(console, one, hosts, how, extra.clone())? });
    }
    Ok(orders)
}

/// No chosen playbooks may wait for each other. What one waits for besides may stand from before: whoever runs it alone
/// is only told.
fn refuse_circles(
    chosen: &[&Shelved],
    all: &[Shelved],
    providers: &BTreeMap<String, String>,
    notes: &mut String,
) -> Result<(), Trouble> {
    let help = "take one of the needs out";
    if let Some(flag) = circle(chosen, chosen, providers) {
        return Err(waits(Report::error, flag).help(help).into());
    }
    if let Some(flag) = circle(chosen, &all.iter().collect::<Vec<_>>(), providers) {
        let reports = Reports::from(waits(Report::warning, flag).help(help));
        notes.push_str(&reports.render(Paint::of_stderr().style()));
    }
    Ok(())
}

/// Playbooks that wait for each other's flags would each be left out, and each point at the other: the flag by which the
/// first of the chosen ones waits for itself, by way of the others.
fn circle<'a>(
    chosen: &[&'a Shelved],
    others: &[&'a Shelved],
    providers: &BTreeMap<String, String>,
) -> Option<(&'a Shelved, &'a Spanned<String>)> {
    let of = |id: &String| others.iter().find(|one| one.playbook.id.value == *id).copied();
    for one in chosen {
        let mut seen = BTreeSet::new();
        let mut ahead = vec![*one];
        while let Some(next) = ahead.pop() {
            for flag in &next.playbook.needs {
                let Some(provider) = providers.get(&flag.value).and_then(of) else { continue };
                let id = &provider.playbook.id.value;
                if *id == one.playbook.id.value {
                    return Some((one, flag));
                }
                if seen.insert(id) {
                    ahead.push(provider);
                }
            }
        }
    }
    None
}

fn waits(kind: fn(String) -> Report, (one, flag): (&Shelved, &Spanned<String>)) -> Report {
    let text =
        format!("`{}` waits for itself, by the flag `{}`", one.playbook.id.value, flag.value);
    kind(text).at(&flag.span)
}

/// The flags a playbook needs, each with the playbook that provides it.
fn needs(one: &Shelved, providers: &BTreeMap<String, String>) -> Vec<Need> {
    let need =
        |flag: &String| Need { flag: flag.clone(), provided_by: providers.get(flag).cloned() };
    one.playbook.needs.iter().map(|flag| need(&flag.value)).collect()
}

/// The hosts a playbook is meant for.
pub(super) fn meant(console: &Console, one: &Shelved) -> Result<Vec<HostName>, Trouble> {
    Ok(Pattern::parse(&one.playbook.hosts.span)?.select(console.inventory())?)
}

/// The hosts a playbook is meant for, as far as `--limit` lets them through.
fn hosts_of(console: &Console, one: &Shelved, how: &How) -> Result<Vec<Host>, Trouble> {
    let meant = meant(console, one)?;
    let limit = match &how.limit {
        Some(limit) => Some(Pattern::from_argument("--limit", limit)?.select(console.inventory())?),
        None => None,
    };
    let let_through = |host: &&Host| limit.as_ref().is_none_or(|limit| limit.contains(&host.name));
    let hosts = console.inventory().hosts.iter().filter(|host| meant.contains(&host.name));
    Ok(hosts.filter(let_through).cloned().collect())
}

/// Something disruptive is asked about, once, by name.
fn confirm(order: &Order, how: &How) -> Result<(), Trouble> {
    let Some(disruptive) = &order.playbook.disruptive else { return Ok(()) };
    if how.yes || how.check {
        return Ok(());
    }
    let id = &order.playbook.id.value;
    let names: Vec<&str> = order.hosts.iter().map(|host| host.name.as_str()).collect();
    let report = Report::error(format!("`{id}` is disruptive: {}", disruptive.value));
    if !std::io::stdin().is_terminal() {
        return Err(report.help("add `--yes` if that is what you want").into());
    }
    let question = format!("{id} on {}: {}. go on?", names.join(", "), disruptive.value);
    if prompt::is_agreed(&question)? { Ok(()) } else { Err(Trouble::Silent(Exit::Interrupted)) }
}

fn order(
    console: &Console,
    one: Shelved,
    hosts: Vec<Host>,
    how: &How,
    extra: crate::fleet::Vars,
) -> Result<Order, Trouble> {
    let Shelved { playbook, dir } = one;
    let choice = choice(how);
    let head = RunHead {
        run: RunId::new(rand::random()),
        playbook: playbook.id.value.clone(),
        hosts: hosts.iter().map(|host| host.name.clone()).collect(),
        purpose: purpose(how, &choice),
        provides: playbook.provides.iter().map(|flag| flag.value.clone()).collect(),
        actor: actor(),
    };
    let (fleet, files) =
        (console.inventory().clone(), Arc::new(ReadOnce::new(Arc::new(Beside::new(dir)))));
    let (lore, needs) = (lore::of(&playbook, || console.catalogue())?, Vec::new());
    let (secrets, diff) = (Secrets::new(), how.diff);
    Ok(Order { head, playbook, hosts, needs, fleet, extra, lore, choice, secrets, files, diff })
}

/// The steps that are asked for.
fn choice(how: &How) -> Choice {
    Choice {
        tags: how.tags.clone(),
        skip_tags: how.skip_tags.clone(),
        start_at: how.start_at.clone(),
    }
}

fn purpose(how: &How, choice: &Choice) -> Purpose {
    match (how.check, choice.is_all()) {
        (true, _) => Purpose::Check,
        (false, true) => Purpose::Apply,
        (false, false) => Purpose::Part,
    }
}

/// Runs whose console died are told of, with the way to go on.
fn offer_interrupted(console: &Console) -> Result<(), Trouble> {
    for run in OpenRuns::of(console.home()).interrupted()? {
        let note =
            format!("note: run {run} was interrupted; `shelter resume {run}` goes on with it\n");
        errors(&console.spelling().spell(&note));
    }
    Ok(())
}

/// What the reader of a run wants to see.
fn wishes(console: &Console, how: &How) -> Wishes {
    Wishes {
        json: how.json,
        diff: how.diff,
        verbose: console.verbose() > 0,
        spelling: console.spelling().clone(),
        extra_vars: how.extra_vars.clone(),
    }
}
