//! The resources: what a step can wish for, each one table of fields and the shell it becomes. Runs nothing.
//!
//! A new resource is one file under `resource/` and one line in `resources!` below: its fields, the
//! schema, the reference and the hints in errors all come from its table.

mod args;
mod field;
mod folder;
mod keep;
mod once;
mod shell;
mod target;

pub use args::{Arg, Args, decode, default_of, word_of};
pub use field::{Field, Kind, Need};
pub use folder::Folder;
pub use keep::{KEEPING, keeping};
pub use once::ReadOnce;
pub use target::{Files, Refusal, Stored, Target, path};

use super::plan::{Legs, Prelude, Sh, ShError};
use crate::fleet::Facts;

/// A kind of thing a step can wish for.
pub struct Resource {
    /// Its name, the key in the step.
    pub name: &'static str,
    /// What it makes so, in a sentence.
    pub doc: &'static str,
    /// The field that a bare value stands for.
    pub short: Option<&'static str>,
    /// Its fields.
    pub fields: &'static [Field],
    /// Which fields go together.
    pub rules: &'static [Rule],
    /// How well it can be taken back, and what that means here.
    pub undo: (Reversal, &'static str),
    /// An example, in YAML.
    pub example: &'static str,
    /// The shell functions its legs use.
    pub preludes: &'static [Prelude],
    /// The shell it becomes on one host.
    pub legs: fn(&Args, &Target<'_>) -> Result<Legs, Refusal>,
}

/// Which fields go together: what no single field can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Exactly one of them.
    One(&'static [&'static str]),
    /// At least one of them.
    AnyOf(&'static [&'static str]),
    /// Not two of them.
    AtMostOne(&'static [&'static str]),
}

impl Rule {
    /// Whether it holds where these fields are given.
    pub fn holds(self, given: impl Fn(&str) -> bool) -> bool {
        let count = self.fields().iter().filter(|name| given(name)).count();
        match self {
            Self::One(_) => count == 1,
            Self::AnyOf(_) => count >= 1,
            Self::AtMostOne(_) => count <= 1,
        }
    }

    /// What is wanted, in words.
    pub fn says(self) -> String {
        let all =
            self.fields().iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match self {
            Self::One(_) => format!("exactly one of {all}"),
            Self::AnyOf(_) => format!("at least one of {all}"),
            Self::AtMostOne(_) => format!("at most one of {all}"),
        }
    }

    fn fields(self) -> &'static [&'static str] {
        let (Self::One(fields) | Self::AnyOf(fields) | Self::AtMostOne(fields)) = self;
        fields
    }
}

/// How well a step can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reversal {
    /// The state before comes back exactly.
    Exact,
    /// As well as it goes.
    BestEffort,
    /// Not at all.
    None,
}

impl Resource {
    /// What a step of it changes that can be taken back: paths, and other things by their kind and name.
    pub fn touched(&self, args: &Args, facts: &Facts) -> Vec<String> {
        if self.undo.0 == Reversal::None {
            return Vec::new();
        }
        // A unit's file and the unit that runs are one thing to whoever takes either back.
        let kind = if self.name == "service" { "unit" } else { self.name };
        let named =
            |name: &str| format!("{kind} {}", name.strip_suffix(".service").unwrap_or(name));
        let path = args.text("path").and_then(|written| path(facts, written).ok());
        let names =
            args.text("name").into_iter().chain(args.texts("names").iter().map(String::as_str));
        path.into_iter().chain(names.map(named)).collect()
    }
}

macro_rules! resources {
    ($($file:ident)*) => {
        $(mod $file;)*
        /// Every resource, in the order of the reference.
        pub const ALL: &[&Resource] = &[$(&$file::RESOURCE),*];
    };
}

resources! {
    dir
    file
    template
    line
    block
    link
    absent
    tree
    package
    service
    unit
    sysctl
    governor
    git
    fetch
    unpack
    venv
    wait
    assert
    run
}

/// The resource of that name.
pub fn find(name: &str) -> Option<&'static Resource> {
    ALL.iter().copied().find(|resource| resource.name == name)
}

impl From<ShError> for Refusal {
    fn from(error: ShError) -> Self {
        Self::new(error.to_string())
    }
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
