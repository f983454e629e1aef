//! The YAML of an inventory as it is written: every field checked by itself, nothing looked up.

use std::collections::BTreeMap;

use super::console::{ConsoleSettings, console};
use crate::config::{grammar, secrets, vars, words};
use crate::fleet::{GroupName, HostName, NameError, SecretFrom, SudoPolicy, Vars};
use crate::text::yaml::{Data, Entry, Node};
use crate::text::{Fields, Report, Reports, Span, Spanned};

/// A whole file.
pub(super) struct Document {
    pub hosts: Vec<RawHost>,
    pub groups: Vec<RawGroup>,
    pub defaults: Connection,
    pub vars: Vars,
    pub secrets: BTreeMap<String, Spanned<SecretFrom>>,
    pub console: ConsoleSettings,
}

/// A host as written.
pub(super) struct RawHost {
    pub name: Spanned<HostName>,
    pub via: RawVia,
    pub address: Option<Spanned<String>>,
    pub connection: Connection,
    pub groups: Vec<Spanned<GroupName>>,
    pub vars: Vars,
}

/// The way to a host as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RawVia {
    Ssh,
    Local,
    Shell(Vec<String>),
}

/// What a host and the defaults of all hosts have in common.
#[derive(Default)]
pub(super) struct Connection {
    pub port: Option<u16>,
    pub user: Option<String>,
    pub keys: Option<Vec<Spanned<String>>>,
    /// An empty list: `none`, go straight there whatever the ssh configuration says.
    pub jump: Option<Vec<Spanned<grammar::Jump>>>,
    pub sudo: Option<SudoPolicy>,
}

/// A group as written.
pub(super) struct RawGroup {
    pub name: Spanned<GroupName>,
    pub hosts: Vec<Spanned<String>>,
    pub children: Vec<Spanned<String>>,
    pub vars: Vars,
}

/// Ten times the largest fleet this is built for; it keeps the time that comparing all with all takes low.
const MAX_NAMES: usize = 1000;

const SUDO: &[(&str, SudoPolicy)] = &[
    ("auto", SudoPolicy::Auto),
    ("nopassword", SudoPolicy::NoPassword),
    ("password", SudoPolicy::Password),
    ("never", SudoPolicy::Never),
];

/// The file's root.
pub(super) fn document(node: &Node, reports: &mut Reports) -> Option<Document> {
    if node.is_null() {
        let report = Report::error(format!("`{}` is empty", node.span.source().name()));
        reports.push(report.expected("`hosts:`").help("`shelter init` writes one to begin with"));
        return None;
    }
    let mut fields = Fields::of(node, "an inventory", reports)?;
    fields.require("hosts");
    let hosts = named(fields.node("hosts"), "hosts by name", HostName::new, fields.reports());
    let hosts =
        hosts.into_iter().map(|(name, entry)| host(name, entry, fields.reports())).collect();
    let groups = named(fields.node("groups"), "groups by name", GroupName::new, fields.reports());
    let groups =
        groups.into_iter().map(|(name, entry)| group(name, entry, fields.reports())).collect();
    let defaults = match fields.node("defaults") {
        Some(node) => defaults(node, fields.reports()),
        None => Connection::default(),
    };
    let vars = vars::vars(fields.node("vars"), fields.reports());
    let secrets = secrets::secrets(fields.node("secrets"), fields.reports());
    let console = console(fields.node("console"), fields.reports());
    fields.finish();
    Some(Document { hosts, groups, defaults, vars, secrets, console })
}

fn defaults(node: &Node, reports: &mut Reports) -> Connection {
    let Some(mut fields) = Fields::of(node, "the defaults", reports) else {
        return Connection::default();
    };
    let connection = connection(&mut fields);
    fields.finish();
    connection
}

/// The entries of a map whose keys are names of hosts or groups.
fn named<'n, T>(
    node: Option<&'n Node>,
    what: &str,
    name: impl Fn(&'n str) -> Result<T, NameError>,
    reports: &mut Reports,
) -> Vec<(Spanned<T>, &'n Entry)> {
    let Some(node) = node else { return Vec::new() };
    let Data::Map(entries) = &node.data else {
        let report = Report::error(format!("expected {what}, found {}", node.kind()));
        reports.push(report.at(&node.span).help("write each name with a `:` behind it"));
        return Vec::new();
    };
    if let Some(first) = entries.get(MAX_NAMES) {
        let report = Report::error(format!("more than {MAX_NAMES} {what}")).at(&first.key_span);
        reports.push(report);
    }
    let mut found = Vec::new();
    for entry in entries.iter().take(MAX_NAMES) {
        match name(&entry.key) {
            Ok(_) if matches!(&*entry.key, "all" | "none") => {
                let report = Report::error(format!("`{}` has a meaning of its own", entry.key));
                reports.push(report.at(&entry.key_span).expected("another name"));
            }
            Ok(name) => found.push((Spanned { value: name, span: entry.key_span.clone() }, entry)),
            Err(error) => {
                let report = Report::error(format!("`{}` cannot be a name here", entry.key));
                reports.push(report.at(&entry.key_span).cause(error.to_string()));
            }
        }
    }
    found
}

fn host(name: Spanned<HostName>, entry: &Entry, reports: &mut Reports) -> RawHost {
    let mut host = RawHost {
        name,
        via: RawVia::Ssh,
        address: None,
        connection: Connection::default(),
        groups: Vec::new(),
        vars: Vars::new(),
    };
    if entry.value.is_null() {
        return host;
    }
    let Some(mut fields) = Fields::of(&entry.value, "a host", reports) else { return host };
    host.via = match fields.node("via") {
        Some(node) => via(node, fields.reports()),
        None => RawVia::Ssh,
    };
    host.address = fields.parsed("address", grammar::address);
    host.connection = connection(&mut fields);
    if host.via != RawVia::Ssh {
        needless(&mut fields);
    }
    for text in fields.texts("groups") {
        match GroupName::new(text.value) {
            Ok(name) => host.groups.push(text.map(|_| name)),
            Err(error) => {
                let report = Report::error(format!("`{}` cannot name a group", text.value));
                fields.reports().push(report.at(&text.span).cause(error.to_string()));
            }
        }
    }
    host.vars = vars::vars(fields.node("vars"), fields.reports());
    fields.finish();
    host
}

/// Fields that only ssh heeds say nothing about a host that is reached otherwise.
fn needless(fields: &mut Fields<'_, '_>) {
    for name in ["address", "port", "user", "key", "jump"] {
        if let Some(node) = fields.node(name) {
            let report =
                Report::error(format!("`{name}` means nothing to a host not reached by ssh"));
            fields.reports().push(report.at(&node.span).help("remove it, or remove `via`"));
        }
    }
}

fn connection(fields: &mut Fields<'_, '_>) -> Connection {
    let port = fields.int("port", 1..=65535).and_then(|port| u16::try_from(port.value).ok());
    let user = fields.parsed("user", grammar::user).map(|user| user.value);
    let keys = fields.node("key").map(|_| keys(fields));
    let jump = fields.node("jump").map(|_| jumps(fields));
    let sudo = fields.choice("sudo", SUDO).map(|sudo| sudo.value);
    Connection { port, user, keys, jump, sudo }
}

fn keys(fields: &mut Fields<'_, '_>) -> Vec<Spanned<String>> {
    let mut keys = Vec::new();
    for text in fields.texts("key") {
        if text.value.starts_with('/') || text.value.starts_with("~/") {
            keys.push(text.map(str::to_owned));
        } else {
            let report = Report::error(format!("`{}` is a relative path", text.value));
            let report = report.at(&text.span).expected("a path that begins with `/` or `~/`");
            fields.reports().push(report);
        }
    }
    keys
}

fn jumps(fields: &mut Fields<'_, '_>) -> Vec<Spanned<grammar::Jump>> {
    let texts = fields.texts("jump");
    if let [only] = texts.as_slice()
        && only.value == "none"
    {
        return Vec::new();
    }
    let mut jumps = Vec::new();
    for text in texts {
        match grammar::jump(text.value) {
            Ok(jump) => jumps.push(text.map(|_| jump)),
            Err(expected) => {
                let report = Report::error(format!("`jump` cannot be `{}`", text.value));
                fields.reports().push(report.at(&text.span).expected(expected));
            }
        }
    }
    jumps
}

fn via(node: &Node, reports: &mut Reports) -> RawVia {
    if let Some(scalar) = node.scalar() {
        match &*scalar.text {
            "ssh" => return RawVia::Ssh,
            "local" => return RawVia::Local,
            text => {
                let report = Report::error(format!("unknown `via`: `{text}`")).at(&node.span);
                let report = report.expected("`ssh`, `local` or `{shell: COMMAND}`");
                reports.push(report.nearest(text, ["ssh", "local"]));
                return RawVia::Ssh;
            }
        }
    }
    let Some(mut fields) = Fields::of(node, "`via`", reports) else { return RawVia::Ssh };
    let command = fields.require("shell").node("shell");
    let words = command.map(|node| (command_words(node, &mut fields), &node.span));
    fields.finish();
    match words {
        Some((Some(words), span)) if words.is_empty() => {
            reports.push(
                Report::error("an empty command").at(span).expected("a command that yields a sh"),
            );
            RawVia::Shell(words)
        }
        Some((Some(words), _)) => RawVia::Shell(words),
        _ => RawVia::Shell(Vec::new()),
    }
}

fn command_words(node: &Node, fields: &mut Fields<'_, '_>) -> Option<Vec<String>> {
    if let Data::List(_) = node.data {
        return Some(fields.texts("shell").iter().map(|word| word.value.to_owned()).collect());
    }
    let parsed = fields.parsed("shell", words::split);
    parsed.map(|words| words.value)
}

fn group(name: Spanned<GroupName>, entry: &Entry, reports: &mut Reports) -> RawGroup {
    let owned = |texts: Vec<Spanned<&str>>| -> Vec<Spanned<String>> {
        texts.into_iter().map(|text| text.map(str::to_owned)).collect()
    };
    let mut group = RawGroup { name, hosts: Vec::new(), children: Vec::new(), vars: Vars::new() };
    if entry.value.is_null() {
        return group;
    }
    let Some(mut fields) = Fields::of(&entry.value, "a group", reports) else { return group };
    group.hosts = owned(fields.texts("hosts"));
    group.children = owned(fields.texts("children"));
    group.vars = vars::vars(fields.node("vars"), fields.reports());
    fields.finish();
    group
}

/// Where a name stands, for whoever must say that it is already taken.
pub(super) fn span_of<'a>(hosts: &'a [RawHost], name: &str) -> Option<&'a Span> {
    hosts.iter().find(|host| host.name.value.as_str() == name).map(|host| &host.name.span)
}
