//! A playbook as it was written: every part with its place, nothing rendered yet. Knows no host.

use std::time::Duration;

use crate::text::yaml::{Entry, Node};
use crate::text::{Source, Span, Spanned};

use super::resource::{Kind, Resource};

/// A numbered YAML file.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// The file it was read from.
    pub source: Source,
    /// Number and name in one, as `03_build_llama_cpp`.
    pub id: Spanned<String>,
    /// Its place in the order of playbooks, 0 to 99.
    pub number: u8,
    /// The title for people.
    pub name: String,
    /// What it is for, in a sentence.
    pub purpose: String,
    /// The hosts it is meant for, as a pattern.
    pub hosts: Spanned<String>,
    /// Tags every step inherits.
    pub tags: Vec<String>,
    /// Flags that must stand before it runs.
    pub needs: Vec<Spanned<String>>,
    /// Flags it leaves when all went well.
    pub provides: Vec<Spanned<String>>,
    /// Its own variables, in the order written.
    pub vars: Vec<Entry>,
    /// The secrets it uses.
    pub secrets: Vec<SecretUse>,
    /// What must hold before the first step.
    pub preflight: Vec<Preflight>,
    /// The work.
    pub steps: Vec<Step>,
    /// Steps that run once at the end if another step that notifies them changed something.
    pub handlers: Vec<Step>,
    /// What happens when a step fails.
    pub on_fail: OnFail,
    /// What is disturbed, shown before the run is confirmed.
    pub disruptive: Option<Spanned<String>>,
    /// Settings every step inherits.
    pub settings: Settings,
}

impl Playbook {
    /// The names of its secrets.
    pub fn secret_names(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(|secret| secret.name.value.as_str())
    }
}

/// A secret that a playbook uses.
#[derive(Clone, Debug)]
pub struct SecretUse {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is for.
    pub purpose: String,
    /// Whether the playbook can do without it.
    pub optional: bool,
}

/// What happens to the rest of a playbook when a step fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFail {
    /// What this run changed is rolled back in reverse order.
    Undo,
    /// The host's remaining steps are not run.
    #[default]
    Stop,
    /// The remaining steps run, but for those that need the failed one.
    Continue,
}

/// Something that must hold before the first step, looked at on the host.
#[derive(Clone, Debug)]
pub struct Preflight {
    /// What is looked at, for people.
    pub name: String,
    /// Shell that exits 0 where all is well.
    pub check: Option<Spanned<String>>,
    /// An expression over facts and variables.
    pub that: Option<Spanned<String>>,
    /// What is wrong when it does not hold.
    pub message: Spanned<String>,
    /// What to do about it.
    pub fix: Option<Spanned<String>>,
    /// Only looked at where this holds.
    pub when: Option<Spanned<String>>,
}

/// One wished state.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name, a template.
    pub name: Spanned<String>,
    /// What it does.
    pub action: Action,
    /// Only run where this holds.
    pub when: Option<Spanned<String>>,
    /// The items it is repeated for.
    pub over: Option<Node>,
    /// Settings of its own.
    pub settings: Settings,
    /// How failing attempts are repeated.
    pub retry: Option<Retry>,
    /// The name under which later steps know its outcome.
    pub register: Option<Spanned<String>>,
    /// Handlers to run at the end if it changed something.
    pub notify: Vec<Spanned<String>>,
    /// Its own tags.
    pub tags: Vec<String>,
    /// Steps, by name or registered name, without whose success it makes no sense.
    pub needs: Vec<Spanned<String>>,
    /// Whether it counts as changed, over its registered outcome.
    pub changed_when: Option<Spanned<String>>,
    /// Whether it counts as failed, over its own outcome.
    pub failed_when: Option<Spanned<String>>,
    /// Whether a failure is only noted.
    pub ignore_errors: bool,
    /// Files whose state before `apply` is kept for undo.
    pub keeps: Option<Node>,
    /// The whole step.
    pub span: Span,
}

/// What a step does: a resource, or legs written by hand.
#[derive(Clone, Debug)]
pub enum Action {
    /// A resource and its fields.
    Resource {
        /// Which.
        resource: &'static Resource,
        /// Its fields: a map, or the one value of its short form.
        fields: Node,
    },
    /// Shell written in the playbook.
    Legs {
        /// Exits 0 when met, 1 when not, anything else on error.
        check: Option<Spanned<String>>,
        /// Makes it so.
        apply: Option<Spanned<String>>,
        /// Looks again, where `check` will not do.
        verify: Option<Spanned<String>>,
        /// Takes it back.
        undo: Option<Spanned<String>>,
    },
}

/// What a step may set and inherit from its playbook.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Run as root.
    pub root: Option<Spanned<bool>>,
    /// Run as this user.
    pub user: Option<Spanned<String>>,
    /// Environment variables, values being templates.
    pub env: Vec<Entry>,
    /// Working directory.
    pub cwd: Option<Spanned<String>>,
    /// The longest a leg may take.
    pub timeout: Option<Duration>,
    /// The longest a leg may be without a word.
    pub silence: Option<Duration>,
}

/// How failing attempts are repeated.
#[derive(Clone, Debug)]
pub struct Retry {
    /// How many times after the first.
    pub retries: u32,
    /// The pause before each repetition.
    pub delay: Duration,
    /// What must hold of the outcome to be content.
    pub until: Option<Spanned<String>>,
}

impl Action {
    /// What is left of an action that was reported as wrong.
    pub(super) const NOTHING: Self =
        Self::Legs { check: None, apply: None, verify: None, undo: None };

    /// Whether it is shell written in the playbook, of which we cannot know what it changes.
    pub fn is_own_shell(&self) -> bool {
        match self {
            Self::Legs { .. } => true,
            Self::Resource { resource, .. } => resource.name == "run",
        }
    }

    /// Whether it runs every time, for nothing tells whether it is needed.
    pub fn always_runs(&self) -> bool {
        match self {
            Self::Legs { check, .. } => check.is_none(),
            Self::Resource { resource, fields } => {
                let looks = ["creates", "unless", "check"];
                resource.name == "run" && looks.iter().all(|name| fields.get(name).is_none())
            }
        }
    }

    /// The shell in it that looks and acts, which may ask for outputs.
    pub fn scripts(&self) -> Vec<(&str, &Span)> {
        match self {
            Self::Legs { check, apply, verify, .. } => {
                let legs = [check, apply, verify].into_iter().flatten();
                legs.map(|leg| (leg.value.as_str(), &leg.span)).collect()
            }
            Self::Resource { resource, fields } => {
                let scripts = resource
                    .fields
                    .iter()
                    .filter(|field| field.kind == Kind::Script && field.name != "undo");
                let nodes = scripts.filter_map(|field| match resource.short {
                    Some(short) if short == field.name && fields.scalar().is_some() => Some(fields),
                    _ => fields.get(field.name),
                });
                nodes.filter_map(|node| Some((&*node.scalar()?.text, &node.span))).collect()
            }
        }
    }
}

impl Step {
    /// The settings in force: its own over the playbook's.
    pub fn settings_over(&self, playbook: &Settings) -> Settings {
        let own = &self.settings;
        let mut env = playbook.env.clone();
        env.retain(|given| own.env.iter().all(|e| e.key != given.key));
        env.extend(own.env.iter().cloned());
        Settings {
            root: own.root.clone().or_else(|| playbook.root.clone()),
            user: own.user.clone().or_else(|| playbook.user.clone()),
            env,
            cwd: own.cwd.clone().or_else(|| playbook.cwd.clone()),
            timeout: own.timeout.or(playbook.timeout),
            silence: own.silence.or(playbook.silence),
        }
    }
}
