//! One playbook on one host as rows: resolved where the host is known, as it is written where it is not.

use crate::fleet::{Facts, Host, Linger};
use crate::ops::{Order, Planned};
use crate::playbook::Program;
use crate::playbook::model::{Action, Settings, Step};
use crate::playbook::plan::{Cond, HostPlan, PlannedStep, RootBy, RunAs, Survival, Undo};
use crate::playbook::resource::{Reversal, find};
use crate::text::Span;

/// One playbook on one host.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Part {
    /// The playbook's id.
    pub playbook: String,
    /// The host.
    pub host: String,
    /// Why its facts are not known, so that nothing is resolved.
    pub unknown: Option<String>,
    /// Who runs the program there: `root`, or the login.
    pub runs_as: Option<String>,
    /// How the run outlives the connection.
    pub survival: Option<String>,
    /// Its steps and, behind them, its handlers.
    pub steps: Vec<Row>,
    /// Steps that tags or `--start-at` leave out.
    pub left_out: usize,
    /// The program, where it compiles.
    #[serde(skip)]
    pub program: Option<Program>,
}

/// One step or handler.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Row {
    /// Its number, as a run tells it.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub place: String,
    /// The resource it is made of.
    pub resource: String,
    /// How well it can be taken back.
    pub undo: String,
    /// As whom.
    pub user: String,
    /// Whether it only runs when another step asks for it.
    pub handler: bool,
    /// Why it is skipped here, if that is known already.
    pub skipped: Option<String>,
}

impl Part {
    /// With everything the facts tell.
    pub fn resolved(order: &Order, host: &Host, planned: &Planned, facts: &Facts) -> Self {
        let plan = &planned.plan;
        let reason = |at: usize| u32::try_from(at).ok().and_then(|at| planned.reasons.get(&at));
        let row = |(at, step): (usize, &PlannedStep)| {
            of_plan(plan, at, step, reason(at).map(String::as_str))
        };
        Self {
            runs_as: Some(if plan.as_root() { root(plan.login.root) } else { login(plan) }),
            survival: Some(survival(plan.survival.had_by(plan.as_root()), facts.linger).to_owned()),
            steps: plan.all().enumerate().map(row).collect(),
            ..Self::empty(order, host)
        }
    }

    /// As it is written.
    pub fn unresolved(order: &Order, host: &Host, why: String) -> Self {
        let playbook = &order.playbook;
        let chosen = playbook.steps.iter().zip(order.choice.of(playbook));
        let chosen = chosen.filter_map(|(step, chosen)| chosen.then_some((step, false)));
        let first = usize::from(!playbook.preflight.is_empty());
        let preflight = playbook.preflight.first().map(|check| preflight(&check.message.span));
        let steps = chosen.chain(playbook.handlers.iter().map(|handler| (handler, true)));
        let written = steps.enumerate().map(|(at, (step, handler))| {
            let settings = step.settings_over(&playbook.settings);
            of_model(at + first + 1, step, &settings, handler)
        });
        let steps = preflight.into_iter().chain(written).collect();
        Self { unknown: Some(why), steps, ..Self::empty(order, host) }
    }

    fn empty(order: &Order, host: &Host) -> Self {
        let left_out = order.choice.of(&order.playbook).iter().filter(|chosen| !**chosen).count();
        Self {
            playbook: order.head.playbook.clone(),
            host: host.name.to_string(),
            unknown: None,
            runs_as: None,
            survival: None,
            steps: Vec::new(),
            left_out,
            program: None,
        }
    }
}

fn of_plan(plan: &HostPlan, at: usize, step: &PlannedStep, reason: Option<&str>) -> Row {
    let origin = &step.origin;
    let decided = (step.when == Some(Cond::Const(false)))
        .then_some("its condition does not hold, or there is nothing to repeat it for");
    Row {
        number: at + 1,
        name: step.name.clone(),
        place: format!("{}:{}:{}", origin.file.display(), origin.line, origin.column),
        resource: step.kind.to_owned(),
        undo: step.items.first().map_or_else(
            || written_undo(step.kind).to_owned(),
            |item| undo_word(&item.legs.undo).to_owned(),
        ),
        user: match &step.run_as {
            RunAs::Login => plan.login.user.clone(),
            RunAs::Root => "root".to_owned(),
            RunAs::User(name) => name.clone(),
        },
        handler: at >= plan.steps.len(),
        skipped: reason.or(decided).map(str::to_owned),
    }
}

fn of_model(number: usize, step: &Step, settings: &Settings, handler: bool) -> Row {
    let (resource, undo) = match &step.action {
        Action::Resource { resource, .. } => (resource.name, written_undo(resource.name)),
        Action::Legs { undo, .. } if undo.is_some() || step.keeps.is_some() => {
            ("legs", "best effort")
        }
        Action::Legs { .. } => ("legs", "none"),
    };
    let root = settings.root.as_ref().is_some_and(|root| root.value);
    let user = settings.user.as_ref().map(|user| user.value.clone());
    let user = user.unwrap_or_else(|| if root { "root" } else { "login" }.to_owned());
    Row {
        number,
        name: step.name.value.clone(),
        place: place(&step.span),
        resource: resource.to_owned(),
        undo: undo.to_owned(),
        user,
        handler,
        skipped: None,
    }
}

fn preflight(span: &Span) -> Row {
    Row {
        number: 1,
        name: "preflight".to_owned(),
        place: place(span),
        resource: "preflight".to_owned(),
        undo: "none".to_owned(),
        user: "login".to_owned(),
        handler: false,
        skipped: None,
    }
}

fn place(span: &Span) -> String {
    let at = span.place();
    format!("{}:{}:{}", span.source().name(), at.line, at.column)
}

fn undo_word(undo: &Undo) -> &'static str {
    match undo {
        Undo::Exact(_) => "exact",
        Undo::BestEffort(..) => "best effort",
        Undo::None(_) => "none",
    }
}

/// How well a kind of step can be taken back, by its table.
fn written_undo(kind: &str) -> &'static str {
    match find(kind).map(|resource| resource.undo.0) {
        Some(Reversal::Exact) => "exact",
        Some(Reversal::BestEffort) => "best effort",
        Some(Reversal::None) | None => "none",
    }
}

fn login(plan: &HostPlan) -> String {
    plan.login.user.clone()
}

fn root(by: RootBy) -> String {
    match by {
        RootBy::Login => "root, who logs in",
        RootBy::Sudo => "root, by sudo",
        RootBy::SudoPassword => "root, by sudo with a password",
        RootBy::Doas => "root, by doas",
        RootBy::Nothing => "root, who cannot be had there",
    }
    .to_owned()
}

fn survival(survival: Survival, linger: Option<Linger>) -> &'static str {
    match (survival, linger) {
        (Survival::SystemUnit, _) => "a unit of the system's systemd carries it on",
        (Survival::UserUnit, _) => "a unit of the user's systemd carries it on",
        (Survival::Session, Some(Linger::Survives)) => "a session of its own carries it on",
        (Survival::Session, Some(Linger::Ends | Linger::Enabled)) => {
            "runs end with your login session here"
        }
        (Survival::Session, None) => "n/a whether runs outlive your login session here",
    }
}
