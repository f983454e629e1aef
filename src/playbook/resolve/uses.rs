//! Whether anything in a playbook could ask for a variable of a name. Looks for the word, knows no host.

use crate::text::yaml::Node;

use super::super::model::{Action, Playbook, Step};
use super::super::resource::{Files, Kind};
use super::super::vars::template::is_template;
use super::sent::named;

/// Whether the name stands anywhere in the playbook or in a file that it sends. Where a file's name is known only for a host,
/// it might.
pub fn might_use(playbook: &Playbook, files: &dyn Files, name: &str) -> bool {
    let sent = |(kind, node): (Kind, &Node)| match node.scalar() {
        Some(scalar) if kind == Kind::ConsoleFile => {
            is_template(&scalar.text)
                || files
                    .read(&scalar.text)
                    .is_ok_and(|bytes| has_word(&String::from_utf8_lossy(&bytes), name))
        }
        _ => false,
    };
    let asks = |Step { action, .. }: &Step| match action {
        Action::Resource { resource, fields } => named(resource, fields).into_iter().any(sent),
        Action::Legs { .. } => false,
    };
    has_word(playbook.id.span.source().text(), name)
        || playbook.steps.iter().chain(&playbook.handlers).any(asks)
}

/// Whether a text holds that word.
pub fn has_word(text: &str, word: &str) -> bool {
    let within = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(within) && !text[at + word.len()..].starts_with(within)
    })
}
