//! The frame of an answer: sections, and the lines of files within one. Knows no fact.

use super::ProbeError;
use crate::text::inert_line;

/// Longer names are cut, for people; longer paths are refused, for programs.
const LONGEST_NAME: usize = 200;
const LONGEST_PATH: usize = 1024;

/// Folders that name what they hold by its bus address.
const BUS_FOLDERS: [&str; 2] = ["/sys/bus/pci/devices/", "/proc/driver/nvidia/gpus/"];

/// An answer that came whole.
pub(super) struct Answer<'a> {
    sections: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Answer<'a> {
    /// Finds the answer among what a chatty login may have said before and after it.
    pub(super) fn read(text: &'a str, token: &str) -> Result<Self, ProbeError> {
        let title = |line: &'a str| line.strip_prefix(token)?.strip_prefix(' ');
        let mut lines = text.lines();
        if !lines.any(|line| title(line) == Some("begin")) {
            let said = text.lines().find_map(name);
            return Err(said.map_or(ProbeError::Silent, ProbeError::Foreign));
        }
        let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in lines {
            match title(line) {
                Some("end") => return Ok(Self { sections }),
                Some(name) => sections.push((name, Vec::new())),
                None => sections.last_mut().into_iter().for_each(|(_, body)| body.push(line)),
            }
        }
        Err(ProbeError::Truncated(text.len()))
    }

    /// Whether the host got as far as this section.
    pub(super) fn has(&self, section: &str) -> bool {
        self.sections.iter().any(|(name, _)| *name == section)
    }

    /// The lines of a section.
    pub(super) fn lines(&self, section: &str) -> &[&'a str] {
        self.sections.iter().find(|(name, _)| *name == section).map_or(&[], |(_, body)| body)
    }

    /// The first line of a section that is not empty.
    pub(super) fn first(&self, section: &str) -> Option<&'a str> {
        self.lines(section).iter().map(|line| line.trim()).find(|line| !line.is_empty())
    }

    /// The value of `key` in a section of lines like `key=value` or `key: value`.
    pub(super) fn value(&self, section: &str, key: &str) -> Option<&'a str> {
        value(self.lines(section).iter().copied(), key)
    }

    /// The lines of all files, with the path of each.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.lines("files").iter().filter_map(|line| split_path(line))
    }

    /// The lines of one file.
    pub(super) fn file(&self, path: &str) -> impl Iterator<Item = &'a str> {
        self.files().filter(move |(at, _)| *at == path).map(|(_, line)| line)
    }

    /// The first line of one file.
    pub(super) fn file_line(&self, path: &str) -> Option<&'a str> {
        self.file(path).next().map(str::trim)
    }
}

/// The value of `key` among lines like `key=value` or `key: value`.
pub(super) fn value<'a>(mut lines: impl Iterator<Item = &'a str>, key: &str) -> Option<&'a str> {
    lines.find_map(|line| {
        let rest = line.trim_start().strip_prefix(key)?.trim_start();
        Some(rest.strip_prefix(['=', ':'])?.trim())
    })
}

/// `path:line`, as grep writes it; a bus address in the path has colons of its own.
fn split_path(line: &str) -> Option<(&str, &str)> {
    let address = BUS_FOLDERS.iter().find_map(|folder| line.strip_prefix(folder));
    let from = address.map_or(Some(0), |rest| Some(line.len() - rest.len() + rest.find('/')?))?;
    let colon = from + line[from..].find(':')?;
    Some((&line[..colon], &line[colon + 1..]))
}

/// A text for people: on one line, inert, not endless. `None` where nothing is left.
pub(super) fn name(text: &str) -> Option<String> {
    let line: String = inert_line(text.trim()).chars().take(LONGEST_NAME).collect();
    (!line.trim().is_empty()).then(|| line.trim().to_owned())
}

/// A text for programs, such as a path: as it is, or not at all.
pub(super) fn exact(text: &str) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= LONGEST_PATH && !text.contains('\u{fffd}');
    (fits && inert_line(text) == text).then(|| text.to_owned())
}
