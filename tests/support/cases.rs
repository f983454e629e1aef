//! Folders where a test is a file: each case is compared with the text kept beside it. `SHELTER_BLESS=1` keeps the texts anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A path in this repository.
pub fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder that end so, in order.
pub fn cases(folder: &str, extension: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(in_repository(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    cases.sort();
    assert!(!cases.is_empty(), "a folder without cases tests nothing");
    cases
}

/// Every case has its row in the table of its folder's README.
pub fn are_told_of(cases: &[PathBuf], readme: &str) {
    for path in cases {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(readme.contains(&format!("| `{name}` |")), "README.md does not tell of `{name}`");
    }
}

/// Compares what is said of every `NAME.yaml` of a folder with `NAME.txt`.
pub fn compare(folder: &str, say: impl Fn(&Path) -> String) {
    let mut wrong = String::new();
    for case in cases(folder, "yaml") {
        let said = say(&case);
        if let Some(found) = differs(&case.with_extension("txt"), &said) {
            wrong.push_str(&found);
        }
    }
    assert!(wrong.is_empty(), "SHELTER_BLESS=1 accepts what is now said:{wrong}");
}

/// Compares a text with the one that is kept.
pub fn compare_kept(path: &Path, found: &str) {
    let wrong = differs(path, found).unwrap_or_default();
    assert!(wrong.is_empty(), "SHELTER_BLESS=1 accepts what is now found:{wrong}");
}

fn differs(path: &Path, said: &str) -> Option<String> {
    if env::var_os("SHELTER_BLESS").is_some() {
        fs::write(path, said).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    (kept != said).then(|| format!("\n{}:\n{}", path.display(), differences(&kept, said)))
}

fn differences(kept: &str, said: &str) -> String {
    let mut out = String::new();
    let (mut old, mut new) = (kept.lines(), said.lines());
    loop {
        match (old.next(), new.next()) {
            (None, None) => return out,
            (old, new) if old == new => writeln!(out, "  {}", old.unwrap_or_default()).unwrap(),
            (old, new) => {
                old.iter().for_each(|line| writeln!(out, "- {line}").unwrap());
                new.iter().for_each(|line| writeln!(out, "+ {line}").unwrap());
            }
        }
    }
}
