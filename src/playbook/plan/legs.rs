//! The legs of one wished state: how to see it, reach it, prove it and take it back.

use super::{Blob, Sh};
use crate::fleet::Secret;

/// The legs of one wished state.
///
/// Each is the body of a shell function that runs as the step's user in its directory and environment, reads
/// nothing from stdin, and ends by `return STATUS` or with the status of its last command. It may use:
/// - `payload N`: writes the item's N-th payload to stdout;
/// - `"$SHELTER_SAVE"`: a directory of this item alone, mode 0700, for the state before (`save`, `restore`, `ours`);
/// - everything its step's preludes define.
#[derive(Clone, Debug, PartialEq)]
pub struct Legs {
    /// Read only: exit status 0 met, 10 unmet, 12 not possible on this host for the reason on stderr, else error. Without one the step is an action: always applied.
    pub check: Option<Sh>,
    /// The playbook's own shell in the check: what it asks about may be the doing of an earlier step.
    pub asks: Option<String>,
    /// Whether `check` keeps the runner's own shell intact (no `exit`, `cd`, `set`, `exec`, nothing assigned but names
    /// of its own): then it costs no process.
    pub check_inline: bool,
    /// Whether `apply` and the undo's `save` do, too. Neither may wait for anything but processes of its own, for nobody
    /// ends the runner's shell when the step's time is up.
    pub apply_inline: bool,
    /// Reaches the state.
    pub apply: Sh,
    /// Proves it: 0 proven. `None`: the check must be met now. An action without both is taken at its word.
    pub verify: Option<Sh>,
    /// How it is taken back.
    pub undo: Undo,
    /// Prints a unified diff from what is there to what is wished; read only. Its exit status does not matter.
    pub preview: Option<Sh>,
    /// Contents that legs write out by `payload N`.
    pub payloads: Vec<Payload>,
    /// A path whose metadata the check asks for by `r_stat`: what stands there may be looked at together with others.
    pub looks_at: Option<String>,
    /// What it changes: words that are alike wherever two steps change the same, as `/etc/motd` or `unit ssh`.
    pub touches: Vec<String>,
}

/// How a change is taken back.
#[derive(Clone, Debug, PartialEq)]
pub enum Undo {
    /// The state before comes back exactly.
    Exact(UndoLegs),
    /// As near as can be; the text says what may differ.
    BestEffort(UndoLegs, &'static str),
    /// It cannot be; the text says why.
    None(&'static str),
}

/// The legs of an undo.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoLegs {
    /// Before `apply`: puts the state before into `"$SHELTER_SAVE"`. If it fails, nothing is applied.
    pub save: Sh,
    /// Puts the state before back. Running it twice does no harm.
    pub restore: Sh,
    /// 0: what is there is what the run left; 10: it is not, a conflict. `None`: the check, still met, says so.
    pub ours: Option<Sh>,
}

/// Contents that travel with the program.
#[derive(Clone, PartialEq, Eq)]
pub enum Payload {
    /// In its text.
    Plain(Blob),
    /// Beside it, for they hold a secret.
    Secret(Secret),
}

impl Payload {
    /// Whether there is nothing in it but white space.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Plain(bytes) => bytes.iter().all(u8::is_ascii_whitespace),
            Self::Secret(secret) => secret.reveal().trim().is_empty(),
        }
    }
}

/// Shell functions of a resource, put once into every program that uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prelude {
    /// Its name, unique: two preludes of one name are one.
    pub name: &'static str,
    /// Function definitions and nothing else.
    pub text: &'static str,
}

impl Legs {
    /// An action that is always applied, cannot be undone and has nothing to show.
    pub fn action(apply: Sh) -> Self {
        let undo = Undo::None("what a command did is not known");
        let (check, asks, verify, preview, looks_at) = (None, None, None, None, None);
        let (check_inline, apply_inline) = (false, false);
        let (payloads, touches) = (Vec::new(), Vec::new());
        Self {
            check,
            asks,
            check_inline,
            apply_inline,
            apply,
            verify,
            undo,
            preview,
            payloads,
            looks_at,
            touches,
        }
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plain(bytes) => write!(f, "Payload({} bytes)", bytes.len()),
            Self::Secret(secret) => write!(f, "Payload{secret:?}"),
        }
    }
}
