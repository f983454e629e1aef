//! The keys of a playbook, a step and a preflight check, as tables. Decodes nothing.

use super::super::resource::{Field, Kind};

/// The keys of a playbook.
pub const PLAYBOOK: &[Field] = &[
    Field::required(
        "playbook",
        Kind::Name,
        "Number and name in one, as the file is called: `03_build_llama_cpp`.",
    ),
    Field::required("name", Kind::Text, "The title, for people."),
    Field::required("purpose", Kind::Text, "What it is for, in a sentence."),
    Field::default(
        "hosts",
        Kind::Text,
        "all",
        "The hosts it is meant for: `all`, names, groups, `a:&b:!c`, `alder-*`.",
    ),
    Field::optional("tags", Kind::Names, "Tags that every step inherits."),
    Field::optional("needs", Kind::Names, "Flags in `status/` that must stand before it runs."),
    Field::optional("provides", Kind::Names, "Flags it leaves in `status/` when all went well."),
    Field::optional(
        "vars",
        Kind::Map,
        "Variables of its own. Inventory and command line override them.",
    ),
    Field::optional(
        "secrets",
        Kind::Map,
        "The secrets it uses, each with a text that says what it is for, or with the keys below.",
    ),
    Field::optional(
        "preflight",
        Kind::Nested("a list of checks"),
        "What must hold before the first step.",
    ),
    Field::required("steps", Kind::Nested("a list of steps"), "The work, in order."),
    Field::optional(
        "handlers",
        Kind::Nested("a list of steps"),
        "Steps that run once at the end if a step that notifies them changed something, in the order they are written in.",
    ),
    Field::default(
        "on_fail",
        Kind::Word(&["undo", "stop", "continue"]),
        "stop",
        "When a step fails: roll back what this run changed, stop there, or go on with the steps that do not need it.",
    ),
    Field::optional(
        "disruptive",
        Kind::Text,
        "What is disturbed, shown before the run is confirmed.",
    ),
    BECOME,
    USER,
    ENV,
    CWD,
    TIMEOUT,
    SILENCE,
];

/// The keys of a step, but for its resource.
pub const STEP: &[Field] = &[
    Field::optional(
        "name",
        Kind::Text,
        "What people call it. Without one, it is called after what it does.",
    ),
    Field::optional(
        "check",
        Kind::Script,
        "Looks, and changes nothing: exit status 0 says met, 1 unmet, any other is an error.",
    ),
    Field::optional("apply", Kind::Script, "Makes it so."),
    Field::optional(
        "verify",
        Kind::Script,
        "Looks again after `apply`, where `check` will not do.",
    ),
    Field::optional("undo", Kind::Script, "Takes it back."),
    Field::optional(
        "keeps",
        Kind::Texts,
        "Files that `apply` may change: their state before is kept, and undo brings it back exactly.",
    ),
    Field::optional(
        "when",
        Kind::Condition,
        "Only where this holds. Facts and variables are decided on the console, registered outcomes on the host.",
    ),
    Field::optional(
        "loop",
        Kind::Items,
        "Repeats the step for each item, known as `item`. It stays one step.",
    ),
    BECOME,
    USER,
    ENV,
    CWD,
    TIMEOUT,
    SILENCE,
    Field::optional("retries", Kind::Number(0, 100), "How often a failed attempt is repeated."),
    Field::default(
        "delay",
        Kind::Duration,
        "5s",
        "The pause before it is repeated. Without `until` it doubles each time, up to a minute, less a random part.",
    ),
    Field::optional(
        "until",
        Kind::Condition,
        "What an attempt must bring, over `this`: `'ready' in this.stdout`.",
    ),
    Field::optional(
        "register",
        Kind::Name,
        "The name under which conditions of later steps know the outcome.",
    ),
    Field::optional(
        "notify",
        Kind::Texts,
        "Handlers, by name, to run at the end if this changes something.",
    ),
    Field::optional(
        "tags",
        Kind::Names,
        "Tags to choose it by. `always` runs unless skipped by name, `never` only if chosen by name.",
    ),
    Field::optional(
        "needs",
        Kind::Texts,
        "Earlier steps, by name or registered name, without whose success this one is skipped.",
    ),
    Field::optional(
        "changed_when",
        Kind::Condition,
        "When it counts as changed, over `this`, though it was applied.",
    ),
    Field::optional(
        "failed_when",
        Kind::Condition,
        "When it counts as failed, over `this`, whatever its exit status.",
    ),
    Field::default(
        "ignore_errors",
        Kind::Flag,
        "false",
        "Whether a failure is noted and counted as ignored, and the run goes on.",
    ),
];

/// The keys of a secret.
pub const SECRET: &[Field] = &[
    Field::required("purpose", Kind::Text, "What it is for."),
    Field::default(
        "optional",
        Kind::Flag,
        "false",
        "Whether the playbook can do without it. Nobody is asked for it unless the inventory says `ask`.",
    ),
];

/// The keys of a preflight check.
pub const PREFLIGHT: &[Field] = &[
    Field::optional("name", Kind::Text, "What is looked at."),
    Field::optional("check", Kind::Script, "Shell that exits 0 where all is well."),
    Field::optional(
        "that",
        Kind::Condition,
        "An expression over facts and variables. One of `check` and `that` must be given.",
    ),
    Field::required("message", Kind::Text, "What is wrong where it does not hold."),
    Field::optional("fix", Kind::Text, "What to do about it."),
    Field::optional(
        "when",
        Kind::Condition,
        "Only looked at where this holds: facts and variables.",
    ),
];

const BECOME: Field = Field::default("become", Kind::Flag, "false", "Whether it runs as root.");
const USER: Field = Field::optional("user", Kind::Name, "Runs as this user, by way of root.");
const ENV: Field = Field::optional("env", Kind::Map, "Environment variables.");
const CWD: Field = Field::optional("cwd", Kind::Path, "The directory it runs in.");
const TIMEOUT: Field =
    Field::default("timeout", Kind::Duration, "1h", "The longest one attempt may take.");
const SILENCE: Field =
    Field::optional("silence", Kind::Duration, "The longest it may go without a byte of output.");
