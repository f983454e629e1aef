//! Colours of words on a terminal whose ground is not ours, where our pastels might not be read: the
//! terminal's own, with the meaning that hands trained on Ansible expect.

use super::Role;
use crate::text;

/// The parameters of the escape code of a word. `None` where it stays as it is.
pub fn word_code(role: Role) -> Option<&'static str> {
    match role {
        Role::Good => Some("32"),
        Role::Warn => Some("33"),
        Role::Bad => Some("31"),
        Role::Aside => Some("36"),
        Role::Label | Role::Faint => Some("2"),
        Role::Heading | Role::Selected => Some("1"),
        _ => None,
    }
}

/// The same for a piece of a report.
pub fn report_code(role: text::Role) -> Option<&'static str> {
    match role {
        text::Role::Error => Some("1;31"),
        text::Role::Warning => Some("1;33"),
        text::Role::Message => Some("1"),
        text::Role::Frame | text::Role::Note => Some("34"),
        text::Role::Help => Some("36"),
        text::Role::Code | text::Role::Text => None,
    }
}
