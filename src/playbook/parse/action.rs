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

/// What a step is called that has no name.
pub(super) fn title(action: Option<&Action>, fields: &Fields<'_, '_>) -> Spanned<String> {
    let value = match action {
        Some(Action::Resource { resource, fields }) => {
            let short = resource.short.and_then(|short| fields.get(short));
            let what = fields.scalar().or_else(|| short.and_then(Node::scalar));
            let line = what.and_then(|what| what.text.lines().next()).unwrap_or_default();
            let line = if line.contains("item") && is_template(line) { "" } else { line };
            format!("{} {line}", resource.name).trim_end().to_owned()
        }
        _ => "commands".to_owned(),
    };
    Spanned { value, span: fields.span().clone() }
}
