//! The rules of a home: the built-in ones, and those of its `watch/*.yaml` over them, with the playbooks that heal by them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::cli::args::Global;
use crate::cli::beside::Beside;
use crate::cli::compose::{Console, warn};
use crate::cli::exit::{Exit, Trouble};
use crate::cli::files::{read_bounded, unreadable, yaml_files};
use crate::cli::library::Library;
use crate::cli::paint::{Paint, Tone};
use crate::config::Pattern;
use crate::fleet::Inventory;
use crate::ops::{GIVEN, Healer};
use crate::records::Home;
use crate::text::{Report, Reports, Source, nearest};
use crate::watchdog::{Rule, Rules, Unit};

/// What holds in a home.
pub struct Ruled {
    /// The rules, for its hosts.
    pub rules: Rules,
    /// The playbooks that rules name, by id.
    pub healers: BTreeMap<String, Healer>,
    /// What is worth knowing and stops nothing.
    pub warnings: Reports,
}

/// What holds in a home, free of static errors. All that is wrong comes out here at once, before any connection.
pub fn read(base: &Home, inventory: &Inventory) -> Result<Ruled, Trouble> {
    let sources: Result<Vec<Source>, Trouble> =
        yaml_files(&base.watch())?.iter().map(|path| source(path)).collect();
    let (mut rules, mut reports) = Rules::sound(&sources?);
    if let Err(errors) = rules.bind(|span| Pattern::parse(span)?.select(inventory)) {
        reports.append(errors);
    }
    let healers = healers(base, inventory, &rules, &mut reports)?;
    let (healers, warnings) = reports.verdict(Some(healers))?;
    Ok(Ruled { rules, healers, warnings })
}

/// The playbooks that rules name.
fn healers(
    base: &Home,
    inventory: &Inventory,
    rules: &Rules,
    reports: &mut Reports,
) -> Result<BTreeMap<String, Healer>, Trouble> {
    let library = Library::open(base)?;
    let set = inventory.hosts.iter().flat_map(|host| host.vars.keys()).map(String::as_str);
    let known: Vec<&str> = set.chain(GIVEN).collect();
    let mut healers = BTreeMap::new();
    for heal in rules.rules.iter().filter_map(|rule| rule.heal.as_ref()) {
        let id = &heal.playbook.value;
        if !library.has(id) {
            let report =
                Report::error(format!("there is no playbook `{id}`")).at(&heal.playbook.span);
            let near = nearest(id, library.names()).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| "`shelter playbooks` lists them".to_owned());
            reports.push(report.help(help));
            continue;
        }
        if healers.contains_key(id) {
            continue;
        }
        match library.choose(id, known.clone()) {
            Ok((shelved, warnings)) => {
                reports.append(warnings);
                healers.extend(shelved.into_iter().map(|one| {
                    let files = Arc::new(Beside::new(one.dir));
                    (id.clone(), Healer { playbook: one.playbook, files })
                }));
            }
            Err(Trouble::Told(errors)) => reports.append(errors),
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(healers)
}

/// One file of rules.
pub fn source(path: &Path) -> Result<Source, Trouble> {
    let bytes = read_bounded(path).map_err(|error| unreadable(path, &error))?;
    Ok(Source::from_bytes(path.display().to_string(), &bytes).map_err(|report| *report)?)
}

/// Shows the rules that hold.
pub fn show(global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    let Ruled { rules, warnings, .. } = read(console.base(), console.inventory())?;
    warn(&warnings);
    let paint = Paint::of_stdout();
    let mut out = std::io::stdout().lock();
    for rule in &rules.rules {
        out.write_all(line(rule, paint).as_bytes())?;
    }
    Ok(Exit::Well)
}

fn line(rule: &Rule, paint: Paint) -> String {
    let name = paint.tone(Tone::Strong, &format!("{:<14}", rule.name.value));
    let unit = rule.watch.unit();
    let when = match unit {
        Unit::State => format!("{} for {}", rule.watch.word(), rule.hold),
        _ => {
            let words = rule.threshold.words(unit);
            format!("{} {words} for {}", rule.watch.word(), rule.hold)
        }
    };
    let heal = rule.heal.as_ref().map(|heal| format!(", healed by {}", heal.playbook.value));
    let place = paint.tone(Tone::Muted, &rule.name.span.to_string());
    format!("{name} {:<8} {when}{}  {place}\n", rule.severity.word(), heal.unwrap_or_default())
}
