//! A plan: everything one host shall do in one run, resolved, in order. Shows no secret and runs nothing.

mod blob;
mod cond;
mod legs;
mod shell;
mod step;

pub use blob::Blob;
pub use cond::{Cond, Subject};
pub use legs::{Legs, Payload, Prelude, Undo, UndoLegs};
pub use shell::{Sh, ShError, is_look, quote};
pub use step::{
    Attempts, Limits, Origin, PlannedItem, PlannedStep, RunAs, StepIndex, Surroundings,
};

use crate::fleet::{HostName, KeyFacts, Secrets};

/// Everything one host shall do in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct HostPlan {
    /// The run's id, unique for ever: letters, digits, `-` and `_`.
    pub run: String,
    /// The playbook's name, such as `03_build_llama_cpp`: letters, digits, `-`, `_` and `.`.
    pub playbook: String,
    /// The host.
    pub host: HostName,
    /// Who drives: shown to a second console that finds the host locked.
    pub console: String,
    /// The facts it was resolved with: the program refuses to start when they no longer hold.
    pub facts: KeyFacts,
    /// Shell text that extends `PATH` and defines `shelter_key`, which sets a variable of that name to the digest of the
    /// facts as they are now: `telemetry::facts::KEY_FN`.
    pub key_fn: Option<Sh>,
    /// Whether to change anything.
    pub mode: Mode,
    /// Whether to show how files would differ or differ.
    pub diff: bool,
    /// Who we are on the host, and how root is reached.
    pub login: Login,
    /// What to do once a step has failed.
    pub on_fail: OnFail,
    /// How the run is to outlive the connection.
    pub survival: Survival,
    /// Bytes kept of each step's stdout and of its stderr; beyond it only the first and the last half are kept.
    pub output_cap: u64,
    /// The steps, in order.
    pub steps: Vec<PlannedStep>,
    /// The secrets its scripts may ask for, which are hidden in all that steps print.
    pub secrets: Secrets,
    /// The secrets its scripts may ask for that nobody gave: it can do without them.
    pub without: Vec<String>,
    /// The handlers, in the order they fire in. A step names them by index in `notify`.
    pub handlers: Vec<PlannedStep>,
}

impl HostPlan {
    /// Steps, then handlers: a handler's index goes on where the steps' ends.
    pub fn all(&self) -> impl Iterator<Item = &PlannedStep> {
        self.steps.iter().chain(&self.handlers)
    }

    /// Whether its program is root's.
    pub fn as_root(&self) -> bool {
        self.login.root == RootBy::Login || self.all().any(|step| step.run_as != RunAs::Login)
    }
}

impl Survival {
    /// What is left of it: only root can start a unit of the system, and root has no unit of a user's.
    pub fn had_by(self, as_root: bool) -> Self {
        match (self, as_root) {
            (Self::Session, _) | (Self::SystemUnit, false) => Self::Session,
            (Self::UserUnit, false) => Self::UserUnit,
            (_, true) => Self::SystemUnit,
        }
    }
}

/// Whether a run changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Steps that are unmet are applied.
    Apply,
    /// Checks are run and nothing else.
    Check,
}

/// What to do once a step has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFail {
    /// Stop there.
    Stop,
    /// Stop there and undo what this run changed, in reverse order.
    Undo,
    /// Go on with the steps that do not need it.
    Continue,
}

/// How a run is to outlive the connection, the best that the facts allow. The host may have to fall back, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Survival {
    /// A session of its own, which logind may end with the login.
    Session,
    /// A transient unit of the user's systemd, where linger is on.
    UserUnit,
    /// A transient unit of the system's systemd, as root.
    SystemUnit,
}

/// Who we are on the host, and how root is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The login's name.
    pub user: String,
    /// Its home directory, where its shells begin; empty where it is not known.
    pub home: String,
    /// How root is reached from there.
    pub root: RootBy,
}

/// How root is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootBy {
    /// We log in as root.
    Login,
    /// sudo, without a password.
    Sudo,
    /// sudo, which will ask for the password.
    SudoPassword,
    /// doas, without a password: it asks for one on a terminal only.
    Doas,
    /// Not at all: a plan with a step that needs root does not compile.
    Nothing,
}
