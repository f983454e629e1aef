//! One step, from its keys to its parts. Renders nothing.

use std::time::Duration;

use crate::text::yaml::{Data, Entry, Node};
use crate::text::{Fields, Report, Reports, Spanned};

use super::super::model::{Action, Retry, Settings, Step};
use super::action::{action, title};
use super::{entries, is_variable, links};
use crate::text::seconds;

/// The pause before a failed attempt is repeated, where the step says nothing.
const DELAY: Duration = Duration::from_secs(5);

/// The steps of a playbook.
pub(super) fn steps(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<Step> {
    let nodes = fields.list(key);
    let reports = fields.reports();
    let steps: Vec<Step> = nodes.iter().filter_map(|node| step(node, key, reports)).collect();
    if nodes.len() == steps.len() {
        links::unique(&steps, reports);
    }
    steps
}

/// The handlers of a playbook: steps that must have a name.
pub(super) fn handlers(fields: &mut Fields<'_, '_>) -> Vec<Step> {
    let nodes = fields.list("handlers");
    for node in
        nodes.iter().filter(|node| matches!(node.data, Data::Map(_)) && node.get("name").is_none())
    {
        fields.reports().push(Report::error("a handler has no `name`").at(&node.span));
    }
    steps(fields, "handlers")
}

fn step(node: &Node, key: &str, reports: &mut Reports) -> Option<Step> {
    let mut fields = Fields::of(node, "a step", reports)?;
    let action = action(&mut fields, node);
    let action_known = action.is_some();
    let retry = retry(&mut fields);
    let name = owned(fields.text("name"));
    let step = Step {
        when: owned(fields.text("when")),
        over: fields.node("loop").cloned(),
        settings: settings(&mut fields),
        retry,
        register: register(&mut fields),
        notify: list(fields.texts("notify")),
        tags: fields.texts("tags").into_iter().map(|tag| tag.value.to_owned()).collect(),
        needs: list(fields.texts("needs")),
        changed_when: owned(fields.text("changed_when")),
        failed_when: owned(fields.text("failed_when")),
        ignore_errors: fields.flag("ignore_errors").is_some_and(|flag| flag.value),
        keeps: fields.node("keeps").cloned(),
        span: fields.span().clone(),
        name: name.unwrap_or_else(|| title(action.as_ref(), &fields)),
        action: action.unwrap_or(Action::NOTHING),
    };
    if let Some(legs) = step.keeps.as_ref().filter(|_| !step.action.is_own_shell()) {
        let report = Report::error("`keeps` is for `run` and for legs of one's own").at(&legs.span);
        fields.reports().push(report.help("a resource keeps what it changes by itself"));
    }
    // A handler is run because something changed.
    if action_known && key != "handlers" {
        lint(&step, fields.reports());
    }
    fields.finish();
    Some(step)
}

fn retry(fields: &mut Fields<'_, '_>) -> Option<Retry> {
    let retries = fields.int("retries", 0..=100).map(|count| count.value);
    let delay = duration(fields, "delay");
    let until = owned(fields.text("until"));
    if retries.is_none() && until.is_none() && delay.is_none() {
        return None;
    }
    let retries = u32::try_from(retries.unwrap_or(3)).unwrap_or(0);
    Some(Retry { retries, delay: delay.unwrap_or(DELAY), until })
}

fn register(fields: &mut Fields<'_, '_>) -> Option<Spanned<String>> {
    let register = owned(fields.text("register"))?;
    if is_variable(&register.value) {
        return Some(register);
    }
    let report = Report::error(format!("`{}` cannot name an outcome", register.value));
    fields.reports().push(report.at(&register.span).expected("letters, digits and `_`"));
    None
}

/// The settings of a step, or of a playbook for all its steps.
pub(super) fn settings(fields: &mut Fields<'_, '_>) -> Settings {
    Settings {
        root: fields.flag("become"),
        user: owned(fields.text("user")),
        env: environment(fields),
        cwd: owned(fields.text("cwd")),
        timeout: duration(fields, "timeout"),
        silence: duration(fields, "silence"),
    }
}

fn environment(fields: &mut Fields<'_, '_>) -> Vec<Entry> {
    let entries = entries(fields, "env");
    for entry in &entries {
        if !is_variable(&entry.key) {
            let report =
                Report::error(format!("`{}` cannot name an environment variable", entry.key));
            fields.reports().push(report.at(&entry.key_span).expected("letters, digits and `_`"));
        }
        if entry.value.scalar().is_none() {
            let report = Report::error(format!("`{}` cannot be {}", entry.key, entry.value.kind()));
            fields.reports().push(report.at(&entry.value.span).expected("a text"));
        }
    }
    entries
}

fn duration(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Duration> {
    let found = fields.parsed(key, seconds)?;
    u64::try_from(found.value).ok().map(Duration::from_secs)
}

/// What is no error, but likely not what was meant.
fn lint(step: &Step, reports: &mut Reports) {
    if step.action.always_runs() && step.changed_when.is_none() {
        let report = Report::warning("nothing tells whether this command is needed");
        let report = report
            .at(&step.name.span)
            .help("add `check`, `creates` or `unless`, or say `changed_when`");
        reports.push(
            report.cause("it runs every time, counts as changed, and is skipped under --check"),
        );
    }
}

/// A borrowed text as one of its own.
pub(super) fn owned(text: Option<Spanned<&str>>) -> Option<Spanned<String>> {
    text.map(|text| text.map(str::to_owned))
}

/// Borrowed texts as texts of their own.
pub(super) fn list(texts: Vec<Spanned<&str>>) -> Vec<Spanned<String>> {
    texts.into_iter().map(|text| text.map(str::to_owned)).collect()
}
