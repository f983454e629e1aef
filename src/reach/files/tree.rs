//! What a folder holds: folders, files and links, parents first. Follows no link and lets none lead out.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use super::super::dial::plain;
use super::super::error::ReachError;
use super::trouble;

/// Something in a folder, by its path within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub path: PathBuf,
    pub mode: u32,
    pub what: What,
}

/// What kind of thing it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Folder,
    File { size: u64 },
    Link { to: PathBuf },
}

/// Everything in a folder but the folder itself, and the folder's own mode.
pub(super) fn walk(root: &Path) -> Result<(u32, Vec<Entry>), ReachError> {
    let top = look(root)?;
    if !top.is_dir() {
        return Err(trouble(root.display(), "is not a folder"));
    }
    let mut found = Vec::new();
    descend(root, Path::new(""), &mut found)?;
    Ok((top.permissions().mode() & 0o7777, found))
}

/// Whether a link at `path` that leads to `to` stays within the folder that `path` is relative to.
pub(super) fn stays_within(path: &Path, to: &Path) -> bool {
    let mut depth = path.components().count().saturating_sub(1);
    for part in to.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    true
}

fn descend(root: &Path, within: &Path, found: &mut Vec<Entry>) -> Result<(), ReachError> {
    let folder = root.join(within);
    let failed = |e: std::io::Error| trouble(folder.display(), plain(&e));
    let names = std::fs::read_dir(&folder).map_err(failed)?;
    let mut names: Vec<_> =
        names.map(|e| e.map(|e| e.file_name())).collect::<Result<_, _>>().map_err(failed)?;
    names.sort();
    for name in names {
        let path = within.join(name);
        let full = root.join(&path);
        let about = look(&full)?;
        let what = kind(&path, &full, &about)?;
        let deeper = what == What::Folder;
        found.push(Entry { path: path.clone(), mode: about.permissions().mode() & 0o7777, what });
        if deeper {
            descend(root, &path, found)?;
        }
    }
    Ok(())
}

fn kind(path: &Path, full: &Path, about: &Metadata) -> Result<What, ReachError> {
    if about.is_dir() {
        return Ok(What::Folder);
    }
    if about.is_file() {
        return Ok(What::File { size: about.len() });
    }
    if !about.is_symlink() {
        return Err(trouble(full.display(), "is neither file, folder nor link: it is not carried"));
    }
    let to = std::fs::read_link(full).map_err(|e| trouble(full.display(), plain(&e)))?;
    if stays_within(path, &to) {
        return Ok(What::Link { to });
    }
    Err(trouble(full.display(), format!("leads out of the folder, to `{}`", to.display())))
}

fn look(path: &Path) -> Result<Metadata, ReachError> {
    std::fs::symlink_metadata(path).map_err(|e| trouble(path.display(), plain(&e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_may_move_about_inside_but_never_lead_out() {
        let check = |path: &str, to: &str| stays_within(Path::new(path), Path::new(to));
        assert!(check("a", "b") && check("d/a", "../b") && check("d/e/a", "../../x/./y"));
        assert!(!check("a", "../b") && !check("a", "/etc/passwd") && !check("d/a", "../../b"));
        assert!(!check("a", "b/../../c"));
    }
}
