//! What a field may hold: the one description behind parsing, schema, reference and hints. Decodes nothing.

/// A field of a resource, a step or a playbook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it must be given.
    pub need: Need,
    /// What it means, in a sentence.
    pub doc: &'static str,
}

/// Whether a field must be given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Need {
    /// It must be given.
    Required,
    /// It may be left out.
    Optional,
    /// It may be left out, which means this.
    Default(&'static str),
}

/// What a field may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Any text, which may hold secrets.
    Content,
    /// A text on one line, not beginning with `-`.
    Name,
    /// A shell script, in which every `{{ }}` becomes quoted words.
    Script,
    /// A path on the host.
    Path,
    /// A path on the host whose loss is not the loss of the machine.
    Removable,
    /// Where a symbolic link leads.
    Goal,
    /// A file of the console, below `files/` beside the playbook.
    ConsoleFile,
    /// A folder of the console, below `files/` beside the playbook.
    ConsoleFolder,
    /// Permissions as a quoted octal text.
    Mode,
    /// A user or a group, by name or number.
    Owner,
    /// True or false.
    Flag,
    /// A whole number in a range.
    Number(i64, i64),
    /// A span of time.
    Duration,
    /// One of some words.
    Word(&'static [&'static str]),
    /// A text, or a list of texts.
    Texts,
    /// A name, or a list of names.
    Names,
    /// A SHA-256 in hex.
    Sha256,
    /// An address beginning with `http://` or `https://`.
    Url,
    /// An expression over facts, variables and registered outcomes.
    Condition,
    /// A list, or an expression that yields one.
    Items,
    /// Values by name.
    Map,
    /// Something with fields of its own, described elsewhere in the reference.
    Nested(&'static str),
}

impl Field {
    /// A field that must be given.
    pub const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, need: Need::Required, doc }
    }

    /// A field that may be left out.
    pub const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, need: Need::Optional, doc }
    }

    /// A field that means `value` when left out.
    pub const fn default(
        name: &'static str,
        kind: Kind,
        value: &'static str,
        doc: &'static str,
    ) -> Self {
        Self { name, kind, need: Need::Default(value), doc }
    }
}

/// The permissions of what is written.
pub const MODE: Field = Field::optional(
    "mode",
    Kind::Mode,
    "Permissions, such as \"0755\"; left as they are if not given.",
);
/// The owner of what is written.
pub const OWNER: Field =
    Field::optional("owner", Kind::Owner, "The user it belongs to, by name or number.");
/// The group of what is written.
pub const GROUP: Field =
    Field::optional("group", Kind::Owner, "The group it belongs to, by name or number.");
/// Whether a link at the target is followed.
pub const FOLLOW: Field = Field::default(
    "follow",
    Kind::Flag,
    "false",
    "Whether a symbolic link at `path` is followed; without it, a link there is an error.",
);

impl Kind {
    /// What is expected, as said in errors and in the reference.
    pub fn says(self) -> String {
        match self {
            Self::Text | Self::Content => "a text".into(),
            Self::Name => "a text on one line that does not begin with `-`".into(),
            Self::Script => "shell".into(),
            Self::Path => "a path, absolute or beginning with `~/`".into(),
            Self::Removable => {
                "a path, absolute or beginning with `~/`, but no folder that a system lives by"
                    .into()
            }
            Self::Goal => "where a link leads: a text that does not end in a line break".into(),
            Self::ConsoleFile => "a path below `files/` beside the playbook".into(),
            Self::ConsoleFolder => "a folder below `files/` beside the playbook".into(),
            Self::Mode => "an octal mode in quotes, such as \"0644\"".into(),
            Self::Owner => "a name or a number".into(),
            Self::Flag => "`true` or `false`".into(),
            Self::Number(least, most) if most == i64::MAX => format!("a whole number from {least}"),
            Self::Number(least, most) => format!("a whole number from {least} to {most}"),
            Self::Duration => "a span of time, such as `30s`, `10m` or `2h`".into(),
            Self::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            Self::Texts => "a text or a list of texts".into(),
            Self::Names => "a name or a list of names".into(),
            Self::Sha256 => "64 hexadecimal digits".into(),
            Self::Url => "an address beginning with `https://` or `http://`".into(),
            Self::Condition => "an expression".into(),
            Self::Items => "a list, or an expression that yields one".into(),
            Self::Map => "values by name".into(),
            Self::Nested(what) => what.into(),
        }
    }
}
