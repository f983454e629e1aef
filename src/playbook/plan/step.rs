//! One step of a plan: a wished state, or several of a kind, with what surrounds them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Cond, Legs, Prelude};

/// The place of a step in `HostPlan::steps`, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepIndex(pub u32);

/// One step of a plan, or one handler.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStep {
    /// Its id, unique in the playbook and the same in every run of it: letters, digits, `-` and `_`.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// Where it was written.
    pub origin: Origin,
    /// The resource it is made of, such as `file`.
    pub kind: &'static str,
    /// What it wishes: one item, or one for each turn of its loop, in order.
    pub items: Vec<PlannedItem>,
    /// Shell functions its legs use.
    pub preludes: Vec<Prelude>,
    /// When not to be skipped. `None`: always.
    pub when: Option<Cond>,
    /// Steps that must not have failed or been skipped for a failure; under `--check`, what hangs on an unmet one is unknown.
    pub needs: Vec<StepIndex>,
    /// As whom.
    pub run_as: RunAs,
    /// Where it runs, unless an item says otherwise.
    pub around: Surroundings,
    /// How long it may take.
    pub limits: Limits,
    /// How often it is tried.
    pub attempts: Attempts,
    /// Whether later steps look at its outcome.
    pub register: bool,
    /// The outcomes that its scripts print by `output NAME`: each name with the step it is of.
    pub outputs: Vec<(String, StepIndex)>,
    /// Handlers to fire at the end if it changes something: indices into `HostPlan::handlers`.
    pub notify: Vec<usize>,
    /// Its tags, for display; those not selected are not in the plan.
    pub tags: Vec<String>,
    /// Whether the run goes on and stays well when it fails.
    pub ignore_errors: bool,
    /// When it counts as changed though it was applied. `None`: whenever it was applied.
    pub changed_when: Option<Cond>,
    /// When it counts as failed. `None`: when its command says so.
    pub failed_when: Option<Cond>,
    /// Whether its outcome can be found again by its check after the host has crashed. If not, the intent to run it is
    /// made durable first, and it is never run again unasked.
    pub replayable: bool,
}

/// Where a step was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The playbook's file.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// One wished state of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedItem {
    /// The loop's value for people; `None` where there is no loop.
    pub label: Option<String>,
    /// How it is seen, reached, proven and taken back.
    pub legs: Legs,
    /// Where it runs, if the items of the step differ in that.
    pub around: Option<Surroundings>,
}

/// Where a step or an item runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Environment variables, names being shell names.
    pub env: BTreeMap<String, String>,
    /// The directory to be in: absolute.
    pub cwd: Option<String>,
}

impl Surroundings {
    /// Whether there is nothing to be entered.
    pub fn is_empty(&self) -> bool {
        self.env.is_empty() && self.cwd.is_none()
    }
}

/// As whom a step runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunAs {
    /// As the login.
    Login,
    /// As root.
    Root,
    /// As another user, by way of root. The name holds only `a-z A-Z 0-9 . _ -` and begins with a letter or `_`.
    User(String),
}

/// How long a step may take, in seconds. `None`: for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From begin to end, each try by itself.
    pub total_s: Option<u32>,
    /// Without a byte of output.
    pub silence_s: Option<u32>,
    /// For each check.
    pub check_s: u32,
}

/// How often a step is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// Tries after the first.
    pub retries: u32,
    /// Seconds to wait before a further try.
    pub delay_s: u32,
    /// What a try must bring. `None`: that it does not fail.
    pub until: Option<Cond>,
}

impl PlannedStep {
    /// A step of one item that runs as the login, always, once, and for nobody but itself.
    pub fn plain(id: String, name: String, origin: Origin, kind: &'static str, legs: Legs) -> Self {
        Self {
            id,
            name,
            origin,
            kind,
            items: vec![PlannedItem { label: None, legs, around: None }],
            preludes: Vec::new(),
            when: None,
            needs: Vec::new(),
            run_as: RunAs::Login,
            around: Surroundings::default(),
            limits: Limits::default(),
            attempts: Attempts::default(),
            register: false,
            outputs: Vec::new(),
            notify: Vec::new(),
            tags: Vec::new(),
            ignore_errors: false,
            changed_when: None,
            failed_when: None,
            replayable: true,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { total_s: Some(3600), silence_s: None, check_s: 60 }
    }
}

impl Default for Attempts {
    fn default() -> Self {
        Self { retries: 0, delay_s: 5, until: None }
    }
}
