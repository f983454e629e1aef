//! `shelter.yaml` → inventory, with everything that is wrong in it said at once.

mod connect;
mod console;
mod decode;
mod groups;
mod jumps;

use std::collections::BTreeMap;

use super::SshConfig;
use crate::fleet::{Endpoint, Host, Inventory, SecretFrom, Sensors, Via};
use crate::text::{Report, Reports, Source, Span, Spanned, yaml};
use decode::{Document, RawHost};

pub use console::ConsoleSettings;

/// What a `shelter.yaml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The hosts and groups.
    pub inventory: Inventory,
    /// Where secrets come from, by name.
    pub secrets: BTreeMap<String, Spanned<SecretFrom>>,
    /// How the console is to be.
    pub console: ConsoleSettings,
    /// What is worth knowing and stops nothing.
    pub warnings: Reports,
}

/// The inventory in `source`. What it leaves open about a host, the ssh configuration decides.
pub fn inventory(source: &Source, ssh: &SshConfig) -> Result<Config, Reports> {
    let mut reports = Reports::new();
    let config = yaml::parse(source, &mut reports)
        .and_then(|node| decode::document(&node, &mut reports))
        .map(|document| assemble(document, ssh, &mut reports));
    let (mut config, warnings) = reports.verdict(config)?;
    config.warnings = warnings;
    Ok(config)
}

fn assemble(document: Document, ssh: &SshConfig, reports: &mut Reports) -> Config {
    let ways = connect::ways(&document, ssh, reports);
    let mut membership = groups::Membership::of(&document, reports);
    let mut hosts = Vec::new();
    for (raw, via) in document.hosts.iter().zip(ways) {
        let (groups, vars) = membership.take(&raw.name.value, &document.vars);
        let vars = vars.into_iter().chain(raw.vars.clone()).collect();
        let sudo = raw.connection.sudo.or(document.defaults.sudo).unwrap_or_default();
        let name = raw.name.value.clone();
        hosts.push(Host { name, via, sudo, groups, vars, sensors: Sensors::Real });
    }
    // A slip above makes empty groups and equal logins that say nothing of their own.
    if !reports.has_errors() {
        membership.empty(reports);
        same_login_twice(&hosts, &document.hosts, reports);
    }
    let groups = membership.names();
    let inventory = Inventory { hosts, groups };
    let Document { secrets, console, .. } = document;
    Config { inventory, secrets, console, warnings: Reports::new() }
}

/// Two names for one login are allowed, but rarely meant.
fn same_login_twice(hosts: &[Host], raw: &[RawHost], reports: &mut Reports) {
    let mut seen: Vec<(Login<'_>, &Span)> = Vec::new();
    for (host, raw) in hosts.iter().zip(raw) {
        let login = login(&host.via);
        match seen.iter().find(|(other, _)| *other == login) {
            Some((_, first)) => reports.push(
                Report::warning(format!("`{}` is the same login as a host above", host.name))
                    .at(&raw.name.span)
                    .also(first, "the first one")
                    .help("every playbook would run there twice"),
            ),
            None => seen.push((login, &raw.name.span)),
        }
    }
}

/// Where one arrives, and as whom. Behind other hosts, the same address may be another machine.
#[derive(PartialEq)]
enum Login<'a> {
    Ssh(&'a Endpoint, &'a str, Vec<&'a Endpoint>),
    Local,
    Shell(&'a [String]),
}

fn login(via: &Via) -> Login<'_> {
    match via {
        Via::Ssh(target) => {
            let through = target.jumps.iter().map(|jump| &jump.endpoint).collect();
            Login::Ssh(&target.endpoint, &target.user, through)
        }
        Via::Local => Login::Local,
        Via::Shell(words) => Login::Shell(words),
    }
}
