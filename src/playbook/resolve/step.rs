//! One step for one host: who runs it, and what surrounds its items. Runs nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::text::{Report, Span, Spanned};

use super::super::model::{Action, Settings, Step};
use super::super::plan::{
    Attempts, Cond, Limits, Origin, PlannedStep, RunAs, StepIndex, Surroundings,
};
use super::super::resource;
use super::super::vars::template::{self, Into};
use super::asked::{Command, all_asked};
use super::decide::Ask;
use super::items::Taken;
use super::{Resolver, legs};

impl<'a> Resolver<'a> {
    /// A step of the plan; `at` is its place in the playbook, that of the end for a handler.
    pub(super) fn step(&mut self, at: usize, step: &'a Step) -> Option<PlannedStep> {
        let id = self.id(&step.name.value);
        let settings = step.settings_over(&self.playbook.settings);
        let run_as = self.run_as(&settings)?;
        let taken = self.items(at, step, &id)?;
        let name = taken.name().or_else(|| self.name_of_none(step))?;
        let Taken { when, judged, around, items, .. } = taken;
        // What never runs asks for nobody's rights.
        let run_as = if when == Some(Cond::Const(false)) { RunAs::Login } else { run_as };
        let outputs = self.outputs(at, step);
        Some(PlannedStep {
            id,
            name,
            origin: origin(&step.span),
            kind: kind(&step.action),
            preludes: legs::preludes(step),
            when,
            needs: self.needs(at, step, &outputs),
            outputs,
            run_as,
            around,
            limits: limits(&settings),
            attempts: attempts(step, judged.until),
            register: step.register.is_some(),
            notify: self.notified(step),
            tags: self.playbook.tags.iter().chain(&step.tags).cloned().collect(),
            ignore_errors: step.ignore_errors,
            changed_when: judged.changed_when,
            failed_when: judged.failed_when,
            replayable: items.iter().all(|item| item.legs.check.is_some()),
            items,
        })
    }

    /// The name of a step without items: `item` stands for nothing.
    fn name_of_none(&mut self, step: &Step) -> Option<String> {
        let name = &step.name;
        let names = template::names_in_template(&name.value).unwrap_or_default();
        if names.iter().any(|name| template::is_item(name)) {
            return Some(name.value.clone());
        }
        self.text(&name.value, &name.span, Into::Text)
    }

    /// Where the item in scope runs.
    pub(super) fn surroundings(&mut self, step: &Step) -> Option<Surroundings> {
        let settings = step.settings_over(&self.playbook.settings);
        Some(Surroundings { env: self.environment(&settings)?, cwd: self.directory(&settings)? })
    }

    /// The earlier steps of which a script of this one prints the output, as they stand in the plan.
    fn outputs(&self, at: usize, step: &Step) -> Vec<(String, StepIndex)> {
        let known: Vec<(&str, usize)> = self.registered(at).collect();
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let mut asked: Vec<&str> = step
            .action
            .scripts()
            .into_iter()
            .flat_map(|(script, _)| all_asked(Command::Output, script, &names))
            .map(|(_, name)| name)
            .collect();
        asked.sort_unstable();
        asked.dedup();
        let place = |name: &str| known.iter().rev().find(|(known, _)| *known == name);
        let asked = asked.into_iter().filter_map(|name| Some((name, self.places[place(name)?.1]?)));
        asked.map(|(name, at)| (name.to_owned(), at)).collect()
    }

    /// A condition, if there is one.
    pub(super) fn asked(
        &mut self,
        condition: Option<&Spanned<String>>,
        ask: Ask<'_>,
    ) -> Option<Option<Cond>> {
        match condition {
            Some(condition) => self.condition(condition, ask).map(Some),
            None => Some(None),
        }
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
    fn needs(&self, at: usize, step: &Step, outputs: &[(String, StepIndex)]) -> Vec<StepIndex> {
        let earlier = self.playbook.steps.iter().enumerate().take(at);
        let wanted = |candidate: &Step| {
            let known = [Some(&candidate.name), candidate.register.as_ref()];
            step.needs
                .iter()
                .any(|need| known.iter().flatten().any(|name| name.value == need.value))
        };
        let needed = earlier.filter(|(_, candidate)| wanted(candidate));
        let named = self.first.into_iter().chain(needed.filter_map(|(at, _)| self.places[at]));
        let mut needs: Vec<StepIndex> = named.collect();
        for (_, at) in outputs {
            if !needs.contains(at) {
                needs.push(*at);
            }
        }
        needs
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
