//! What steps say of each other: names that are registered, handlers that are notified, steps that are needed.

use std::collections::BTreeMap;

use crate::text::{Report, Reports, Span};

use super::super::model::{Playbook, Step};

/// Complains of outcomes registered twice.
pub(super) fn unique(steps: &[Step], reports: &mut Reports) {
    let mut seen: BTreeMap<&str, &Span> = BTreeMap::new();
    for register in steps.iter().filter_map(|step| step.register.as_ref()) {
        if let Some(first) = seen.insert(&register.value, &register.span) {
            let report = Report::error(format!("`{}` is registered twice", register.value));
            reports.push(report.at(&register.span).also(first, "first registered here"));
        }
    }
}

/// Complains of handlers and steps that do not exist, and of handlers nobody notifies.
pub(super) fn check(playbook: &Playbook, reports: &mut Reports) {
    let handlers: Vec<&str> = playbook.handlers.iter().map(|h| h.name.value.as_str()).collect();
    for (at, step) in playbook.steps.iter().enumerate() {
        for notified in step.notify.iter().filter(|n| !handlers.contains(&n.value.as_str())) {
            let report = Report::error(format!("there is no handler `{}`", notified.value));
            reports
                .push(report.at(&notified.span).nearest(&notified.value, handlers.iter().copied()));
        }
        needed(step, &playbook.steps[..at], reports);
    }
    for (at, handler) in playbook.handlers.iter().enumerate() {
        let name = &handler.name;
        if let Some(first) = playbook.handlers[..at].iter().find(|h| h.name.value == name.value) {
            let report = Report::error(format!("two handlers are called `{}`", name.value));
            reports.push(report.at(&name.span).also(&first.name.span, "the other one"));
            continue;
        }
        let mut notified = playbook.steps.iter().flat_map(|step| &step.notify);
        if !notified.any(|n| n.value == name.value) {
            let report = Report::warning(format!("no step notifies `{}`", name.value));
            reports.push(report.at(&name.span));
        }
    }
}

fn needed(step: &Step, earlier: &[Step], reports: &mut Reports) {
    let names = || {
        let registered = earlier.iter().filter_map(|step| step.register.as_ref());
        earlier.iter().map(|step| &step.name).chain(registered).map(|name| name.value.as_str())
    };
    for need in &step.needs {
        if !names().any(|name| name == need.value) {
            let report = Report::error(format!("no earlier step is called `{}`", need.value));
            reports.push(report.at(&need.span).nearest(&need.value, names()));
        }
    }
}
