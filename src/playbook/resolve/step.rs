//! One step for one host: its items, who runs it, and what surrounds it. Runs nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::text::{Report, Span};

use super::super::model::{Action, Settings, Step};
use super::super::plan::{
    Attempts, Cond, Limits, Origin, PlannedItem, PlannedStep, RunAs, StepIndex,
};
use super::super::resource;
use super::super::vars::template::Into;
use super::decide::{Ask, disagreement};
use super::{Resolver, legs};

impl<'a> Resolver<'a> {
    /// A step of the plan; `at` is its place in the playbook, that of the end for a handler.
    pub(super) fn step(&mut self, at: usize, step: &'a Step) -> Option<PlannedStep> {
        let name = self.text(&step.name.value, &step.name.span, Into::Text)?;
        let id = self.id(&step.name.value);
        let settings = step.settings_over(&self.playbook.settings);
        let run_as = self.run_as(&settings)?;
        let (when, items) = self.items(at, step, &id)?;
        let ask =
            Ask { before: at, own: step.register.as_ref().map(|r| r.value.as_str()), this: true };
        let changed_when = self.asked(step.changed_when.as_ref(), ask)?;
        let failed_when = self.asked(step.failed_when.as_ref(), ask)?;
        let until = self.asked(step.retry.as_ref().and_then(|retry| retry.until.as_ref()), ask)?;
        Some(PlannedStep {
            id,
            name,
            origin: origin(&step.span),
            kind: kind(&step.action),
            preludes: legs::preludes(step),
            when,
            needs: self.needs(at, step),
            run_as,
            env: self.environment(&settings)?,
            cwd: self.directory(&settings)?,
            limits: limits(&settings),
            attempts: attempts(step, until),
            register: step.register.is_some(),
            notify: self.notified(step),
            tags: self.playbook.tags.iter().chain(&step.tags).cloned().collect(),
            ignore_errors: step.ignore_errors,
            changed_when,
            failed_when,
            replayable: items.iter().all(|item| item.legs.check.is_some()),
            items,
        })
    }

    fn asked(
        &mut self,
        condition: Option<&crate::text::Spanned<String>>,
        ask: Ask<'_>,
    ) -> Option<Option<Cond>> {
        match condition {
            Some(condition) => self.condition(condition, ask).map(Some),
            None => Some(None),
        }
    }

    /// The items for which the step is not known to be skipped, and what the host has to decide.
    fn items(
        &mut self,
        at: usize,
        step: &'a Step,
        id: &str,
    ) -> Option<(Option<Cond>, Vec<PlannedItem>)> {
        let looped = self.looped(step)?;
        let mut when: Option<Cond> = None;
        let mut items = Vec::new();
        let mut whole = true;
        for item in looped {
            self.scope.for_item(item.clone());
            let ask = Ask { before: at, own: None, this: false };
            let Some(cond) = self.asked(step.when.as_ref(), ask) else {
                whole = false;
                continue;
            };
            if cond == Some(Cond::Const(false)) {
                continue;
            }
            let cond = cond.filter(|cond| *cond != Cond::Const(true));
            if !items.is_empty() && when != cond {
                self.refuse(disagreement(&step.span));
                whole = false;
            }
            match self.legs(step) {
                Ok(Some(legs)) => items.push(PlannedItem { label: item.as_ref().map(label), legs }),
                Ok(None) => whole = false,
                Err(unsupported) => {
                    self.unsupported.push((id.to_owned(), unsupported));
                    items.clear();
                    break;
                }
            }
            when = cond;
        }
        self.scope.for_item(None);
        if items.is_empty() {
            when = Some(Cond::Const(false));
        }
        whole.then_some((when, items))
    }

    /// The items of a loop; one that is nothing where there is no loop.
    fn looped(&mut self, step: &Step) -> Option<Vec<Option<Value>>> {
        let Some(node) = &step.over else { return Some(vec![None]) };
        let value = match self.scope.value(node) {
            Ok(value) => value,
            Err(fault) => {
                let text = node.scalar().map_or("", |scalar| &*scalar.text);
                self.reports.push(fault.report(&node.span, text, self.scope.names()));
                return None;
            }
        };
        if value.kind() != ValueKind::Seq {
            let report = Report::error(format!("`loop` cannot be {}", value.kind()));
            self.refuse(report.at(&node.span).expected("a list"));
            return None;
        }
        value.try_iter().ok().map(|items| items.map(Some).collect())
    }

    fn run_as(&mut self, settings: &Settings) -> Option<RunAs> {
        let root = settings.root.as_ref().is_some_and(|root| root.value);
        let Some(user) = &settings.user else {
            return Some(if root { RunAs::Root } else { RunAs::Login });
        };
        let name = self.text(&user.value, &user.span, Into::Text)?;
        if name == "root" {
            return Some(RunAs::Root);
        }
        if self.facts.user.as_deref() == Some(name.as_str()) {
            return Some(RunAs::Login);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(plain)
        {
            return Some(RunAs::User(name));
        }
        let report = Report::error(format!("`{name}` cannot name a user")).at(&user.span);
        self.refuse(report.expected("letters, digits, `.`, `_` and `-`"));
        None
    }

    fn environment(&mut self, settings: &Settings) -> Option<BTreeMap<String, String>> {
        let mut environment = BTreeMap::new();
        for entry in &settings.env {
            let text = entry.value.scalar().map_or("", |scalar| &*scalar.text);
            let value = self.text(text, &entry.value.span, Into::Text)?;
            environment.insert(entry.key.to_string(), value);
        }
        Some(environment)
    }

    fn directory(&mut self, settings: &Settings) -> Option<Option<String>> {
        let Some(cwd) = &settings.cwd else { return Some(None) };
        let written = self.text(&cwd.value, &cwd.span, Into::Text)?;
        let path = if written.starts_with(['/', '~']) {
            resource::path(self.facts, &written)
        } else {
            Err(resource::Refusal::new(format!("`cwd` cannot be `{written}`")))
        };
        match path {
            Ok(path) => Some(Some(path)),
            Err(refusal) => {
                let report = Report::error(refusal.text).at(&cwd.span);
                self.refuse(report.expected("a path, absolute or beginning with `~/`"));
                None
            }
        }
    }

    /// The steps it needs, as they stand in the plan; those not chosen count as done.
    fn needs(&self, at: usize, step: &Step) -> Vec<StepIndex> {
        let earlier = self.playbook.steps.iter().enumerate().take(at);
        let wanted = |candidate: &Step| {
            let known = [Some(&candidate.name), candidate.register.as_ref()];
            step.needs
                .iter()
                .any(|need| known.iter().flatten().any(|name| name.value == need.value))
        };
        let needed = earlier.filter(|(_, candidate)| wanted(candidate));
        self.first.into_iter().chain(needed.filter_map(|(at, _)| self.places[at])).collect()
    }

    fn notified(&self, step: &Step) -> Vec<usize> {
        let handlers = self.playbook.handlers.iter().enumerate();
        let wanted = |name: &str| step.notify.iter().any(|notified| notified.value == name);
        handlers.filter(|(_, handler)| wanted(&handler.name.value)).map(|(at, _)| at).collect()
    }
}

fn kind(action: &Action) -> &'static str {
    match action {
        Action::Resource { resource, .. } => resource.name,
        Action::Legs { .. } => "legs",
    }
}

fn limits(settings: &Settings) -> Limits {
    let seconds = |span: Option<Duration>| span.and_then(|span| u32::try_from(span.as_secs()).ok());
    let usual = Limits::default();
    Limits {
        total_s: seconds(settings.timeout).or(usual.total_s),
        silence_s: seconds(settings.silence),
        check_s: usual.check_s,
    }
}

fn attempts(step: &Step, until: Option<Cond>) -> Attempts {
    let Some(retry) = &step.retry else { return Attempts::default() };
    let delay_s = u32::try_from(retry.delay.as_secs()).unwrap_or(u32::MAX);
    Attempts { retries: retry.retries, delay_s, until }
}

/// Where it was written.
pub(super) fn origin(span: &Span) -> Origin {
    let place = span.place();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Origin {
        file: span.source().name().into(),
        line: number(place.line),
        column: number(place.column),
    }
}

/// What an item of a loop is called.
fn label(item: &Value) -> String {
    let named = ["name", "path", "id"].iter().find_map(|key| {
        let value = item.get_attr(key).ok()?;
        value.as_str().map(str::to_owned)
    });
    named.unwrap_or_else(|| item.to_string())
}
