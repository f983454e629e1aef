//! What a resource may know of the host it is compiled for, and of the console's files. Touches neither.

use crate::fleet::Facts;
use crate::playbook::plan::{Blob, Payload};
use crate::text::Report;

/// Files of the console that playbooks may send, by a path relative to the playbook.
pub trait Files {
    /// The content of a file.
    fn read(&self, path: &str) -> Result<Blob, Refusal>;
    /// All files under a folder, links and folders left out.
    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal>;
}

/// A file under a folder of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its path under that folder.
    pub path: String,
    /// Whether it can be executed.
    pub executable: bool,
}

/// The host a step is compiled for.
pub struct Target<'a> {
    /// What is known of it.
    pub facts: &'a Facts,
    /// The console's files.
    pub files: &'a dyn Files,
    /// Renders the text of a file of that name.
    pub render: &'a dyn Fn(&str, &str) -> Result<Payload, Refusal>,
}

/// Why a step cannot be compiled for a host.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    /// What is wrong, in a line.
    pub text: String,
    /// The field to blame.
    pub field: Option<&'static str>,
    /// What to do about it.
    pub help: Option<String>,
    /// The place in another file where it went wrong.
    pub report: Option<Box<Report>>,
    /// Whether this host just cannot do it, so that the step is skipped for a reason.
    pub unsupported: bool,
}

impl Refusal {
    /// A refusal that blames the whole step.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), field: None, help: None, report: None, unsupported: false }
    }

    /// Not an error: this host cannot do it, and the step is skipped with the reason.
    pub fn unsupported(text: impl Into<String>) -> Self {
        Self { unsupported: true, ..Self::new(text) }
    }

    /// Blames one field.
    #[must_use]
    pub fn in_field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Target<'_> {
    /// A path as [`path`] takes it.
    pub fn path(&self, written: &str) -> Result<String, Refusal> {
        path(self.facts, written)
    }

    /// A user's numeric id where the facts tell it.
    pub fn uid(&self, owner: &str) -> Option<u32> {
        match owner {
            "root" => Some(0),
            _ if self.facts.user.as_deref() == Some(owner) => self.facts.uid,
            _ => owner.parse().ok(),
        }
    }
}

/// A path with `~/` replaced by the home of the user we log in as, and nothing needless in it.
pub fn path(facts: &Facts, written: &str) -> Result<String, Refusal> {
    let path = match (written.strip_prefix('~'), &facts.home) {
        (None, _) => written.to_owned(),
        (Some(rest), Some(home)) => format!("{}{rest}", home.trim_end_matches('/')),
        (Some(_), None) => {
            return Err(Refusal::new(format!(
                "`{written}`: the home folder on this host is not known"
            )));
        }
    };
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    Ok(format!("/{}", parts.join("/")))
}
