//! `~/.ssh/config`: what it says about a host we use. Opens no file but through `Files`; runs nothing.

mod apply;
mod expand;
mod keyword;
mod line;
mod lookup;
mod matching;
mod read;

pub(super) use expand::{Tokens, path as expand_path, text as expand_text};
pub(super) use lookup::Lookup;
pub(super) use matching::Asked;

use crate::text::{Reports, Span, Spanned};
use std::io;
use std::path::{Path, PathBuf};

/// Who runs this program, as far as an ssh configuration can ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Local {
    /// Their home folder.
    pub home: PathBuf,
    /// Their name.
    pub user: String,
}

/// The way to files, given by the caller, so that reading a configuration stays pure.
pub trait Files {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// The names of what is in a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
}

/// An ssh configuration, included files and all.
#[derive(Clone, Debug, Default)]
pub struct SshConfig {
    local: Local,
    items: Vec<Item>,
}

/// A line that means something.
#[derive(Clone, Debug)]
enum Item {
    /// `Host`: what follows is for names of these forms.
    Host(Vec<Spanned<String>>),
    /// `Match`: what follows is for what these criteria say.
    Match(Vec<Spanned<String>>, Span),
    /// A keyword with its arguments.
    Set(Setting),
    /// The lines of an included file.
    Include(Vec<Item>),
}

#[derive(Clone, Debug)]
struct Setting {
    /// In lower case.
    keyword: String,
    keyword_span: Span,
    arguments: Vec<Spanned<String>>,
}

impl SshConfig {
    /// No configuration at all.
    #[cfg(test)]
    pub fn none(local: Local) -> Self {
        Self { local, items: Vec::new() }
    }

    /// The configuration at `path`, which must be there, or that of the home folder, if there is one.
    pub fn read(local: Local, path: Option<&Path>, files: &dyn Files) -> Result<Self, Reports> {
        let items = read::read(&local, path, files)?;
        Ok(Self { local, items })
    }

    /// Who runs this program.
    pub fn local(&self) -> &Local {
        &self.local
    }
}
