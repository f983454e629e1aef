//! What a step does: one resource, or legs written in the playbook. Reads no other key.

use crate::text::yaml::{Data, Node};
use crate::text::{Fields, Report, Spanned};

use super::super::model::Action;
use super::super::resource::{self, Resource};
use super::super::vars::template::is_template;
use super::keys::STEP;
use super::step::owned;

/// The action of a step, or a report on why there is none.
pub(super) fn action(fields: &mut Fields<'_, '_>, node: &Node) -> Option<Action> {
    let found: Vec<(&'static Resource, &Node)> = resource::ALL
        .iter()
        .filter_map(|resource| Some((*resource, fields.node(resource.name)?)))
        .collect();
    let legs = ["check", "apply", "verify", "undo"].map(|leg| owned(fields.text(leg)));
    let leg = legs.iter().flatten().next().map(|leg| leg.span.clone());
    let [check, apply, verify, undo] = legs;
    let report = match (found.as_slice(), leg) {
        ([(resource, node)], None) => {
            return Some(Action::Resource { resource, fields: (*node).clone() });
        }
        ([], Some(_)) if apply.is_some() || check.is_some() => {
            return Some(Action::Legs { check, apply, verify, undo });
        }
        ([], None) => nothing(fields, node)?,
        ([], Some(leg)) => Report::error("this step neither checks nor applies").at(&leg),
        ([(resource, _), ..], Some(leg)) => {
            let report = Report::error(format!("`{}` brings its own legs", resource.name));
            report.at(&leg).help("remove the leg, or write all of them")
        }
        ([(first, _), (second, node), ..], None) => {
            let (first, second) = (first.name, second.name);
            let text = format!("a step has one resource, this one has `{first}` and `{second}`");
            Report::error(text).at(&node.span).help("make two steps of it")
        }
    };
    fields.reports().push(report);
    None
}

/// What is said of a step without any action, unless something else that is said tells why.
fn nothing(fields: &Fields<'_, '_>, node: &Node) -> Option<Report> {
    if let Some(bare) = resource::ALL.iter().find(|resource| fields.has(resource.name)) {
        return Some(Report::error(format!("`{}` says nothing", bare.name)).at(fields.span()));
    }
    let said = fields.has("check") || fields.has("apply") || has_unknown(node);
    let report = Report::error("this step does nothing").at(fields.span());
    (!said).then(|| report.expected("a resource, or `check` and `apply`"))
}

/// Whether there is a key that will be reported, which may well have meant the resource.
fn has_unknown(node: &Node) -> bool {
    let Data::Map(entries) = &node.data else { return false };
    entries.iter().any(|entry| STEP.iter().all(|field| field.name != &*entry.key))
}

/// What a step is called that has no name: its resource, and what that is about.
pub(super) fn title(action: Option<&Action>, fields: &Fields<'_, '_>) -> Spanned<String> {
    let value = match action {
        Some(Action::Resource { resource, fields }) => {
            let line = subject(resource, fields).unwrap_or_default();
            // A name is the same for all items, and what goes on in the next line would be half a template.
            let is_whole = ["{{", "{%"].map(|mark| line.matches(mark).count())
                == ["}}", "%}"].map(|mark| line.matches(mark).count());
            let fits = is_whole && !(line.contains("item") && is_template(&line));
            let line = if fits { line.as_str() } else { "" };
            format!("{} {line}", resource.name).trim_end().to_owned()
        }
        _ => "commands".to_owned(),
    };
    Spanned { value, span: fields.span().clone() }
}

/// What a resource is about, in a line.
fn subject(resource: &Resource, fields: &Node) -> Option<String> {
    /// What tells it where no field can stand for the whole resource.
    const TELLING: [&str; 4] = ["name", "path", "dest", "url"];
    let telling = resource.short.into_iter().chain(TELLING);
    let field = telling.filter_map(|name| fields.get(name)).find(|node| !node.is_null());
    let node = if matches!(fields.data, Data::Map(_)) { field? } else { fields };
    match &node.data {
        Data::List(nodes) => {
            let all: Vec<&str> =
                nodes.iter().filter_map(|node| Some(&*node.scalar()?.text)).collect();
            let first = all[..all.len().min(3)].join(", ");
            let others = all.len().saturating_sub(3);
            Some(if others == 0 { first } else { format!("{first} and {others} more") })
        }
        _ => node.scalar()?.text.lines().next().map(str::to_owned),
    }
}
