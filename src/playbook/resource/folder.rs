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
        Err(self.leads_out(path))
    }

    /// The place, where no link on the way leads out of the folder.
    fn within(&self, path: &str) -> Result<PathBuf, Refusal> {
        let at = self.at(path)?;
        let failed = |error| unreadable(&at, &error);
        let real = fs::canonicalize(&at).map_err(failed)?;
        let inside = fs::canonicalize(&self.0).is_ok_and(|folder| real.starts_with(folder));
        if inside { Ok(at) } else { Err(self.leads_out(path)) }
    }

    fn leads_out(&self, path: &str) -> Refusal {
        let refusal = Refusal::new(format!("`{path}` leads out of `{}`", self.0.display()));
        refusal.help("put the file below that folder, and name it from there")
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Blob, Refusal> {
        let at = self.within(path)?;
        let failed = |error| unreadable(&at, &error);
        let found = fs::metadata(&at).map_err(failed)?;
        if !found.is_file() {
            return Err(Refusal::new(format!("`{}` is not a file", at.display())));
        }
        if found.len() > LARGEST as u64 {
            return Err(too_large());
        }
        fs::read(&at).map(Blob::from).map_err(failed)
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        let root = self.within(path)?;
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

/// All files below. What is neither file nor folder, and a folder that holds nothing, would not arrive.
fn walk(root: &Path, at: &Path, found: &mut Vec<Stored>) -> io::Result<()> {
    let cannot =
        |path: &Path, what| Err(io::Error::other(format!("`{}` is {what}", path.display())));
    if at != root && fs::read_dir(at)?.next().is_none() {
        return cannot(
            at,
            "an empty folder, which is not sent: put a file in, or make it by `dir`",
        );
    }
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
        } else if kind.is_symlink() {
            return cannot(&entry.path(), "a symbolic link, which is not sent: make it by `link`");
        } else {
            return cannot(&entry.path(), "neither a file nor a folder");
        }
    }
    Ok(())
}
