//! The files a playbook may send: those in `files/` beside it, then those built in. Nothing above.

use std::path::PathBuf;

use crate::bench::gguf::tiny_model;
use crate::playbook::Files;
use crate::playbook::builtin::BuiltInFiles;
use crate::playbook::plan::Blob;
use crate::playbook::resource::{Folder, Refusal, Stored};

/// The model that engines are tried with.
const TINY: &str = "tiny.gguf";

/// The files of a playbook in that directory; a built-in playbook has none of its own.
pub struct Beside(Option<Folder>);

impl Beside {
    /// Files beside a playbook in that directory.
    pub fn new(dir: Option<PathBuf>) -> Self {
        Self(dir.map(|dir| Folder(dir.join("files"))))
    }

    /// Whose file it is.
    fn holder(&self, path: &str) -> Result<&dyn Files, Refusal> {
        match &self.0 {
            // What is nowhere is missing beside the playbook, where its writer would put it.
            Some(folder) if folder.has(path)? || !BuiltInFiles.has(path) => Ok(folder),
            _ => Ok(&BuiltInFiles),
        }
    }
}

impl Files for Beside {
    fn read(&self, path: &str) -> Result<Blob, Refusal> {
        match self.holder(path)?.read(path) {
            // Made rather than kept: a megabyte that is the same every time.
            Err(_) if path == TINY => Ok(tiny_model().into()),
            read => read,
        }
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        self.holder(path)?.list(path)
    }
}
