//! Questions that only a person can answer, in the words of the console. Knows nobody who asks.

use crate::reach::Secret;

/// A question that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Which one.
    pub id: u64,
    /// What it is about.
    pub title: String,
    /// What has to be known to answer it.
    pub lines: Vec<String>,
    /// What is asked for; empty where the answer is yes or no.
    pub fields: Vec<Field>,
}

/// Something to be typed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What.
    pub label: String,
    /// Whether it may be seen while it is typed.
    pub visible: bool,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What was typed, one for each field.
    Typed(Vec<Secret>),
    /// Yes.
    Yes,
    /// No, or nothing was said.
    No,
}
