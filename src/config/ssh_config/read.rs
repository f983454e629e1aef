//! The files of an ssh configuration as items, includes followed. Judges no keyword.

use super::line;
use super::{Files, Item, Local, Setting};
use crate::config::wildcard;
use crate::text::{Report, Reports, Source, Spanned};
use std::io;
use std::path::{Component, Path, PathBuf};

/// As deep as ssh itself follows includes.
const MAX_DEPTH: usize = 16;
/// More files than this are not written by hand; they are the trace of a loop.
const MAX_FILES: usize = 256;
const MAX_BYTES: usize = 1 << 20;

pub(super) fn read(
    local: &Local,
    path: Option<&Path>,
    files: &dyn Files,
) -> Result<Vec<Item>, Reports> {
    let mut reader = Reader { local, files, left: MAX_FILES, reports: Reports::new() };
    let usual = local.home.join(".ssh/config");
    let items = match files.read(path.unwrap_or(&usual)) {
        Ok(bytes) => reader.file(path.unwrap_or(&usual), &bytes, 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_none() => Vec::new(),
        Err(error) => {
            let name = reader.shown(path.unwrap_or(&usual));
            reader.reports.push(Report::error(format!("cannot read `{name}`")).caused_by(&error));
            Vec::new()
        }
    };
    reader.reports.verdict(Some(items)).map(|(items, _)| items)
}

struct Reader<'a> {
    local: &'a Local,
    files: &'a dyn Files,
    left: usize,
    reports: Reports,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, bytes: &[u8], depth: usize) -> Vec<Item> {
        let name = self.shown(path);
        if bytes.len() > MAX_BYTES {
            self.reports.push(Report::error(format!("`{name}` is larger than 1 MiB")));
            return Vec::new();
        }
        // ssh does not mind the encoding of a comment, so neither do we.
        let source = Source::new(name, String::from_utf8_lossy(bytes));
        let mut items = Vec::new();
        let mut start = 0;
        for text in source.text().split_inclusive('\n') {
            let line = source.span(start..start + text.trim_end().len());
            start += text.len();
            match line::parse(&line) {
                Ok(Some(setting)) => items.extend(self.item(setting, depth)),
                Ok(None) => {}
                Err(report) => self.reports.push(*report),
            }
        }
        items
    }

    fn item(&mut self, setting: Setting, depth: usize) -> Option<Item> {
        let named = matches!(setting.keyword.as_str(), "host" | "match" | "include");
        if named && setting.arguments.is_empty() {
            let message = format!("`{}` without anything", setting.keyword_span.text());
            self.reports.push(Report::error(message).at(&setting.keyword_span));
            return None;
        }
        Some(match setting.keyword.as_str() {
            "host" => Item::Host(setting.arguments),
            "match" => Item::Match(setting.arguments, setting.keyword_span),
            "include" => {
                let arguments = setting.arguments.iter();
                Item::Include(
                    arguments.flat_map(|argument| self.include(argument, depth + 1)).collect(),
                )
            }
            _ => Item::Set(setting),
        })
    }

    fn include(&mut self, argument: &Spanned<String>, depth: usize) -> Vec<Item> {
        if depth > MAX_DEPTH {
            self.refuse(argument, "files include each other without end");
            return Vec::new();
        }
        let mut items = Vec::new();
        for path in self.paths(&argument.value) {
            if self.left == 0 {
                self.refuse(argument, "more than 256 files are included");
                return items;
            }
            self.left -= 1;
            match self.files.read(&path) {
                Ok(bytes) => items.extend(self.file(&path, &bytes, depth)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let message = format!("cannot read `{}`", self.shown(&path));
                    self.reports.push(Report::error(message).at(&argument.span).caused_by(&error));
                }
            }
        }
        items
    }

    fn refuse(&mut self, argument: &Spanned<String>, message: &str) {
        self.reports.push(Report::error(message).at(&argument.span));
    }

    /// The files an argument of `Include` stands for, sorted; a relative one is beneath `~/.ssh`.
    fn paths(&self, argument: &str) -> Vec<PathBuf> {
        let path = match argument.strip_prefix("~/") {
            Some(rest) => self.local.home.join(rest),
            None => self.local.home.join(".ssh").join(argument),
        };
        let mut found = vec![PathBuf::new()];
        for part in path.components() {
            found = found.into_iter().flat_map(|folder| self.step(&folder, part)).collect();
        }
        found
    }

    fn step(&self, folder: &Path, part: Component<'_>) -> Vec<PathBuf> {
        let pattern = part.as_os_str().to_string_lossy();
        if !wildcard::is_wildcard(&pattern) {
            return vec![folder.join(part)];
        }
        let mut names = self.files.list(folder).unwrap_or_default();
        names.retain(|name| {
            wildcard::matches(&pattern, name)
                && (pattern.starts_with('.') || !name.starts_with('.'))
        });
        names.sort_unstable();
        names.truncate(MAX_FILES);
        names.into_iter().map(|name| folder.join(name)).collect()
    }

    /// A path as it is named in reports.
    fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(&self.local.home) {
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }
}
