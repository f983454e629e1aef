//! What this repository promises of itself, read from its own files: openings, exceptions, dependencies, rooms.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::rooms::{ARROWS, sources};
use crate::support::cases::in_repository;

/// Every Rust file of the repository, by its path in it, with its text.
fn rust_files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches", "docs"] {
        sources(&in_repository(folder), &mut files);
    }
    let root = in_repository("");
    let named = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
    files.iter().map(|path| (named(path), fs::read_to_string(path).unwrap())).collect()
}

fn text_of(path: &str) -> String {
    fs::read_to_string(in_repository(path)).unwrap()
}

#[test]
fn every_file_opens_with_a_sentence() {
    let opens = |text: &str| text.starts_with("//! ") && text.lines().next().unwrap().len() > 20;
    let bare: Vec<String> =
        rust_files().into_iter().filter(|(_, text)| !opens(text)).map(|(path, _)| path).collect();
    assert!(bare.is_empty(), "begin these with `//!` and what they are: {bare:?}");
}

#[test]
fn every_exception_says_why() {
    let mut silent = Vec::new();
    for (path, text) in rust_files() {
        let mut lines = text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let bare = line.trim_start().trim_start_matches(['#', '!', '[']);
            if bare.len() == line.trim_start().len()
                || !(bare.starts_with("allow(") || bare.starts_with("expect("))
            {
                continue;
            }
            let mut whole = line.to_owned();
            while !whole.trim_end().ends_with(")]") {
                whole.push_str(lines.next().map_or(")]", |(_, line)| line));
            }
            if !whole.contains("reason = ") {
                silent.push(format!("{path}:{}", at + 1));
            }
        }
    }
    assert!(silent.is_empty(), "give a `reason`: {silent:?}");
}

/// The names on the left of a table of `Cargo.toml`.
fn named_in(manifest: &str, table: &str) -> BTreeSet<String> {
    let (_, rest) = manifest.split_once(&format!("\n[{table}]\n")).unwrap();
    let lines = rest.lines().take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
}

#[test]
fn every_dependency_is_used_and_has_its_reason() {
    let (manifest, map) = (text_of("Cargo.toml"), text_of("ARCHITECTURE.md"));
    let code: String = rust_files().into_iter().map(|(_, text)| text).collect();
    let reasons: Vec<&str> = map
        .split("## Dependencies")
        .nth(1)
        .unwrap()
        .lines()
        .filter(|l| l.starts_with('|'))
        .collect();
    let mut wrong = Vec::new();
    for name in named_in(&manifest, "dependencies").union(&named_in(&manifest, "dev-dependencies"))
    {
        let path = name.replace('-', "_");
        let used = [format!("{path}::"), format!("use {path};"), format!("{path}!")];
        if !used.iter().any(|used| code.contains(used)) {
            wrong.push(format!("`{name}` is used nowhere"));
        }
        let words = |line: &str| {
            let left = line.split('|').nth(1).unwrap_or_default();
            left.split([' ', ',', '`', '(']).any(|word| word == name)
        };
        if !reasons.iter().any(|line| words(line)) {
            wrong.push(format!("`{name}` has no line in ARCHITECTURE.md"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_has_a_line_for_every_room_and_no_other() {
    let map = text_of("ARCHITECTURE.md");
    let (_, after) = map.split_once("| room | holds | never |").unwrap();
    let rows = after.lines().skip(2).take_while(|line| line.starts_with('|'));
    let told: BTreeSet<&str> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    let rooms: BTreeSet<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    let library = text_of("src/lib.rs");
    let open: BTreeSet<&str> =
        library.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(told, rooms, "ARCHITECTURE.md and the arrows of tests/rooms.rs");
    assert_eq!(open, rooms, "src/lib.rs and the arrows of tests/rooms.rs");
}

#[test]
fn every_test_that_the_page_on_faults_names_is_there() {
    let all: String = rust_files().into_iter().map(|(_, text)| text).collect();
    let page = text_of("docs/faults.md");
    let named = page.split('`').skip(1).step_by(2).filter(|word| word.matches('_').count() > 2);
    let mut seen = 0;
    for name in named {
        assert!(all.contains(&format!("fn {name}()")), "no test is called {name}");
        seen += 1;
    }
    assert!(seen > 20, "the page names hardly any test");
}
