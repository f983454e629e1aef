//! Keys and what they do: the defaults, what `shelter.yaml` sets otherwise, and no key twice.

mod key;
mod table;

use std::collections::HashMap;

pub use key::Key;
pub use table::{Binding, Part, TABLE};

use super::action::Action;

/// Which key does what.
#[derive(Clone, Debug)]
pub struct Keymap {
    keys: Vec<(Key, Action)>,
}

/// What is wrong with keys that were set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no such key.
    #[error("`{0}` is no key")]
    NoKey(String),
    /// There is nothing of that name to do.
    #[error("there is no action `{0}`")]
    NoAction(String),
    /// One key for two things.
    #[error("`{key}` would be both `{one}` and `{other}`")]
    Twice {
        /// The key.
        key: String,
        /// What it does.
        one: &'static str,
        /// What it would do as well.
        other: &'static str,
    },
}

impl Default for Keymap {
    fn default() -> Self {
        Self::with(&HashMap::new()).unwrap_or_else(|_| Self { keys: Vec::new() })
    }
}

impl Keymap {
    /// The table with other keys for some of its names. All that is wrong is told at once.
    pub fn with(set: &HashMap<String, Vec<String>>) -> Result<Self, Vec<KeyError>> {
        let unknown = set.keys().filter(|name| !TABLE.iter().any(|entry| entry.name == **name));
        let mut wrong: Vec<KeyError> =
            unknown.map(|name| KeyError::NoAction(name.clone())).collect();
        let mut taken: HashMap<Key, &'static str> = HashMap::new();
        let mut keys = Vec::new();
        for entry in &TABLE {
            for text in keys_of(entry, set) {
                let Some(key) = Key::parse(&text) else {
                    wrong.push(KeyError::NoKey(text));
                    continue;
                };
                match taken.insert(key, entry.name) {
                    Some(one) => {
                        wrong.push(KeyError::Twice { key: text, one, other: entry.name });
                    }
                    None => keys.push((key, entry.action)),
                }
            }
        }
        if wrong.is_empty() { Ok(Self { keys }) } else { Err(wrong) }
    }

    /// What a key does.
    pub fn action(&self, key: Key) -> Option<Action> {
        self.keys.iter().find(|(known, _)| *known == key).map(|(_, action)| *action)
    }

    /// The keys for something, as they are written; the first is the one to show.
    pub fn keys(&self, action: Action) -> Vec<String> {
        let for_it = self.keys.iter().filter(|(_, known)| *known == action);
        for_it.map(|(key, _)| key.to_string()).collect()
    }
}

fn keys_of(entry: &Binding, set: &HashMap<String, Vec<String>>) -> Vec<String> {
    match set.get(entry.name) {
        Some(keys) => keys.clone(),
        None => entry.keys.iter().map(|key| (*key).to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, keys: &[&str]) -> HashMap<String, Vec<String>> {
        [(name.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())].into()
    }

    #[test]
    fn the_table_has_no_key_and_no_name_twice() {
        assert_eq!(Keymap::with(&HashMap::new()).err(), None);
        for (at, entry) in TABLE.iter().enumerate() {
            let same = TABLE.iter().skip(at + 1).find(|other| other.name == entry.name);
            assert!(same.is_none(), "{} stands there twice", entry.name);
        }
    }

    #[test]
    fn other_keys_take_the_place_of_the_defaults() {
        let keymap = Keymap::with(&set("run", &["f5"])).unwrap();
        assert_eq!(keymap.keys(Action::Run), ["f5"]);
        assert_eq!(keymap.action(Key::parse("r").unwrap()), None);
    }

    #[test]
    fn a_conflict_names_the_key_and_both_sides() {
        let wrong = Keymap::with(&set("run", &["q"])).unwrap_err();
        assert_eq!(wrong[0].to_string(), "`q` would be both `back` and `run`");
        let wrong = Keymap::with(&set("rum", &["r"])).unwrap_err();
        assert_eq!(wrong[0].to_string(), "there is no action `rum`");
        let wrong = Keymap::with(&set("run", &["hyper-x"])).unwrap_err();
        assert_eq!(wrong[0].to_string(), "`hyper-x` is no key");
    }
}
