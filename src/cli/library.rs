//! The playbooks of a home: the built-in ones, and those in its `playbooks/`, which win over built-in ones of the same name.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::playbook::{Playbook, builtin, resolve};
use crate::records::Home;
use crate::text::{Report, Reports, Source, nearest};

use super::beside::Beside;
use super::exit::Trouble;
use super::files::{read_bounded, unreadable, yaml_files};

/// Playbooks by id, in the order of their numbers.
pub struct Library {
    kept: BTreeMap<String, Kept>,
}

/// A playbook's text, or why it cannot be read, which is its own affair.
struct Kept {
    source: Result<Source, Box<Report>>,
    dir: Option<PathBuf>,
}

/// A playbook free of static errors, and where its files are.
pub struct Shelved {
    /// The playbook.
    pub playbook: Playbook,
    /// The directory it lies in. `None`: it is built in.
    pub dir: Option<PathBuf>,
}

impl Kept {
    /// The playbook with its warnings, or what is wrong with it. The files it sends are not looked at.
    fn read<'g>(
        &self,
        id: &str,
        given: impl IntoIterator<Item = &'g str>,
    ) -> Result<(Shelved, Reports), Reports> {
        let source = self.source.as_ref().map_err(|report| (**report).clone())?;
        let (playbook, mut reports) = resolve::read(source, given)?;
        if playbook.id.value != id {
            reports.push(misnamed(&playbook, id));
        }
        reports.verdict(Some(Shelved { playbook, dir: self.dir.clone() }))
    }

    /// The same, and all that is wrong with the files it sends.
    fn whole<'g>(
        &self,
        id: &str,
        given: impl IntoIterator<Item = &'g str>,
    ) -> Result<(Shelved, Reports), Reports> {
        let (shelved, mut reports) = self.read(id, given)?;
        let files = Beside::new(shelved.dir.clone());
        reports.append(resolve::unsendable(&shelved.playbook, &files));
        reports.verdict(Some(shelved))
    }
}

impl Library {
    /// Everything there is to choose from. Reads the files and nothing in them.
    pub fn open(home: &Home) -> Result<Self, Trouble> {
        let mut kept = BTreeMap::new();
        for file in builtin::playbooks() {
            let id = file.path.trim_end_matches(".yaml").to_owned();
            let source = Ok(Source::new(file.path, file.text));
            kept.insert(id, Kept { source, dir: None });
        }
        for path in yaml_files(&home.playbooks())? {
            let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
            let source = source(&path);
            kept.insert(id.to_owned(), Kept { source, dir: path.parent().map(Path::to_owned) });
        }
        Ok(Self { kept })
    }

    /// The playbooks that a text such as `03`, `03_install_models`, `00-02` or `01,04` chooses, free of
    /// static errors. All errors of all of them come at once.
    pub fn choose<'g>(
        &self,
        text: &str,
        given: impl IntoIterator<Item = &'g str> + Clone,
    ) -> Result<(Vec<Shelved>, Reports), Trouble> {
        let mut chosen = Vec::new();
        let mut reports = Reports::new();
        for id in self.ids(text)? {
            let Some(kept) = self.kept.get(&id) else { continue };
            match kept.whole(&id, given.clone()) {
                Ok((shelved, warnings)) => {
                    reports.append(warnings);
                    chosen.push(shelved);
                }
                Err(errors) => reports.append(errors),
            }
        }
        if reports.has_errors() { Err(reports.into()) } else { Ok((chosen, reports)) }
    }

    /// Whether there is a playbook of that id.
    pub fn has(&self, id: &str) -> bool {
        self.kept.contains_key(id)
    }

    /// The ids of all playbooks.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kept.keys().map(String::as_str)
    }

    /// Every playbook that is free of static errors; the others are told of when they are chosen.
    pub fn sound<'g>(&self, given: impl IntoIterator<Item = &'g str> + Clone) -> Vec<Shelved> {
        let read = |(id, kept): (&String, &Kept)| Some(kept.read(id, given.clone()).ok()?.0);
        self.kept.iter().filter_map(read).collect()
    }

    /// Every playbook, or what is wrong with it.
    pub fn all<'s, 'g: 's>(
        &'s self,
        given: impl IntoIterator<Item = &'g str> + Clone + 's,
    ) -> impl Iterator<Item = (&'s str, Result<Shelved, Reports>)> {
        self.kept.iter().map(move |(id, kept)| {
            (id.as_str(), kept.whole(id, given.clone()).map(|(shelved, _)| shelved))
        })
    }

    /// The playbook that provides each flag that is provided.
    pub fn providers<'g>(
        &self,
        given: impl IntoIterator<Item = &'g str> + Clone,
    ) -> BTreeMap<String, String> {
        let mut providers = BTreeMap::new();
        for Shelved { playbook, .. } in self.sound(given) {
            for flag in playbook.provides {
                providers.insert(flag.value, playbook.id.value.clone());
            }
        }
        providers
    }

    /// The ids a text chooses, each once, in the order of their numbers.
    fn ids(&self, text: &str) -> Result<BTreeSet<String>, Trouble> {
        let mut ids = BTreeSet::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let found = self.part(part);
            if found.is_empty() {
                return Err(self.unknown(part));
            }
            ids.extend(found);
        }
        if ids.is_empty() { Err(self.unknown(text)) } else { Ok(ids) }
    }

    fn part(&self, part: &str) -> Vec<String> {
        let ids = self.kept.keys();
        if part == "all" {
            return ids.cloned().collect();
        }
        if self.kept.contains_key(part) {
            return vec![part.to_owned()];
        }
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (Ok(from), Ok(to)) = (from.parse::<u8>(), to.parse::<u8>()) else { return Vec::new() };
        let within = |id: &&String| number(id).is_some_and(|n| (from..=to).contains(&n));
        ids.filter(within).cloned().collect()
    }

    fn unknown(&self, part: &str) -> Trouble {
        let report = Report::error(format!("there is no playbook `{part}`"));
        let names = self.kept.keys().map(String::as_str);
        match nearest(part, names.clone()) {
            Some(near) => report.help(format!("did you mean `{near}`?")).into(),
            None => {
                report.help(format!("there is {}", names.collect::<Vec<_>>().join(", "))).into()
            }
        }
    }
}

/// The text of a file. A pipe is none: without a writer it would keep us waiting at its door.
fn source(path: &Path) -> Result<Source, Box<Report>> {
    let bytes = path.metadata().and_then(|about| match about.is_file() {
        true => read_bounded(path),
        false => Err(io::Error::other("it is no file")),
    });
    let bytes = bytes.map_err(|error| unreadable(path, &error))?;
    Source::from_bytes(path.display().to_string(), &bytes)
}

/// Whoever reads one of the two names must find the other.
fn misnamed(playbook: &Playbook, id: &str) -> Report {
    let text = format!("`playbook: {}` stands in a file called `{id}`", playbook.id.value);
    Report::error(text).at(&playbook.id.span).help("give both the same name")
}

fn number(id: &str) -> Option<u8> {
    id.split('_').next()?.parse().ok()
}
