//! The variables one template can see: facts, host, fleet and what was set, the later layer over the earlier. Reads nothing.

pub mod condition;
pub mod template;

use std::cell::RefCell;
use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;

use crate::fleet;
use crate::text::yaml::{Data, Entry, Node, Resolved};
use crate::text::{Report, Span};

use self::template::{Into, Trouble};
use super::plan::Payload;

/// Names that every template knows and no variable may take.
pub const ROOTS: [&str; 5] = ["facts", "host", "fleet", "item", "secret"];

/// The variables that are set before any playbook is read, each with its value and a sentence on it.
pub const BUILT_IN: [(&str, &str, &str); 2] = [
    ("shelter", "{{ facts.home }}/.mountain_shelter", "the folder of Mountain Shelter on the host"),
    ("shelter_version", env!("CARGO_PKG_VERSION"), "the version of this program"),
];

/// Variables by name, and what they stand on.
pub struct Scope<'a> {
    roots: BTreeMap<&'static str, Value>,
    secrets: Value,
    set: BTreeMap<&'a str, Set<'a>>,
    done: RefCell<BTreeMap<String, Result<Value, Fault>>>,
    open: RefCell<Vec<String>>,
}

/// A variable as it was set.
#[derive(Clone, Copy)]
enum Set<'a> {
    BuiltIn(&'a str),
    Playbook(&'a Entry),
    Given(&'a fleet::Value),
}

/// Why something could not be rendered, and where the variable that is to blame was set.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub trouble: Trouble,
    /// The template in which it went wrong, if that is not the one that was rendered.
    pub within: Option<Box<(Span, String)>>,
}

impl<'a> Scope<'a> {
    /// What is known when a playbook runs: its variables, then those of the host, then those of the command line.
    pub fn new(
        playbook: &'a [Entry],
        host: &'a fleet::Vars,
        command_line: &'a fleet::Vars,
    ) -> Self {
        let mut set: BTreeMap<&str, Set<'a>> = BTreeMap::new();
        set.extend(BUILT_IN.iter().map(|(name, value, _)| (*name, Set::BuiltIn(value))));
        set.extend(playbook.iter().map(|entry| (&*entry.key, Set::Playbook(entry))));
        for vars in [host, command_line] {
            set.extend(vars.iter().map(|(name, value)| (name.as_str(), Set::Given(value))));
        }
        let (roots, secrets) = (BTreeMap::new(), Value::from(()));
        Self { roots, secrets, set, done: RefCell::default(), open: RefCell::default() }
    }

    /// Adds one of [`ROOTS`].
    #[must_use]
    pub fn with(mut self, root: &'static str, value: Value) -> Self {
        self.roots.insert(root, value);
        self
    }

    /// Adds the secrets, which only contents may hold.
    #[must_use]
    pub fn with_secrets(mut self, secrets: &fleet::Secrets) -> Self {
        let pairs = secrets.iter().map(|(name, secret)| (name.clone(), secret.reveal().to_owned()));
        self.secrets = pairs.collect::<BTreeMap<String, String>>().into();
        self
    }

    /// The same, as one item of a loop sees it.
    pub fn for_item(&mut self, item: Option<Value>) {
        self.roots.remove("item");
        if let Some(item) = item {
            self.roots.insert("item", item);
        }
    }

    /// Where a variable was set: in the playbook, or, as an error, elsewhere.
    pub fn set_at<'n>(&self, name: &'n str) -> Option<Result<(&'n str, &'a Span), &'n str>> {
        let name = name.split('.').next()?;
        match self.set.get(name)? {
            Set::BuiltIn(_) => None,
            Set::Playbook(entry) => Some(Ok((name, &entry.value.span))),
            Set::Given(_) => Some(Err(name)),
        }
    }

    /// Every name that can be used here.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.roots.keys().copied().chain(self.set.keys().copied())
    }

    /// A text, rendered if it is a template.
    pub fn text(&self, text: &str, into: Into) -> Result<String, Fault> {
        if !template::is_template(text) {
            return Ok(text.to_owned());
        }
        let names = template::names_in_template(text)?;
        let (context, missing) = self.context(names);
        template::render(text, into, &context).map_err(|trouble| blame(trouble, missing))
    }

    /// A text that may hold secrets, rendered.
    pub fn content(&self, text: &str) -> Result<Payload, Fault> {
        let names = template::names_in_template(text)?;
        if !names.iter().any(|name| is_secret(name)) {
            return Ok(Payload::Plain(self.text(text, Into::Text)?.into_bytes().into()));
        }
        let holds = names.iter().any(|name| self.holds(name));
        let (mut known, missing) = self.known(names);
        known.insert("secret".into(), self.secrets.clone());
        let rendered = template::render(text, Into::Text, &Value::from(known));
        let rendered = rendered.map_err(|trouble| blame(trouble, missing))?;
        Ok(match holds {
            true => Payload::Secret(fleet::Secret::new(rendered)),
            false => Payload::Plain(rendered.into_bytes().into()),
        })
    }

    /// Whether the name stands for a secret that was given, or for all of them.
    fn holds(&self, name: &str) -> bool {
        match name.split_once('.') {
            Some(("secret", name)) => self.given().any(|given| given == name),
            _ => name == "secret",
        }
    }

    /// The names of the secrets that were given.
    fn given(&self) -> impl Iterator<Item = String> {
        let names = self.secrets.try_iter().into_iter().flatten();
        names.filter_map(|name| name.as_str().map(str::to_owned))
    }

    /// The value of an expression.
    pub fn expression(&self, text: &str) -> Result<Value, Fault> {
        let names = template::names_in_expression(text)?;
        let (context, missing) = self.context(names);
        template::evaluate(text, &context).map_err(|trouble| blame(trouble, missing))
    }

    /// A YAML value with everything in it rendered; a text that is one `{{ }}` keeps its value's type.
    pub fn value(&self, node: &Node) -> Result<Value, Fault> {
        let inner = |fault: Fault| fault.or_within(node);
        match &node.data {
            Data::Null | Data::Broken => Ok(Value::from(())),
            Data::List(nodes) => nodes.iter().map(|n| self.value(n)).collect(),
            Data::Map(entries) => {
                let pair = |e: &Entry| Ok((e.key.to_string(), self.value(&e.value)?));
                let map: Result<BTreeMap<String, Value>, Fault> =
                    entries.iter().map(pair).collect();
                Ok(Value::from(map?))
            }
            Data::Scalar(scalar) if template::is_template(&scalar.text) => {
                self.typed(&scalar.text).map_err(inner)
            }
            Data::Scalar(scalar) => Ok(match scalar.resolve() {
                Resolved::Null => Value::from(()),
                Resolved::Bool(value) => Value::from(value),
                Resolved::Int(value) => Value::from(value),
                Resolved::Float(value) => Value::from(value),
                Resolved::NoNumber | Resolved::Text(_) => Value::from(&*scalar.text),
            }),
        }
    }

    fn typed(&self, text: &str) -> Result<Value, Fault> {
        match template::sole_expression(text) {
            Some(expression) => self.expression(expression),
            None => self.text(text, Into::Text).map(Value::from),
        }
    }

    /// Values for the names used, and the faults of those that have none.
    fn context(&self, names: impl IntoIterator<Item = String>) -> (Value, Vec<Fault>) {
        let (known, missing) = self.known(names);
        (Value::from(known), missing)
    }

    fn known(
        &self,
        names: impl IntoIterator<Item = String>,
    ) -> (BTreeMap<String, Value>, Vec<Fault>) {
        let mut known: BTreeMap<String, Value> = BTreeMap::new();
        let mut missing = Vec::new();
        for name in names {
            let root = name.split('.').next().unwrap_or_default();
            if is_secret(root) {
                // Whether it was given may be asked anywhere; what it is cannot be written.
                let shadows = self.given().map(|name| (name, Value::from(())));
                known.insert(root.to_owned(), shadows.collect::<BTreeMap<_, _>>().into());
                missing.push(misplaced().into());
                continue;
            }
            if let Some(value) = self.roots.get(root) {
                known.insert(root.to_owned(), value.clone());
                continue;
            }
            match self.variable(root) {
                Some(Ok(value)) => drop(known.insert(root.to_owned(), value)),
                Some(Err(fault)) => missing.push(fault),
                None => {}
            }
        }
        (known, missing)
    }

    fn variable(&self, name: &str) -> Option<Result<Value, Fault>> {
        let set = *self.set.get(name)?;
        if let Some(done) = self.done.borrow().get(name) {
            return Some(done.clone());
        }
        if self.open.borrow().iter().any(|open| open == name) {
            let ring = self.open.borrow().join("`, `");
            let message = format!("`{name}` is defined by itself: `{ring}`");
            return Some(Err(Trouble { message, part: None, unknown: None }.into()));
        }
        self.open.borrow_mut().push(name.to_owned());
        let value = match set {
            Set::BuiltIn(text) => self.typed_or_plain(text),
            Set::Playbook(entry) => self.value(&entry.value),
            Set::Given(value) => self.set_outside(value),
        };
        self.open.borrow_mut().pop();
        self.done.borrow_mut().insert(name.to_owned(), value.clone());
        Some(value)
    }

    fn set_outside(&self, value: &fleet::Value) -> Result<Value, Fault> {
        match value {
            fleet::Value::Text(text) => self.typed_or_plain(text),
            fleet::Value::List(items) => items.iter().map(|item| self.set_outside(item)).collect(),
            fleet::Value::Map(map) => {
                let pair = |(k, v): (&String, &fleet::Value)| Ok((k.clone(), self.set_outside(v)?));
                let map: Result<BTreeMap<String, Value>, Fault> = map.iter().map(pair).collect();
                Ok(Value::from(map?))
            }
            plain => Ok(Value::from(Serde(plain.clone()))),
        }
    }

    fn typed_or_plain(&self, text: &str) -> Result<Value, Fault> {
        if template::is_template(text) { self.typed(text) } else { Ok(Value::from(text)) }
    }
}

impl Fault {
    /// Blames the variable's own text, unless a deeper one is already to blame.
    fn or_within(mut self, node: &Node) -> Self {
        if let (None, Some(scalar)) = (&self.within, node.scalar()) {
            self.within = Some(Box::new((node.span.clone(), scalar.text.to_string())));
        }
        self
    }

    /// As a report on the template `text`, which stands at `span`.
    pub fn report<'n>(
        &self,
        span: &Span,
        text: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Report {
        let trouble = &self.trouble;
        let report = match self.within.as_deref() {
            Some((set, source)) if set != span => Report::error(&trouble.message)
                .at(&locate(set, source, trouble.part.clone()))
                .also(span, "needed here"),
            _ => Report::error(&trouble.message).at(&locate(span, text, trouble.part.clone())),
        };
        match &trouble.unknown {
            Some(name) => report.nearest(name, names),
            None => report,
        }
    }
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, within: None }
    }
}

/// Whether a dotted name is that of a secret.
fn is_secret(name: &str) -> bool {
    name == "secret" || name.starts_with("secret.")
}

fn misplaced() -> Trouble {
    let message = "a secret cannot be used here".to_owned();
    Trouble { message, part: None, unknown: None }
}

/// The trouble at hand, or that of the variable which could not be had.
fn blame(trouble: Trouble, missing: Vec<Fault>) -> Fault {
    let of_a_secret = trouble.message.starts_with("`secret");
    match missing.into_iter().next() {
        Some(fault) if trouble.unknown.is_some() || of_a_secret => fault,
        _ => trouble.into(),
    }
}

/// The part of a YAML value's source that became `part` of its text.
pub fn locate(span: &Span, text: &str, part: Option<std::ops::Range<usize>>) -> Span {
    let Some(part) = part.filter(|p| text.get(p.clone()).is_some_and(|t| !t.trim().is_empty()))
    else {
        return span.clone();
    };
    let wanted = &text[part.clone()];
    let before = text[..part.start].matches(wanted).count();
    match span.text().match_indices(wanted).nth(before) {
        Some((at, _)) => span.part(at..at + wanted.len()),
        None => span.clone(),
    }
}
