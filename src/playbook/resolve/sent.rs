//! The files of the console that a playbook names plainly: whether they can be sent. Knows no host.

use crate::text::yaml::Node;
use crate::text::{Report, Reports};

use super::super::model::{Action, Playbook, Step};
use super::super::resource::{Files, Kind, Resource};
use super::super::vars::template::is_template;

/// What of it cannot be sent. Names that are templates are known only when a host is.
pub fn unsendable(playbook: &Playbook, files: &dyn Files) -> Reports {
    let mut reports = Reports::new();
    for Step { action, .. } in playbook.steps.iter().chain(&playbook.handlers) {
        let Action::Resource { resource, fields } = action else { continue };
        for (kind, node) in named(resource, fields) {
            let Some(name) = node.scalar().filter(|name| !is_template(&name.text)) else {
                continue;
            };
            let refused = match kind {
                Kind::ConsoleFile => files.read(&name.text).err(),
                Kind::ConsoleFolder => files.list(&name.text).err(),
                _ => None,
            };
            if let Some(refusal) = refused {
                let report = Report::error(refusal.text).at(&node.span);
                reports.push(refusal.help.into_iter().fold(report, Report::help));
            }
        }
    }
    reports
}

/// The fields that are given, each with its kind.
pub(super) fn named<'n>(resource: &'static Resource, node: &'n Node) -> Vec<(Kind, &'n Node)> {
    let given = |name: &str| match resource.short {
        Some(short) if short == name && node.scalar().is_some() => Some(node),
        _ => node.get(name),
    };
    resource.fields.iter().filter_map(|field| Some((field.kind, given(field.name)?))).collect()
}
