//! Files that playbooks may send, in a folder of the console's disk. Reads only below that folder, and writes nothing.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use super::shell::{LARGEST, too_large};
use super::{Files, Refusal, Stored};
use crate::playbook::plan::Blob;

/// The folder `files/` beside a playbook.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// Whether something lies there under that name.
    pub fn has(&self, path: &str) -> Result<bool, Refusal> {
        Ok(self.at(path)?.exists())
    }

    fn at(&self, path: &str) -> Result<PathBuf, Refusal> {
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if plain && !path.is_empty() {
            return Ok(self.0.join(path));
        }
        let refusal = Refusal::new(format!("`{path}` leads out of `{}`", self.0.display()));
        Err(refusal.help("put the file below that folder, and name it from there"))
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Blob, Refusal> {
        let at = self.at(path)?;
        let failed = |error| unreadable(&at, &error);
        if fs::metadata(&at).map_err(failed)?.len() > LARGEST as u64 {
            return Err(too_large());
        }
        fs::read(&at).map(Blob::from).map_err(failed)
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        let root = self.at(path)?;
        let mut found = Vec::new();
        walk(&root, &root, &mut found).map_err(|error| unreadable(&root, &error))?;
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
}

/// A path as a program can hold it.
fn sendable(path: &Path) -> Result<String, String> {
    match path.to_str() {
        None => Err(format!("the name `{}` is not UTF-8", path.to_string_lossy())),
        Some(name) if name.contains('\n') => {
            Err(format!("the name `{}` has a line break in it", name.escape_debug()))
        }
        Some(name) => Ok(name.to_owned()),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Refusal {
    Refusal::new(format!("cannot read `{}`: {error}", path.display()))
}

fn walk(root: &Path, at: &Path, found: &mut Vec<Stored>) -> io::Result<()> {
    for entry in fs::read_dir(at)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(root, &entry.path(), found)?;
        } else if kind.is_file() {
            let path = entry.path();
            let below = path.strip_prefix(root).unwrap_or(&path);
            let path = sendable(below).map_err(io::Error::other)?;
            let executable = entry.metadata()?.permissions().mode() & 0o111 != 0;
            found.push(Stored { path, executable });
        }
    }
    Ok(())
}
