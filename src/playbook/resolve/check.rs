//! Everything about a playbook that can be wrong whichever host it runs on. Knows no host.

use std::collections::BTreeSet;

use crate::fleet::Facts;
use crate::text::yaml::{Data, Entry, Node};
use crate::text::{Report, Reports, Source, Span, Spanned};

use super::super::model::{Action, Playbook, Preflight, Step};
use super::super::parse::parse;
use super::super::resource::{self, Kind, Need, Resource};
use super::super::vars::condition::{self, FORMS, Test, Tree};
use super::super::vars::template::{self, Trouble};
use super::super::vars::{BUILT_IN, Fault, ROOTS, locate};
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
    let (outcomes, silent, reports) = (Vec::new(), Vec::new(), Reports::new());
    let mut checker = Checker { names, facts, secrets, outcomes, silent, item: false, reports };
    checker.playbook(playbook);
    checker.reports
}

struct Checker<'a> {
    names: BTreeSet<&'a str>,
    facts: serde_json::Value,
    secrets: Vec<&'a str>,
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

    fn fields(&mut self, resource: &'static Resource, node: &Node) {
        match (&node.data, resource.short) {
            (Data::Map(entries), _) => {
                entries.iter().for_each(|entry| self.entry(resource, entry));
                self.required(resource, node, entries);
                self.rules(resource, node, entries);
            }
            (Data::Scalar(_) | Data::List(_), Some(short)) => {
                if let Some(field) = resource.fields.iter().find(|field| field.name == short) {
                    self.field(field, node);
                }
                self.required(resource, node, &[]);
            }
            (Data::Broken, _) => {}
            _ => {
                let report =
                    Report::error(format!("`{}` cannot be {}", resource.name, node.kind()));
                self.reports.push(
                    report
                        .at(&node.span)
                        .expected(format!("its fields, as in `{}`", resource.example)),
                );
            }
        }
    }

    fn entry(&mut self, resource: &'static Resource, entry: &Entry) {
        let names = || resource.fields.iter().map(|field| field.name);
        match resource.fields.iter().find(|field| field.name == &*entry.key) {
            Some(field) => self.field(field, &entry.value),
            None => {
                let report =
                    Report::error(format!("`{}` has no field `{}`", resource.name, entry.key));
                let report = report.at(&entry.key_span).nearest(&entry.key, names());
                let near = report.help.is_some();
                let all: Vec<&str> = names().collect();
                self.reports.push(if near {
                    report
                } else {
                    report.expected(format!("one of {}", all.join(", ")))
                });
            }
        }
    }

    fn field(&mut self, field: &resource::Field, node: &Node) {
        if node.is_null() || node.is_broken() {
            return;
        }
        if let (Kind::Condition, Some(scalar)) = (field.kind, node.scalar()) {
            let none = std::mem::take(&mut self.outcomes);
            self.condition(
                &Spanned { value: scalar.text.to_string(), span: node.span.clone() },
                &[],
            );
            self.outcomes = none;
            return;
        }
        let before = self.reports.has_errors();
        self.node(
            node,
            match field.kind {
                Kind::Script => For::Script,
                Kind::Content => For::Content,
                _ => For::Text,
            },
        );
        if field.name == "undo" {
            self.undo(node.scalar().map(|scalar| &*scalar.text), &node.span);
        }
        if !before && self.reports.has_errors() {
            return;
        }
        if let Err(report) = resource::decode(field, node, None) {
            self.reports.push(*report);
        }
    }

    fn required(&mut self, resource: &'static Resource, node: &Node, entries: &[Entry]) {
        for field in resource.fields.iter().filter(|field| field.need == Need::Required) {
            let given = entries.iter().any(|e| &*e.key == field.name && !e.value.is_null());
            let short = !matches!(node.data, Data::Map(_)) && resource.short == Some(field.name);
            if !given && !short {
                let report = Report::error(format!("`{}` has no `{}`", resource.name, field.name));
                self.reports.push(report.at(&node.span).expected(field.kind.says()));
            }
        }
    }

    fn rules(&mut self, resource: &'static Resource, node: &Node, entries: &[Entry]) {
        let given = |name: &str| entries.iter().any(|e| &*e.key == name && !e.value.is_null());
        for rule in resource.rules.iter().filter(|rule| !rule.holds(given)) {
            let text = format!("fields of `{}` do not go together", resource.name);
            self.reports.push(Report::error(text).at(&node.span).expected(rule.says()));
        }
    }

    /// Every template in a YAML value.
    fn node(&mut self, node: &Node, what: For) {
        match &node.data {
            Data::Scalar(scalar) => self.template(&scalar.text, &node.span, what),
            Data::List(nodes) => nodes.iter().for_each(|node| self.node(node, what)),
            Data::Map(entries) => entries.iter().for_each(|entry| self.node(&entry.value, what)),
            Data::Null | Data::Broken => {}
        }
    }

    fn template(&mut self, text: &str, span: &Span, what: For) {
        if !template::is_template(text) {
            return;
        }
        if what == For::Script
            && let Some(part) = super::quotes::in_quotes(text)
        {
            let report = Report::error("a value in a script is quoted by itself").at(&locate(
                span,
                text,
                Some(part),
            ));
            self.reports.push(report.help("remove the quotes around it"));
        }
        match template::names_in_template(text) {
            Ok(names) => names.iter().for_each(|name| self.used(name, text, span, what)),
            Err(trouble) => self.trouble(trouble, text, span),
        }
    }

    /// A name in a template: a secret has places of its own.
    fn used(&mut self, name: &str, text: &str, span: &Span, what: For) {
        match name.split_once('.') {
            Some(("secret", name)) => self.secret(name, text, span, what),
            _ => self.name(name, text, span),
        }
    }

    fn secret(&mut self, name: &str, text: &str, span: &Span, what: For) {
        let place = template::place_of(&format!("secret.{name}"), text);
        let at = locate(span, text, place);
        let report = match what {
            For::Content => {
                let report = unknown_secret(name, &self.secrets);
                report.map(|report| report.at(&at))
            }
            For::Script => {
                let report = Report::error("a secret cannot be written into a script").at(&at);
                let help = format!("`secret {name}` prints it, as in `secret {name} | command`");
                Some(report.help(help))
            }
            For::Text => Some(misplaced(&at)),
        };
        report.into_iter().for_each(|report| self.reports.push(report));
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

    fn condition(&mut self, written: &Spanned<String>, own: &[&'a str]) {
        let text = template::sole_expression(&written.value).unwrap_or(&written.value);
        let outcomes: Vec<&str> = self.outcomes.iter().chain(own).copied().collect();
        match condition::parse(text, &outcomes) {
            Ok(tree) => self.tree(&tree, text, &written.span),
            Err(trouble) => {
                let report = Fault::from(trouble).report(&written.span, text, std::iter::empty());
                self.reports.push(report.expected(FORMS));
            }
        }
    }

    fn tree(&mut self, tree: &Tree, text: &str, span: &Span) {
        match tree {
            Tree::All(parts) | Tree::Any(parts) => {
                parts.iter().for_each(|part| self.tree(part, text, span))
            }
            Tree::Not(inner) => self.tree(inner, text, span),
            Tree::Known(range)
            | Tree::Outcome(
                _,
                Test::StdoutIs(range) | Test::StdoutHas(range) | Test::StderrHas(range),
            ) => {
                self.expression(&text[range.clone()], text, span);
            }
            Tree::Outcome(..) => {}
        }
    }

    fn expression(&mut self, part: &str, text: &str, span: &Span) {
        match template::names_in_expression(part) {
            Ok(names) => names
                .iter()
                .filter(|name| !template::is_excused(name, part))
                .for_each(|name| self.name(name, text, span)),
            Err(trouble) => self.trouble(trouble, part, span),
        }
    }

    fn trouble(&mut self, trouble: Trouble, text: &str, span: &Span) {
        self.reports.push(Fault::from(trouble).report(span, text, std::iter::empty()));
    }

    /// Whether a dotted name means anything here.
    fn name(&mut self, name: &str, text: &str, span: &Span) {
        if template::is_excused(name, text) {
            return;
        }
        let (root, rest) = name.split_once('.').unwrap_or((name, ""));
        let at = locate(span, text, template::place_of(name, text));
        let report = match root {
            "facts" => self.fact(rest).map(|report| report.at(&at)),
            "host" => member("host", rest, context::HOST.map(|(name, _)| name))
                .map(|report| report.at(&at)),
            "fleet" => member("fleet", rest, ["hosts"]).map(|report| report.at(&at)),
            "item" if self.item => None,
            "item" => Some(Report::error("`item` is only known in a step with a `loop`").at(&at)),
            "secret" => Some(misplaced(&at)),
            "this" => Some(outcome(root).at(&at)),
            _ if self.outcomes.contains(&root) => Some(outcome(root).at(&at)),
            _ if self.names.contains(root) => None,
            _ => {
                let known = self.names.iter().copied().chain(ROOTS);
                let report = Report::error(format!("`{root}` is not defined")).at(&at);
                Some(report.nearest(root, known))
            }
        };
        if let Some(report) = report {
            self.reports.push(report);
        }
    }

    /// What is wrong with a name under `facts`.
    fn fact(&self, path: &str) -> Option<Report> {
        let mut tree = &self.facts;
        let mut so_far = "facts".to_owned();
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let map = tree.as_object().filter(|map| !map.is_empty())?;
            let Some(inner) = map.get(part) else {
                return member(&so_far, part, map.keys().map(String::as_str));
            };
            so_far = format!("{so_far}.{part}");
            tree = inner;
        }
        None
    }
}

/// What is wrong with `name` under `of`, if it is none of `names`.
fn member<'n>(
    of: &str,
    name: &str,
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> Option<Report> {
    let name = name.split('.').next().unwrap_or_default();
    if name.is_empty() || names.clone().into_iter().any(|known| known == name) {
        return None;
    }
    let report = Report::error(format!("`{of}` has no `{name}`")).nearest(name, names.clone());
    let all: Vec<&str> = names.into_iter().collect();
    let near = report.help.is_some();
    Some(if near { report } else { report.expected(format!("one of {}", all.join(", "))) })
}

fn misplaced(at: &Span) -> Report {
    Report::error("a secret cannot be used here").at(at).help(
        "what a `file`, `template` or `unit` holds and the `stdin` of a `run` may hold one; a script asks by `secret NAME`",
    )
}

/// What is wrong with the name of a secret, if the playbook has none of it.
fn unknown_secret(name: &str, known: &[&str]) -> Option<Report> {
    if known.contains(&name) {
        return None;
    }
    let report = Report::error(format!("the playbook has no secret `{name}`"));
    let report = report.nearest(name, known.iter().copied());
    let near = report.help.is_some();
    Some(if near { report } else { report.help("name it under `secrets:`, with what it is for") })
}

fn outcome(name: &str) -> Report {
    Report::error(format!("`{name}` is the outcome of a step, which only the host knows")).help(
        "conditions may ask for it, and a script prints what a step has printed by `output NAME`",
    )
}
