//! The arrows between the rooms, as ARCHITECTURE.md draws them. A trespass is named by file and line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may import. A room that is missing here may not exist.
pub const ARROWS: &[(&str, &[&str])] = &[
    ("fleet", &[]),
    ("text", &[]),
    ("config", &["fleet", "text"]),
    ("telemetry", &["fleet", "text"]),
    ("bench", &["fleet", "text"]),
    ("counsel", &["fleet", "text"]),
    ("watchdog", &["fleet", "text"]),
    ("playbook", &["fleet", "text"]),
    ("reach", &["fleet", "text"]),
    ("records", &["fleet", "text"]),
    ("llm", &["fleet", "text"]),
    ("lab", &["fleet", "text"]),
    (
        "ops",
        &[
            "fleet",
            "text",
            "config",
            "telemetry",
            "playbook",
            "bench",
            "reach",
            "llm",
            "records",
            "watchdog",
        ],
    ),
    ("theme", &["text"]),
    ("ui", &["fleet", "text", "bench", "reach", "records", "ops", "theme"]),
    (
        "cli",
        &[
            "fleet",
            "text",
            "config",
            "telemetry",
            "playbook",
            "bench",
            "counsel",
            "reach",
            "llm",
            "records",
            "lab",
            "watchdog",
            "ops",
            "theme",
            "ui",
        ],
    ),
];

struct Import {
    from: String,
    to: String,
    place: String,
}

/// The Rust files below a directory.
pub fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn imports() -> Vec<Import> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let first = inside.iter().next().unwrap().to_str().unwrap();
        let from = first.trim_end_matches(".rs").to_owned();
        if from == "lib" || from == "main" {
            continue;
        }
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (at, _) in code.match_indices("crate::") {
                let rest = &code[at + "crate::".len()..];
                let to: String =
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let place = format!("src/{}:{}", inside.display(), number + 1);
                found.push(Import { from: from.clone(), to, place });
            }
        }
    }
    found
}

#[test]
fn no_room_imports_upwards() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let trespasses: Vec<String> = imports()
        .iter()
        .filter(|i| i.from != i.to)
        .filter(|i| !arrows.get(i.from.as_str()).is_some_and(|to| to.contains(&i.to.as_str())))
        .map(|i| format!("{}: `{}` may not import `{}`", i.place, i.from, i.to))
        .collect();
    assert!(trespasses.is_empty(), "trespasses:\n{}", trespasses.join("\n"));
}

#[test]
fn every_import_names_its_room() {
    let unnamed: Vec<_> =
        imports().into_iter().filter(|i| i.to.is_empty()).map(|i| i.place).collect();
    assert!(unnamed.is_empty(), "write `crate::ROOM::…`, one room an import: {unnamed:?}");
}

#[test]
fn the_arrows_never_close_a_circle() {
    let mut settled = BTreeSet::new();
    while settled.len() < ARROWS.len() {
        let next = ARROWS
            .iter()
            .find(|(room, to)| !settled.contains(room) && to.iter().all(|t| settled.contains(t)));
        let (room, _) = next.expect("a circle among the rooms that are not settled");
        settled.insert(*room);
    }
}
