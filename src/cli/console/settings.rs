//! What `shelter.yaml` sets about the console, checked: a key for two things is an error with its place.

use std::collections::HashMap;

use crate::config::ConsoleSettings;
use crate::text::{Report, Reports, Span, Spanned};
use crate::theme::Glyphs;
use crate::ui::keymap::{KeyError, Keymap, TABLE};
use crate::ui::news::{News, Set};
use crate::ui::widget::Effects;

/// What was set, for the console to take in.
pub fn set(set: &ConsoleSettings) -> Result<News, Reports> {
    let glyphs = if set.ascii { Glyphs::Ascii } else { Glyphs::Fine };
    let effects = match set.effects {
        None => Effects::Auto,
        Some(true) => Effects::On,
        Some(false) => Effects::Off,
    };
    let (keymap, mouse, read_only) = (keymap(set)?, set.mouse, set.read_only);
    Ok(News::Set(Box::new(Set { keymap, mouse, read_only, glyphs, effects })))
}

/// The keys that were set.
fn keymap(set: &ConsoleSettings) -> Result<Keymap, Reports> {
    let mut keys: HashMap<String, Vec<String>> = HashMap::new();
    for (name, of_it) in &set.keys {
        keys.insert(name.value.clone(), of_it.iter().map(|key| key.value.clone()).collect());
    }
    Keymap::with(&keys).map_err(|wrong| {
        let mut reports = Reports::new();
        wrong.iter().for_each(|error| reports.push(report(error, set)));
        reports
    })
}

fn report(error: &KeyError, set: &ConsoleSettings) -> Report {
    let report = Report::error(error.to_string());
    let (report, place) = match error {
        KeyError::NoAction(name) => {
            let known = TABLE.iter().map(|entry| entry.name);
            (report.nearest(name, known), of_name(name, set))
        }
        KeyError::NoKey(key) => (
            report.expected("a letter, or a name such as `enter`, `f5`, `ctrl-l`"),
            of_key(key, set),
        ),
        KeyError::Twice { key, one, other } => {
            let help = format!("set other keys for `{one}` or `{other}`");
            (report.help(help), of_key(key, set))
        }
    };
    match place {
        Some(span) => report.at(&span),
        None => report,
    }
}

fn of_name(name: &str, set: &ConsoleSettings) -> Option<Span> {
    let found = set.keys.iter().find(|(known, _)| known.value == name);
    found.map(|(known, _)| known.span.clone())
}

fn of_key(key: &str, set: &ConsoleSettings) -> Option<Span> {
    let mut all = set.keys.iter().flat_map(|(_, keys)| keys);
    all.rfind(|known: &&Spanned<String>| known.value == key).map(|known| known.span.clone())
}
