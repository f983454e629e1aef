//! A playbook for one host: templates rendered, conditions decided as far as facts go, resources become shell. Runs nothing.

mod asked;
mod check;
mod choice;
mod context;
mod decide;
mod items;
mod legs;
mod preflight;
mod quotes;
mod sent;
mod step;
mod uses;

use std::collections::BTreeMap;

use crate::fleet::{Facts, Host, Inventory, Secrets, Vars};
use crate::text::{Report, Reports, Source, Span};

use super::model::{self, Playbook, SecretUse, Step};
use super::plan::{OnFail, Payload, PlannedStep, StepIndex};
use super::resource::{Files, Refusal};
use super::vars::Scope;
use super::vars::template::Into;

pub use check::read;
pub use choice::Choice;
pub use context::fact_names;
pub use sent::unsendable;
pub use uses::{has_word, might_use};

/// Everything a playbook is resolved with.
pub struct Setting<'a> {
    /// The host.
    pub host: &'a Host,
    /// What is known of it.
    pub facts: &'a Facts,
    /// All hosts.
    pub fleet: &'a Inventory,
    /// Variables of the command line.
    pub extra: &'a Vars,
    /// Files that the playbook may send.
    pub files: &'a dyn Files,
    /// Which steps are chosen.
    pub choice: &'a Choice,
    /// The secrets that the playbook needs.
    pub secrets: &'a Secrets,
}

/// A playbook resolved for one host: the parts of a plan that come from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// What happens when a step fails.
    pub on_fail: OnFail,
    /// The steps chosen, in order.
    pub steps: Vec<PlannedStep>,
    /// The handlers.
    pub handlers: Vec<PlannedStep>,
    /// The secrets it uses.
    pub secrets: Secrets,
    /// The names of those it does without.
    pub without: Vec<String>,
    /// Steps that cannot be done on this host and are skipped, by id, with the reason.
    pub unsupported: Vec<(String, String)>,
}

/// Resolves a playbook for one host. What is wrong is found for all steps at once.
pub fn resolve(playbook: &Playbook, setting: &Setting<'_>) -> Result<Resolved, Reports> {
    let mut reports = Reports::new();
    let mut resolver = Resolver::new(playbook, setting, &mut reports);
    let steps = resolver.steps();
    let handlers = playbook.handlers.iter();
    let handlers = handlers.filter_map(|handler| resolver.handler(handler)).collect();
    let unsupported = std::mem::take(&mut resolver.unsupported);
    let on_fail = match playbook.on_fail {
        model::OnFail::Undo => OnFail::Undo,
        model::OnFail::Stop => OnFail::Stop,
        model::OnFail::Continue => OnFail::Continue,
    };
    let mut without = Vec::new();
    for SecretUse { name, purpose, optional } in &playbook.secrets {
        if setting.secrets.contains_key(&name.value) {
            continue;
        }
        without.push(name.value.clone());
        if !optional {
            let report = Report::error(format!("nobody gave the secret `{}`", name.value));
            reports.push(report.at(&name.span).help(format!("it is {purpose}")));
        }
    }
    let own = |name: &str| Some((name.to_owned(), setting.secrets.get(name)?.clone()));
    let secrets = playbook.secret_names().filter_map(own).collect();
    let resolved = Resolved { on_fail, steps, handlers, secrets, without, unsupported };
    reports.verdict(Some(resolved)).map(|(resolved, _)| resolved)
}

/// What is at hand while one playbook is resolved for one host.
struct Resolver<'a> {
    playbook: &'a Playbook,
    facts: &'a Facts,
    files: &'a dyn Files,
    scope: Scope<'a>,
    reports: &'a mut Reports,
    /// Where each step of the playbook stands in the plan, if it was chosen.
    places: Vec<Option<StepIndex>>,
    /// The preflight, if there is one.
    first: Option<StepIndex>,
    ids: BTreeMap<String, usize>,
    unsupported: Vec<(String, String)>,
}

impl<'a> Resolver<'a> {
    fn new(playbook: &'a Playbook, setting: &Setting<'a>, reports: &'a mut Reports) -> Self {
        let scope = Scope::new(&playbook.vars, &setting.host.vars, setting.extra)
            .with("facts", context::facts(setting.facts))
            .with("host", context::host(setting.host))
            .with("fleet", context::fleet(setting.fleet))
            .with_secrets(setting.secrets);
        let first = (!playbook.preflight.is_empty()).then_some(StepIndex(0));
        let mut next = u32::from(first.is_some());
        let mut place = |chosen: bool| {
            chosen.then(|| {
                next += 1;
                StepIndex(next - 1)
            })
        };
        let places = setting.choice.of(playbook).into_iter().map(&mut place).collect();
        Self {
            playbook,
            facts: setting.facts,
            files: setting.files,
            scope,
            reports,
            places,
            first,
            ids: BTreeMap::new(),
            unsupported: Vec::new(),
        }
    }

    fn steps(&mut self) -> Vec<PlannedStep> {
        let playbook = self.playbook;
        let preflight = self.preflight();
        let chosen = playbook.steps.iter().enumerate();
        let chosen: Vec<(usize, &Step)> =
            chosen.filter(|(at, _)| self.places[*at].is_some()).collect();
        let steps = chosen.into_iter().filter_map(|(at, step)| self.step(at, step));
        preflight.into_iter().chain(steps.collect::<Vec<_>>()).collect()
    }

    fn handler(&mut self, handler: &'a Step) -> Option<PlannedStep> {
        self.step(self.playbook.steps.len(), handler)
    }

    /// Renders the text of a file of the console.
    fn render_file(&self, name: &str, text: &str) -> Result<Payload, Refusal> {
        self.scope.content(text).map_err(|fault| {
            let source = Source::new(name, text);
            let report = fault.report(&source.whole(), source.text(), self.scope.names());
            Refusal { report: Some(Box::new(report)), ..Refusal::new("") }
        })
    }

    /// A text rendered, or a report on why it cannot be.
    fn text(&mut self, text: &str, span: &Span, into: Into) -> Option<String> {
        match self.scope.text(text, into) {
            Ok(text) => Some(text),
            Err(fault) => {
                self.reports.push(fault.report(span, text, self.scope.names()));
                None
            }
        }
    }

    fn refuse(&mut self, report: Report) {
        self.reports.push(report);
    }

    /// An id that is the same in every run of the playbook.
    fn id(&mut self, name: &str) -> String {
        let mut id: String = name
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        while id.contains("--") {
            id = id.replace("--", "-");
        }
        let id: String = id.trim_matches('-').chars().take(48).collect();
        let seen = self.ids.entry(id.clone()).or_default();
        *seen += 1;
        if *seen == 1 && !id.is_empty() { id } else { format!("{id}-{seen}") }
    }
}
