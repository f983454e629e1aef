//! Inside a room no module imports another that imports it, however far around. The rooms where that is not so yet are listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::rooms::{ARROWS, sources};
use crate::support::cases::in_repository;

/// Rooms that have circles yet. This list only grows shorter.
const NOT_YET: &[&str] = &["ops", "reach", "ui"];

/// The room's own file, `room.rs`, among its modules.
const DOOR: &str = "";

/// Each module with those it imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The code of each file of a room, without comments and tests, by its path as a module: `["llm", "engines", "vllm"]`.
fn files(room: &str) -> Vec<(Vec<String>, String)> {
    let (root, mut found) = (in_repository("src"), Vec::new());
    sources(&root.join(room), &mut found);
    found.push(root.join(room).with_extension("rs"));
    let module = |path: &std::path::PathBuf| -> Vec<String> {
        let path = path.strip_prefix(&root).unwrap().with_extension("");
        path.iter().map(|part| part.to_str().unwrap().to_owned()).collect()
    };
    found.iter().map(|path| (module(path), code(&fs::read_to_string(path).unwrap()))).collect()
}

fn code(text: &str) -> String {
    let tests = ["mod ", "pub mod ", "pub(super) mod ", "pub(crate) mod "];
    let starts = tests.iter().filter_map(|start| text.find(&format!("#[cfg(test)]\n{start}")));
    let inline = starts.filter(|at| text[*at..].lines().nth(1).is_some_and(|l| l.ends_with('{')));
    let lines = text[..inline.min().unwrap_or(text.len())].lines();
    lines.map(|line| line.split("//").next().unwrap().to_owned() + "\n").collect()
}

/// The first words of what a path goes on with: one, or those in its braces.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(inner) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                found.push(word(&inner[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// What the room's own file hands on, by name, with the module it is from.
fn handed_on(door: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for statement in door.split("pub use ").skip(1) {
        let Some((module, rest)) = statement.split(';').next().unwrap().split_once("::") else {
            continue;
        };
        names.extend(heads(rest).into_iter().map(|name| (name, module.to_owned())));
    }
    names
}

/// Where every `super::` and `crate::` of a file leads, as the path before the last word and the last words.
fn paths(module: &[String], code: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let mut found = Vec::new();
    for (start, base) in [("crate::", Vec::new()), ("super::", module.to_vec())] {
        for (at, _) in code.match_indices(start) {
            let is_first = !code[..at].ends_with([':', '_']) && !code[..at].ends_with("in ");
            let mut rest = &code[at..];
            let mut path = base.clone();
            while let Some(shorter) = rest.strip_prefix("super::") {
                path.pop();
                rest = shorter;
            }
            rest = rest.strip_prefix("crate::").unwrap_or(rest);
            while let Some((word, after)) = rest.split_once("::")
                && word.chars().all(|c| c.is_alphanumeric() || c == '_')
            {
                path.push(word.to_owned());
                rest = after;
            }
            if is_first {
                found.push((path, heads(rest)));
            }
        }
    }
    found
}

fn imports(room: &str) -> Imports {
    let files = files(room);
    let name = |module: &[String]| module.get(1).cloned().unwrap_or_default();
    let modules: BTreeSet<String> = files.iter().map(|(module, _)| name(module)).collect();
    let door = &files.last().unwrap().1;
    let handed_on = handed_on(door);
    let mut found = Imports::new();
    for (module, code) in &files {
        let from = name(module);
        let to = found.entry(from.clone()).or_default();
        for (path, words) in
            paths(module, code).into_iter().filter(|(p, _)| p.first().is_some_and(|r| r == room))
        {
            let meant = path.get(1).map_or(words, |second| vec![second.clone()]);
            to.extend(meant.into_iter().map(|word| match handed_on.get(&word) {
                _ if modules.contains(&word) => word,
                Some(module) => module.clone(),
                None => DOOR.to_owned(),
            }));
        }
    }
    let own: String = door.lines().filter(|line| !line.starts_with("pub use")).collect();
    let used = modules.iter().filter(|module| own.contains(&format!("{module}::")));
    found.entry(DOOR.to_owned()).or_default().extend(used.filter(|m| *m != DOOR).cloned());
    found.iter_mut().for_each(|(from, to)| _ = to.remove(from));
    found
}

/// What is left when all that imports nothing, or that nobody imports, is taken away again and again.
fn circle(mut imports: Imports) -> Vec<String> {
    loop {
        let wanted: BTreeSet<String> = imports.values().flatten().cloned().collect();
        let before = imports.len();
        imports.retain(|module, to| !to.is_empty() && wanted.contains(module));
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        imports.values_mut().for_each(|to| to.retain(|module| left.contains(module)));
        if imports.len() == before {
            let told = |(from, to): (String, BTreeSet<String>)| format!("`{from}` imports {to:?}");
            return imports.into_iter().map(told).collect();
        }
    }
}

#[test]
fn no_modules_of_a_room_import_each_other_in_a_circle() {
    let (mut wrong, mut mended) = (Vec::new(), Vec::new());
    for (room, _) in ARROWS {
        let circle = circle(imports(room));
        match (circle.is_empty(), NOT_YET.contains(room)) {
            (true, true) => mended.push(room),
            (false, false) => wrong.push(format!("in `{room}`:\n  {}", circle.join("\n  "))),
            _ => {}
        }
    }
    assert!(
        wrong.is_empty(),
        "modules that import each other (`` is the room's own file):\n{}",
        wrong.join("\n")
    );
    assert!(mended.is_empty(), "no circles any more: take {mended:?} off the list");
}

#[test]
fn a_circle_is_found_however_far_around_it_goes() {
    let edges = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("c", "e")];
    let mut imports = Imports::new();
    for (from, to) in edges {
        imports.entry(from.into()).or_default().insert(to.into());
    }
    assert_eq!(circle(imports.clone()).len(), 3);
    imports.get_mut("c").unwrap().remove("a");
    assert!(circle(imports).is_empty());
    let module = ["llm", "engines", "vllm"].map(str::to_owned);
    let found = paths(&module, "use super::super::{look::Look, Client};\n");
    assert_eq!(found, [(vec!["llm".to_owned()], vec!["look".to_owned(), "Client".to_owned()])]);
}
