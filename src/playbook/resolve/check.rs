//! Everything about a playbook that can be wrong whichever host it runs on. Knows no host.

mod fields;
mod names;
mod texts;

use std::collections::BTreeSet;

use crate::fleet::Facts;
use crate::text::yaml::Data;
use crate::text::{Report, Reports, Source, Span};

use super::super::model::{Action, Playbook, Preflight, Step};
use super::super::parse::parse;
use super::super::resource::Kind;
use super::super::vars::template;
use super::super::vars::{BUILT_IN, locate};
use super::asked::{Command, all_asked, asked_for};
use super::context;

/// Reads a playbook and looks at all of it without any host: `given` are the variables that inventory and
/// command line may set. Warnings come beside it; with an error there is no playbook.
pub fn read<'g>(
    source: &Source,
    given: impl IntoIterator<Item = &'g str>,
) -> Result<(Playbook, Reports), Reports> {
    let (playbook, mut reports) = parse(source);
    if let Some(playbook) = &playbook {
        reports.append(check(playbook, given));
    }
    reports.verdict(playbook)
}

/// Looks at a playbook without any host.
fn check<'g>(playbook: &Playbook, given: impl IntoIterator<Item = &'g str>) -> Reports {
    let mut names: BTreeSet<&str> =
        given.into_iter().chain(BUILT_IN.map(|(name, ..)| name)).collect();
    names.extend(playbook.vars.iter().map(|entry| &*entry.key));
    let facts = context::facts_tree(&Facts::default());
    let secrets = playbook.secret_names().collect();
    let optional = playbook.secrets.iter().filter(|secret| secret.optional);
    let optional = optional.map(|secret| secret.name.value.as_str()).collect();
    let (outcomes, silent, reports) = (Vec::new(), Vec::new(), Reports::new());
    let mut checker =
        Checker { names, facts, secrets, optional, outcomes, silent, item: false, reports };
    checker.playbook(playbook);
    checker.reports
}

struct Checker<'a> {
    names: BTreeSet<&'a str>,
    facts: serde_json::Value,
    secrets: Vec<&'a str>,
    /// Those of the secrets that may not be given.
    optional: Vec<&'a str>,
    outcomes: Vec<&'a str>,
    /// The outcomes of steps that do not always run.
    silent: Vec<&'a str>,
    item: bool,
    reports: Reports,
}

/// What a text is for, which decides whether a secret may stand in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// Anything else: no.
    Text,
    /// A shell script: it asks for secrets by a command.
    Script,
    /// What a file holds or a command reads: yes.
    Content,
}

impl<'a> Checker<'a> {
    fn playbook(&mut self, playbook: &'a Playbook) {
        playbook.vars.iter().for_each(|entry| self.node(&entry.value, For::Text));
        self.settings(&playbook.settings);
        playbook.preflight.iter().for_each(|check| self.preflight(check));
        for step in &playbook.steps {
            self.step(step);
            let registered = step.register.as_ref().map(|register| register.value.as_str());
            self.outcomes.extend(registered);
            if !step.action.always_runs() {
                self.silent.extend(registered);
            }
        }
        playbook.handlers.iter().for_each(|handler| self.step(handler));
    }

    fn preflight(&mut self, check: &Preflight) {
        for text in [Some(&check.message), check.fix.as_ref()].into_iter().flatten() {
            self.template(&text.value, &text.span, For::Text);
        }
        if let Some(script) = &check.check {
            self.template(&script.value, &script.span, For::Script);
        }
        for condition in [&check.that, &check.when].into_iter().flatten() {
            self.condition(condition, &[]);
        }
    }

    fn step(&mut self, step: &'a Step) {
        if let Some(over) = &step.over {
            self.node(over, For::Text);
            let listed = matches!(over.data, Data::List(_) | Data::Broken)
                || over.scalar().is_some_and(|s| template::sole_expression(&s.text).is_some());
            if !listed {
                let report =
                    Report::error(format!("`loop` cannot be {}", over.kind())).at(&over.span);
                self.reports.push(report.expected(Kind::Items.says()));
            }
        }
        self.item = step.over.is_some();
        self.template(&step.name.value, &step.name.span, For::Text);
        if let Some(when) = &step.when {
            self.condition(when, &[]);
        }
        let own = step.register.as_ref().map_or("this", |register| register.value.as_str());
        let until = step.retry.as_ref().and_then(|retry| retry.until.as_ref());
        for condition in
            [until, step.changed_when.as_ref(), step.failed_when.as_ref()].into_iter().flatten()
        {
            self.condition(condition, &["this", own]);
        }
        self.action(&step.action);
        if let Some(keeps) = &step.keeps {
            self.node(keeps, For::Text);
        }
        self.outputs(&step.action);
        self.settings(&step.settings);
        self.item = false;
    }

    fn settings(&mut self, settings: &super::super::model::Settings) {
        settings.env.iter().for_each(|entry| self.node(&entry.value, For::Text));
        if let Some(cwd) = &settings.cwd {
            self.template(&cwd.value, &cwd.span, For::Text);
        }
        let Some(user) = &settings.user else { return };
        let names = template::names_in_template(&user.value).unwrap_or_default();
        match names.iter().find(|name| self.item && template::is_item(name)) {
            Some(name) => {
                let place = template::place_of(name, &user.value);
                let report = Report::error("all items of a step run as one user").at(&locate(
                    &user.span,
                    &user.value,
                    place,
                ));
                self.reports.push(report.help("make a step for each user"));
            }
            None => self.template(&user.value, &user.span, For::Text),
        }
    }

    /// A script may ask for what an earlier step printed, if that step always runs.
    fn outputs(&mut self, action: &Action) {
        for (script, span) in action.scripts() {
            for (place, name) in all_asked(Command::Output, script, &self.silent) {
                let report = Report::error(format!("`{name}` may not have printed anything"));
                let report = report.at(&locate(span, script, Some(place)));
                self.reports.push(report.help(
                    "a step that finds all as it should be is not run; register one without a check",
                ));
            }
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::Legs { check, apply, verify, undo } => {
                for leg in [check, apply, verify, undo].into_iter().flatten() {
                    self.template(&leg.value, &leg.span, For::Script);
                }
                if let Some(undo) = undo {
                    self.undo(Some(&undo.value), &undo.span);
                }
            }
            Action::Resource { resource, fields } => self.fields(resource, fields),
        }
    }

    /// An undo may come long after, when nobody is there to give a secret.
    fn undo(&mut self, script: Option<&str>, span: &Span) {
        let Some(script) = script else { return };
        if let Some(part) = asked_for(Command::Secret, script, &self.secrets) {
            let at = locate(span, script, Some(part));
            let report = Report::error("an undo cannot ask for a secret").at(&at);
            self.reports
                .push(report.help("it may run long after, when nobody is there to give it"));
        }
        if let Some(part) = asked_for(Command::Output, script, &self.outcomes) {
            let at = locate(span, script, Some(part));
            let report = Report::error("an undo cannot ask for what a step printed").at(&at);
            self.reports.push(
                report.help(
                    "it is a run of its own: let `apply` write what it will need into a file",
                ),
            );
        }
    }
}
