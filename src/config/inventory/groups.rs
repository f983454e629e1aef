//! Which host is in which groups, and what variables that gives it.

use super::decode::{Document, RawGroup, span_of};
use crate::config::wildcard;
use crate::fleet::{GroupName, HostName, Vars};
use crate::text::{Report, Reports, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// The groups of every host.
pub(super) struct Membership<'a> {
    raw: &'a [RawGroup],
    /// The declared groups from the general to the particular, so that the later ones win.
    order: Vec<usize>,
    /// For each declared group the hosts in it, children's hosts included.
    hosts: Vec<BTreeSet<&'a str>>,
    /// Groups that only hosts name.
    loose: BTreeMap<&'a str, (GroupName, BTreeSet<&'a str>)>,
}

impl<'a> Membership<'a> {
    /// Puts hosts into groups. What does not fit together is reported.
    pub fn of(document: &'a Document, reports: &mut Reports) -> Self {
        let raw = document.groups.as_slice();
        let children = children(document, reports);
        let mut membership =
            Self { raw, order: Vec::new(), hosts: Vec::new(), loose: BTreeMap::new() };
        membership.hosts = raw.iter().map(|group| members(group, document, reports)).collect();
        membership.join(document, reports);
        membership.order = parents_first(raw, &children, reports);
        for &group in membership.order.iter().rev() {
            for &child in &children[group] {
                let more = membership.hosts[child].clone();
                membership.hosts[group].extend(more);
            }
        }
        membership.judge(document, reports);
        membership
    }

    /// The groups a host names itself.
    fn join(&mut self, document: &'a Document, reports: &mut Reports) {
        for host in &document.hosts {
            for group in &host.groups {
                let (name, host) = (group.value.as_str(), host.name.value.as_str());
                match self.raw.iter().position(|raw| raw.name.value == group.value) {
                    Some(at) => {
                        self.hosts[at].insert(host);
                    }
                    None => {
                        self.slip(group, reports);
                        let loose = self.loose.entry(name);
                        let (_, hosts) =
                            loose.or_insert_with(|| (group.value.clone(), BTreeSet::new()));
                        hosts.insert(host);
                    }
                }
            }
        }
    }

    /// A group need not be declared, but one that is nearly spelt like a declared one is looked at.
    fn slip(&self, group: &Spanned<GroupName>, reports: &mut Reports) {
        let name = group.value.as_str();
        let declared = self.raw.iter().map(|raw| raw.name.value.as_str());
        let report = Report::warning(format!("group `{name}` is not declared under `groups`"));
        let report = report.at(&group.span).nearest(name, declared);
        if report.help.is_some() {
            reports.push(report);
        }
    }

    fn judge(&self, document: &Document, reports: &mut Reports) {
        for name in self.raw.iter().map(|group| &group.name) {
            if let Some(host) = span_of(&document.hosts, name.value.as_str()) {
                let report = Report::error(format!("`{}` is a host and a group", name.value));
                reports
                    .push(report.at(&name.span).also(host, "the host").help("rename one of them"));
            }
        }
        let names = document.hosts.iter().flat_map(|host| &host.groups);
        for group in names.filter(|group| self.loose.contains_key(group.value.as_str())) {
            if let Some(host) = span_of(&document.hosts, group.value.as_str()) {
                let report = Report::error(format!("`{}` is a host and a group", group.value));
                reports.push(report.at(&group.span).also(host, "the host"));
            }
        }
    }

    /// Warns of groups without hosts.
    pub fn empty(&self, reports: &mut Reports) {
        for (group, _) in self.raw.iter().zip(&self.hosts).filter(|(_, hosts)| hosts.is_empty()) {
            let report = Report::warning(format!("group `{}` has no hosts", group.name.value));
            reports.push(report.at(&group.name.span));
        }
    }

    /// The groups of a host, sorted, and the variables they give it on top of everybody's.
    pub fn take(&mut self, host: &HostName, everybody: &Vars) -> (Vec<GroupName>, Vars) {
        let name = host.as_str();
        let mut vars = everybody.clone();
        let mut groups = Vec::new();
        for &group in self.order.iter().filter(|group| self.hosts[**group].contains(name)) {
            vars.extend(self.raw[group].vars.clone());
            groups.push(self.raw[group].name.value.clone());
        }
        let loose = self.loose.values().filter(|(_, hosts)| hosts.contains(name));
        groups.extend(loose.map(|(group, _)| group.clone()));
        groups.sort_unstable();
        (groups, vars)
    }

    /// All groups: the declared ones as written, then the others.
    pub fn names(self) -> Vec<GroupName> {
        let declared = self.raw.iter().map(|group| group.name.value.clone());
        declared.chain(self.loose.into_values().map(|(group, _)| group)).collect()
    }
}

/// The hosts a group names itself, wildcards resolved.
fn members<'a>(
    group: &RawGroup,
    document: &'a Document,
    reports: &mut Reports,
) -> BTreeSet<&'a str> {
    let names = || document.hosts.iter().map(|host| host.name.value.as_str());
    let mut members = BTreeSet::new();
    for text in &group.hosts {
        let found: Vec<&str> = match text.value.as_str() {
            "all" => names().collect(),
            word if wildcard::is_wildcard(word) => {
                names().filter(|name| wildcard::matches(word, name)).collect()
            }
            word => names().filter(|name| *name == word).collect(),
        };
        if found.is_empty() {
            reports.push(no_host(text, document));
        }
        members.extend(found);
    }
    members
}

fn no_host(text: &Spanned<String>, document: &Document) -> Report {
    if wildcard::is_wildcard(&text.value) {
        return Report::warning(format!("`{}` matches no host", text.value)).at(&text.span);
    }
    let report = Report::error(format!("no host is called `{}`", text.value)).at(&text.span);
    if document.groups.iter().any(|group| group.name.value.as_str() == text.value) {
        return report.help("it is a group: name it under `children`");
    }
    report.nearest(&text.value, document.hosts.iter().map(|host| host.name.value.as_str()))
}

/// For each group its children by number.
fn children(document: &Document, reports: &mut Reports) -> Vec<Vec<usize>> {
    let groups = &document.groups;
    let names = || groups.iter().map(|group| group.name.value.as_str());
    let mut all = Vec::new();
    for group in groups {
        let mut children = Vec::new();
        for text in &group.children {
            match names().position(|name| name == text.value) {
                Some(child) => children.push(child),
                None => {
                    let message = format!("no group is called `{}`", text.value);
                    let report = Report::error(message).at(&text.span);
                    reports.push(report.nearest(&text.value, names()));
                }
            }
        }
        all.push(children);
    }
    all
}

/// The groups in an order in which parents come before children, otherwise as written.
fn parents_first(raw: &[RawGroup], children: &[Vec<usize>], reports: &mut Reports) -> Vec<usize> {
    let mut waits: Vec<usize> = vec![0; raw.len()];
    children.iter().flatten().for_each(|child| waits[*child] += 1);
    let mut order = Vec::new();
    let mut left: Vec<usize> = (0..raw.len()).collect();
    while let Some(&first) = left.first() {
        let free = left.iter().copied().find(|group| waits[*group] == 0);
        let group = free.unwrap_or_else(|| {
            let trail = circle(children, &left, first);
            reports.push(circle_report(raw, &trail));
            trail[0]
        });
        left.retain(|other| *other != group);
        for child in &children[group] {
            waits[*child] -= 1;
        }
        order.push(group);
    }
    order
}

/// A circle among groups of which each waits for a parent, parents before children.
fn circle(children: &[Vec<usize>], left: &[usize], start: usize) -> Vec<usize> {
    let parent =
        |group: usize| left.iter().copied().find(|other| children[*other].contains(&group));
    let mut trail = vec![start];
    while let Some(next) = trail.last().copied().and_then(parent) {
        if let Some(begin) = trail.iter().position(|group| *group == next) {
            trail.drain(..begin);
            break;
        }
        trail.push(next);
    }
    trail.reverse();
    trail
}

fn circle_report(raw: &[RawGroup], trail: &[usize]) -> Report {
    let name = |group: &usize| raw[*group].name.value.as_str();
    let names: Vec<&str> = trail.iter().chain(trail.first()).map(name).collect();
    let message = format!("groups contain each other: {}", names.join(" → "));
    Report::error(message).at(&raw[trail[0]].name.span)
}
