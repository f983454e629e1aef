//! The `console:` of a `shelter.yaml`: how the console is to be. What its keys mean is not known here.

use crate::text::yaml::{Data, Entry, Node};
use crate::text::{Fields, Reports, Spanned};

/// What a user has set about the console.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsoleSettings {
    /// Keys by the name of what they do.
    pub keys: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// Whether the mouse is the console's. `None`: nobody said.
    pub mouse: Option<bool>,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Whether there are no signs but those of ASCII.
    pub ascii: bool,
    /// Whether rays and grain are shown. `None`: where they are worth their bytes.
    pub effects: Option<bool>,
}

/// What is set about the console.
pub(super) fn console(node: Option<&Node>, reports: &mut Reports) -> ConsoleSettings {
    let fields = node.and_then(|node| Fields::of(node, "the console's settings", reports));
    let Some(mut fields) = fields else { return ConsoleSettings::default() };
    let keys = match fields.node("keys") {
        Some(node) => keys(node, fields.reports()),
        None => Vec::new(),
    };
    let mouse = fields.flag("mouse").map(|flag| flag.value);
    let read_only = fields.flag("read_only").is_some_and(|flag| flag.value);
    let ascii = fields.choice("glyphs", &[("fine", false), ("ascii", true)]);
    let ascii = ascii.is_some_and(|ascii| ascii.value);
    let effects =
        fields.choice("effects", &[("auto", None), ("on", Some(true)), ("off", Some(false))]);
    let effects = effects.and_then(|effects| effects.value);
    fields.finish();
    ConsoleSettings { keys, mouse, read_only, ascii, effects }
}

/// Actions by name, each with a key or a list of keys.
fn keys(node: &Node, reports: &mut Reports) -> Vec<(Spanned<String>, Vec<Spanned<String>>)> {
    let Data::Map(entries) = &node.data else {
        node.refuse("keys by the name of what they do", reports);
        return Vec::new();
    };
    entries.iter().map(|entry| (name(entry), of(&entry.value, reports))).collect()
}

fn name(entry: &Entry) -> Spanned<String> {
    Spanned { value: entry.key.to_string(), span: entry.key_span.clone() }
}

fn of(value: &Node, reports: &mut Reports) -> Vec<Spanned<String>> {
    let nodes = match &value.data {
        Data::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let mut keys = Vec::new();
    for node in nodes {
        match node.scalar() {
            Some(key) => {
                keys.push(Spanned { value: key.text.to_string(), span: node.span.clone() });
            }
            None => node.refuse("a key, or a list of keys", reports),
        }
    }
    keys
}
