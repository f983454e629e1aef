//! Files of this machine that the user names, read with a bound. Writes none.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::config::Files;
use crate::text::Report;

use super::exit::Trouble;

/// The YAML files of a directory that need not be there, in the order of their names. Hidden ones are an editor's.
pub fn yaml_files(dir: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(dir, &error).into()),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(dir, &error))?;
        let (path, hidden) = (entry.path(), entry.file_name().as_encoded_bytes().starts_with(b"."));
        if !hidden && path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// What is said of a file or directory that cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> Report {
    Report::error(format!("cannot read `{}`", path.display())).cause(error.to_string())
}

/// A file, or its beginning where it is longer than any that is accepted: refusing it costs no memory.
pub fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    const ENOUGH: u64 = 5 << 20;
    let mut bytes = Vec::new();
    File::open(path)?.take(ENOUGH).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The files an ssh configuration names, as they are on this machine.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_bounded(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(folder)?;
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }
}
