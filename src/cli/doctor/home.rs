//! The home: its place, its files and what it remembers. Makes nothing that is missing.

use std::os::unix::fs::PermissionsExt;

use crate::cli::compose::{catalogue_of, inventory_of};
use crate::cli::console::set as console_settings;
use crate::cli::exit::Trouble;
use crate::cli::library::Library;
use crate::cli::log::verified;
use crate::cli::watchdog::{Ruled, hook, rules_of};
use crate::config::Config;
use crate::fleet::{Bytes, Inventory};
use crate::lab::Lab;
use crate::records::{Home, HomeOrigin, OpenRuns};
use crate::text::counted;

use super::{Finding, Health};

/// Room below which records may soon not be written.
const LITTLE: Bytes = Bytes(256 << 20);

/// Everything about a home; with `lab`, what practice left in it.
pub(super) fn look(home: &Home, lab: bool) -> Vec<Finding> {
    let remembered = if lab { home.practice() } else { home.clone() };
    let inventory = inventory_of(home);
    let playbooks = playbooks(home, inventory.as_ref().ok());
    // What is built on an inventory that cannot be read would only repeat that.
    let built_on =
        inventory.as_ref().ok().map(|read| [watch(home, &read.inventory), console(read)]);
    let hosts = if lab { practice(home) } else { hosts(inventory) };
    let mut findings = vec![place(home), hosts, playbooks];
    findings.extend(built_on.into_iter().flatten());
    findings.extend([models(home), history(&remembered), runs(&remembered, lab)]);
    findings
}

fn place(home: &Home) -> Finding {
    let root = home.root();
    let why = match home.origin() {
        HomeOrigin::Argument => "by `--home` or `$SHELTER_HOME`",
        HomeOrigin::WorkingDirectory => "the nearest `shelter.yaml` above the working directory",
        HomeOrigin::Default => "the default",
    };
    let told = |health, text: &str| {
        Finding::new("home", health, format!("{}, {why}{text}", root.display()))
    };
    let Ok(found) = root.metadata() else {
        return told(Health::Look, " · not there yet").hint("`shelter init` makes it");
    };
    let mode = found.permissions().mode();
    if mode & 0o022 != 0 {
        let (health, who) =
            if mode & 0o002 != 0 { (Health::Bad, "anybody") } else { (Health::Look, "its group") };
        return told(health, &format!(" · {who} may write in it, and so choose what runs"))
            .hint(format!("chmod go-w {}", root.display()));
    }
    if rustix::fs::access(root, rustix::fs::Access::WRITE_OK).is_err() {
        return told(Health::Bad, " · cannot be written to");
    }
    match rustix::fs::statvfs(root) {
        Ok(disk) => {
            let free = Bytes(disk.f_bavail.saturating_mul(disk.f_frsize));
            let health = if free < LITTLE { Health::Look } else { Health::Well };
            told(health, &format!(" · {free} free"))
        }
        Err(error) => told(Health::Look, &format!(" · its disk cannot be asked: {error}")),
    }
}

fn practice(home: &Home) -> Finding {
    let hosts = Lab::at(&home.lab()).status();
    let told = hosts.iter().map(|host| match host.pid {
        Some(_) => format!("{} up", host.name),
        None => format!("{} stopped", host.name),
    });
    Finding::new("practice", Health::Well, told.collect::<Vec<_>>().join(" · "))
}

fn hosts(inventory: Result<Config, Trouble>) -> Finding {
    match inventory {
        Ok(read) => {
            let text = counted(read.inventory.hosts.len(), "host");
            if read.inventory.hosts.is_empty() {
                let hint = "put your machines in below `hosts:`";
                return Finding::new("inventory", Health::Look, text).hint(hint);
            }
            Finding::warned("inventory", text, read.warnings)
        }
        Err(trouble) => Finding::trouble("inventory", trouble),
    }
}

/// Playbooks may use any variable that the inventory sets somewhere.
fn playbooks(home: &Home, inventory: Option<&Config>) -> Finding {
    let hosts = inventory.map_or(&[][..], |read| &read.inventory.hosts);
    let given: Vec<&str> =
        hosts.iter().flat_map(|host| host.vars.keys()).map(String::as_str).collect();
    match Library::open(home).and_then(|library| library.choose("all", given)) {
        Ok((shelved, warnings)) => {
            let own = shelved.iter().filter(|one| one.dir.is_some()).count();
            let text = format!("{} built in · {own} of your own", shelved.len() - own);
            Finding::warned("playbooks", text, warnings)
        }
        Err(trouble) => Finding::trouble("playbooks", trouble),
    }
}

/// The watchdog's rules and its hook.
fn watch(home: &Home, inventory: &Inventory) -> Finding {
    let Ruled { rules, mut warnings, .. } = match rules_of(home, inventory) {
        Ok(ruled) => ruled,
        Err(trouble) => return Finding::trouble("watchdog", trouble),
    };
    let mut text = counted(rules.rules.len() as u64, "rule");
    match hook(home) {
        Ok(Some(_)) => text.push_str(" · a hook"),
        Ok(None) => {}
        Err(unusable) => warnings.push(*unusable),
    }
    Finding::warned("watchdog", text, warnings)
}

/// What is set about the console: its keys may be wrong.
fn console(read: &Config) -> Finding {
    match console_settings(&read.console) {
        Ok(_) => {
            let text = format!("{} set anew", counted(read.console.keys.len() as u64, "key"));
            Finding::new("console", Health::Well, text)
        }
        Err(reports) => Finding::trouble("console", reports.into()),
    }
}

fn models(home: &Home) -> Finding {
    match catalogue_of(home) {
        Ok(catalogue) => {
            Finding::new("models", Health::Well, format!("{} known", catalogue.models.len()))
        }
        Err(trouble) => Finding::trouble("models", trouble),
    }
}

fn history(home: &Home) -> Finding {
    match verified(home) {
        Ok(None) => Finding::new("history", Health::Well, "none yet"),
        Ok(Some(found)) => {
            let text = format!("{}, the chain holds", counted(found.lines, "line"));
            Finding::new("history", Health::Well, text)
        }
        Err(trouble) => Finding::trouble("history", trouble),
    }
}

fn runs(home: &Home, lab: bool) -> Finding {
    match OpenRuns::of(home).interrupted() {
        Ok(runs) if runs.is_empty() => Finding::new("runs", Health::Well, "none was interrupted"),
        Ok(runs) => {
            let names: Vec<String> = runs.iter().map(ToString::to_string).collect();
            let lab = if lab { " --lab" } else { "" };
            Finding::new("runs", Health::Look, format!("interrupted: {}", names.join(", ")))
                .hint(format!("shelter{lab} resume {}", names[0]))
        }
        Err(error) => Finding::trouble("runs", error.into()),
    }
}
