//! The way to each host: what the inventory says, its defaults, then the ssh configuration.

use super::decode::{Document, RawHost, RawVia};
use super::jumps::{Hop, Jumps, Namespace};
use crate::config::ssh_config::{Asked, Lookup, Tokens, expand_path, expand_text};
use crate::config::{SshConfig, grammar};
use crate::fleet::{Endpoint, SshTarget, Via};
use crate::text::{Report, Reports, Span, Spanned};
use std::path::PathBuf;

/// The way to each host of the document, in its order.
pub(super) fn ways(document: &Document, ssh: &SshConfig, reports: &mut Reports) -> Vec<Via> {
    let hops: Vec<Option<Hop>> =
        document.hosts.iter().map(|host| own_hop(host, document, ssh, reports)).collect();
    let names = document.hosts.iter().map(|host| host.name.value.as_str()).collect();
    let mut jumps = Jumps { names, hops: &hops, ssh, reports };
    let through: Vec<Vec<SshTarget>> = (0..hops.len()).map(|host| jumps.of_host(host)).collect();
    let ways = document.hosts.iter().zip(&hops).zip(through);
    ways.map(|((host, hop), jumps)| match (&host.via, hop) {
        (RawVia::Shell(words), _) => Via::Shell(words.clone()),
        (_, Some(hop)) => Via::Ssh(Box::new(SshTarget { jumps, ..hop.target.clone() })),
        (_, None) => Via::Local,
    })
    .collect()
}

/// How a host of the inventory is reached once one is there, or nothing if not by ssh.
fn own_hop(
    host: &RawHost,
    document: &Document,
    ssh: &SshConfig,
    reports: &mut Reports,
) -> Option<Hop> {
    if host.via != RawVia::Ssh {
        return None;
    }
    let (own, defaults) = (&host.connection, &document.defaults);
    let name = host.name.value.as_str();
    let jump = own.jump.clone().or_else(|| {
        let jump = defaults.jump.clone()?;
        // The gate of everybody does not go through itself.
        Some(if jump.iter().any(|jump| jump.value.address == name) { Vec::new() } else { jump })
    });
    let keys = own.keys.as_ref().or(defaults.keys.as_ref());
    let given = Given {
        name,
        name_span: &host.name.span,
        address: host.address.as_ref().map(|address| address.value.as_str()),
        port: own.port.or(defaults.port),
        user: own.user.as_deref().or(defaults.user.as_deref()),
        keys: keys.map(Vec::as_slice),
        jump_given: jump.is_some(),
    };
    let (target, lookup) = given.target(ssh, reports);
    Some(match jump {
        Some(through) => Hop { target, through, namespace: Namespace::Inventory },
        None => {
            let through = configured_jump(&lookup, name, reports);
            Hop { target, through, namespace: Namespace::SshConfig }
        }
    })
}

/// The `ProxyJump` of a configuration, taken apart.
pub(super) fn configured_jump(
    lookup: &Lookup,
    name: &str,
    reports: &mut Reports,
) -> Vec<Spanned<grammar::Jump>> {
    let Some(jump) = &lookup.jump else { return Vec::new() };
    if jump.value.eq_ignore_ascii_case("none") {
        return Vec::new();
    }
    let mut jumps = Vec::new();
    for text in jump.value.split(',') {
        let text = text.trim();
        match grammar::jump(text.strip_prefix("ssh://").unwrap_or(text)) {
            Ok(value) => jumps.push(Spanned { value, span: jump.span.clone() }),
            Err(expected) => {
                let report = Report::error(format!("`ProxyJump` cannot be `{text}`"));
                reports.push(report.at(&jump.span).expected(expected));
            }
        }
    }
    // `Host *` with a ProxyJump is about the gate too; as ssh does, it does not go through itself.
    if jumps.iter().any(|jump| jump.value.address == name) { Vec::new() } else { jumps }
}

/// What is known of a machine before the ssh configuration is asked.
pub(super) struct Given<'a> {
    pub name: &'a str,
    pub name_span: &'a Span,
    pub address: Option<&'a str>,
    pub port: Option<u16>,
    pub user: Option<&'a str>,
    pub keys: Option<&'a [Spanned<String>]>,
    pub jump_given: bool,
}

impl Given<'_> {
    /// The machine itself, no jumps yet, and what the configuration said.
    pub fn target(&self, ssh: &SshConfig, reports: &mut Reports) -> (SshTarget, Lookup) {
        let asked = Asked { name: self.name, user: self.user, jump_given: self.jump_given };
        let lookup = ssh.lookup(asked, reports);
        let local = ssh.local();
        let port = self
            .port
            .or_else(|| checked("Port", &lookup.port, grammar::port, reports))
            .unwrap_or(22);
        let user = self.user.map(str::to_owned);
        let user = user.or_else(|| checked("User", &lookup.user, grammar::user, reports));
        let user = user.unwrap_or_else(|| local.user.clone());
        let early = Tokens { address: self.name, name: self.name, port, user: &user, local };
        let address = self.address(&lookup, &early, reports);
        let tokens = Tokens { address: &address, ..early };
        let target = SshTarget {
            keys: self.keys(&lookup, &tokens, reports),
            known_hosts: paths(&lookup.known_hosts, &tokens, reports),
            endpoint: Endpoint::Tcp { address: address.clone(), port },
            identities_only: lookup.identities_only,
            jumps: Vec::new(),
            host_key_alias: lookup.host_key_alias.clone(),
            user: user.clone(),
        };
        (target, lookup)
    }

    fn address(&self, lookup: &Lookup, tokens: &Tokens<'_>, reports: &mut Reports) -> String {
        if let Some(address) = self.address {
            return bare(address);
        }
        let configured = lookup.host_name.as_ref().and_then(|host| {
            let value = expand_text(host, "hn", tokens, reports)?;
            Some(Spanned { value, span: host.span.clone() })
        });
        let keyword = if configured.is_some() { "HostName" } else { "address" };
        let own = || Spanned { value: self.name.to_owned(), span: self.name_span.clone() };
        let address = configured.unwrap_or_else(own);
        let checked = checked(keyword, &Some(address), grammar::address, reports);
        bare(&checked.unwrap_or_default())
    }

    fn keys(&self, lookup: &Lookup, tokens: &Tokens<'_>, reports: &mut Reports) -> Vec<PathBuf> {
        let home = &tokens.local.home;
        match self.keys {
            Some(keys) => {
                let path = |key: &Spanned<String>| {
                    home.join(key.value.strip_prefix("~/").unwrap_or(&key.value))
                };
                keys.iter().map(path).collect()
            }
            None => paths(&lookup.identity_files, tokens, reports),
        }
    }
}

fn bare(address: &str) -> String {
    address.trim_matches(['[', ']']).to_owned()
}

/// Paths, each once: a key that is offered twice uses up two of the attempts a server allows.
fn paths(values: &[Spanned<String>], tokens: &Tokens<'_>, reports: &mut Reports) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for path in values.iter().filter_map(|value| expand_path(value, tokens, reports)) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// A value of the ssh configuration, if it is one.
fn checked<T>(
    keyword: &str,
    value: &Option<Spanned<String>>,
    check: fn(&str) -> Result<T, String>,
    reports: &mut Reports,
) -> Option<T> {
    let value = value.as_ref()?;
    match check(&value.value) {
        Ok(checked) => Some(checked),
        Err(expected) => {
            let report = Report::error(format!("`{keyword}` cannot be `{}`", value.value));
            reports.push(report.at(&value.span).expected(expected));
            None
        }
    }
}
