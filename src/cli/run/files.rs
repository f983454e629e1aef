//! The files a playbook may send: those in `files/` beside it, then those built in. Nothing above.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use crate::playbook::Files;
use crate::playbook::builtin::BuiltInFiles;
use crate::playbook::resource::{Refusal, Stored};

/// The largest file that travels in a program.
const LARGEST: u64 = 16 << 20;

/// The files of a playbook in that directory; a built-in playbook has none of its own.
pub struct Beside(Option<PathBuf>);

impl Beside {
    /// Files beside a playbook in that directory.
    pub fn new(dir: Option<PathBuf>) -> Self {
        Self(dir)
    }

    /// Where a file lies, if it lies beside the playbook.
    fn place(&self, path: &str) -> Result<Option<PathBuf>, Refusal> {
        let inside = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
        if !inside {
            return Err(Refusal::new(format!("`{path}` leads out of the playbook's `files/`")));
        }
        let place = self.0.as_ref().map(|dir| dir.join("files").join(path));
        Ok(place.filter(|place| place.exists()))
    }
}

impl Files for Beside {
    fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let Some(place) = self.place(path)? else { return BuiltInFiles.read(path) };
        let failed = |error: std::io::Error| {
            Refusal::new(format!("cannot read `{}`: {error}", place.display()))
        };
        let size = fs::metadata(&place).map_err(failed)?.len();
        if size > LARGEST {
            return Err(Refusal::new(format!("`{path}` is larger than {} MiB", LARGEST >> 20)));
        }
        fs::read(&place).map_err(failed)
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        let Some(root) = self.place(path)? else { return BuiltInFiles.list(path) };
        let mut found = Vec::new();
        walk(&root, &root, &mut found)
            .map_err(|error| Refusal::new(format!("cannot read `{}`: {error}", root.display())))?;
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
}

/// Regular files below a directory; links are left where they are.
fn walk(root: &Path, dir: &Path, found: &mut Vec<Stored>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            walk(root, &path, found)?;
        } else if kind.is_file() {
            let executable = entry.metadata()?.permissions().mode() & 0o100 != 0;
            let inside = path.strip_prefix(root).unwrap_or(&path);
            found.push(Stored { path: inside.to_string_lossy().into_owned(), executable });
        }
    }
    Ok(())
}
