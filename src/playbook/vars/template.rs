//! Text with `{{ }}`, rendered strictly: what is undefined or unknown is an error. Reads no file, knows no host.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use super::super::plan::quote;

/// For what a template is rendered, which decides how a value is written into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Into {
    /// Text of any kind: values are written as they are.
    Text,
    /// A shell script: every value becomes one quoted word, a list several.
    Shell,
}

/// What is wrong with a template or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In a line.
    pub message: String,
    /// The part of the text it is about.
    pub part: Option<Range<usize>>,
    /// The dotted name that is not defined, if that is the trouble.
    pub unknown: Option<String>,
}

static TEXT: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Into::Text));
static SHELL: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Into::Shell));

/// Whether a dotted name is the loop's item, or in it.
pub fn is_item(name: &str) -> bool {
    name == "item" || name.starts_with("item.")
}

/// Whether the text holds anything to be rendered.
pub fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// The rendered text.
pub fn render(text: &str, into: Into, context: &Value) -> Result<String, Trouble> {
    let environment = match into {
        Into::Text => &TEXT,
        Into::Shell => &SHELL,
    };
    let template = environment.template_from_str(text).map_err(|e| trouble(text, &e))?;
    template.render(context.clone()).map_err(|e| trouble(text, &e))
}

/// The value of an expression.
pub fn evaluate(expression: &str, context: &Value) -> Result<Value, Trouble> {
    let compiled = TEXT.compile_expression(expression).map_err(|e| trouble(expression, &e))?;
    let value = compiled.eval(context.clone()).map_err(|e| trouble(expression, &e))?;
    if value.is_undefined() {
        return Err(undefined(expression.trim(), 0..expression.len()));
    }
    Ok(value)
}

/// The dotted names a template uses and does not define itself.
pub fn names_in_template(text: &str) -> Result<BTreeSet<String>, Trouble> {
    let template = TEXT.template_from_str(text).map_err(|e| trouble(text, &e))?;
    Ok(foreign(template.undeclared_variables(true)))
}

/// The dotted names an expression uses.
pub fn names_in_expression(text: &str) -> Result<BTreeSet<String>, Trouble> {
    let expression = TEXT.compile_expression(text).map_err(|e| trouble(text, &e))?;
    Ok(foreign(expression.undeclared_variables(true)))
}

/// The expression of a text that is nothing but one `{{ }}`, whose value then keeps its type.
pub fn sole_expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inner.contains("{{") && !inner.contains("}}")).then_some(inner)
}

/// Where `name` is used in a template or an expression.
pub fn place_of(name: &str, text: &str) -> Option<Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).map(|(at, _)| at..at + name.len()).find(|range| {
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        let alone = !before.is_some_and(|c| is_word(c) || c == '.') && !after.is_some_and(is_word);
        alone && (!is_template(text) || in_braces(text, range.start))
    })
}

/// Whether the template says itself what to do where `name` is not defined.
pub fn is_excused(name: &str, text: &str) -> bool {
    let Some(place) = place_of(name, text) else { return false };
    let rest = text[place.end..].trim_start();
    let piped = rest.strip_prefix('|').map(str::trim_start);
    piped.is_some_and(|r| r.starts_with("default") || r.starts_with("d("))
        || WHETHER.iter().any(|test| rest.starts_with(test))
}

/// How a template asks whether something is defined.
const WHETHER: [&str; 3] = ["is defined", "is not defined", "is undefined"];

/// Whether all that the template does with `name` is asking whether it is defined.
pub fn is_only_asked_whether_defined(name: &str, text: &str) -> bool {
    let mut after = after_each(name, text).peekable();
    after.peek().is_some() && after.all(|rest| WHETHER.iter().any(|test| rest.starts_with(test)))
}

/// Whether the template asks anywhere whether `name` is defined, or says what stands for it.
pub fn is_guarded(name: &str, text: &str) -> bool {
    let piped = |rest: &str| {
        let filter = rest.strip_prefix('|').map(str::trim_start);
        filter.is_some_and(|filter| filter.starts_with("default") || filter.starts_with("d("))
    };
    after_each(name, text).any(|rest| rest.starts_with("is defined"))
        || after_each(name, text).all(piped)
}

/// What follows each use of a dotted name.
fn after_each<'t>(name: &'t str, text: &'t str) -> impl Iterator<Item = &'t str> {
    let in_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    text.match_indices(name).filter_map(move |(at, _)| {
        let (before, rest) = (&text[..at], &text[at + name.len()..]);
        let whole = !before.ends_with(in_name) && !rest.starts_with(in_name);
        whole.then(|| rest.trim_start())
    })
}

fn in_braces(text: &str, at: usize) -> bool {
    let last = |what: [&str; 2]| what.iter().filter_map(|w| text[..at].rfind(w)).max();
    match (last(["{{", "{%"]), last(["}}", "%}"])) {
        (Some(open), Some(close)) => open > close,
        (open, _) => open.is_some(),
    }
}

fn foreign(names: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    let known: BTreeSet<&str> = TEXT.globals().map(|(name, _)| name).collect();
    let root = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    names.into_iter().filter(|name| !known.contains(root(name).as_str())).collect()
}

/// A value as JSON on one line. Ours, for minijinja's own is marked as fit for being written as it is.
fn to_json(value: Value) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    serde_json::to_string(&value)
        .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

/// The value as any text would have it, in no quotes.
fn raw(value: Value) -> Result<Value, Error> {
    known(&value).map(Value::from_safe_string)
}

/// What stands for a value that is not defined, or, as a fact may be, not known; with `lax`, for one that is empty or false, too.
fn default(value: Value, other: Option<Value>, lax: Option<bool>) -> Value {
    let lacking = value.is_undefined() || value.is_none();
    match lacking || lax == Some(true) && !value.is_true() {
        true => other.unwrap_or_else(|| Value::from("")),
        false => value,
    }
}

fn environment(into: Into) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    if let Ok(syntax) =
        SyntaxConfig::builder().keep_trailing_newline(true).trim_blocks(true).build()
    {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_filter("raw", raw);
    environment.add_filter("tojson", to_json);
    environment.add_filter("default", default);
    environment.add_filter("d", default);

    for (unit, bytes) in
        [("KiB", 1_u64 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)]
    {
        environment.add_global(unit, bytes);
    }
    match into {
        Into::Text => environment.set_formatter(write_text),
        Into::Shell => environment.set_formatter(write_words),
    }
    environment
}

fn write_text(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    Ok(out.write_str(&known(value)?)?)
}

fn write_words(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_safe() {
        return Ok(out.write_str(&value.to_string())?);
    }
    if value.kind() != ValueKind::Seq {
        return Ok(out.write_str(&word(&known(value)?)?)?);
    }
    for (at, item) in value.try_iter()?.enumerate() {
        let gap = if at > 0 { " " } else { "" };
        out.write_str(gap)?;
        out.write_str(&word(&known(&item)?)?)?;
    }
    Ok(())
}

/// The value as one shell word, in quotes only where it needs them.
fn word(text: &str) -> Result<String, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_/.:=@%+,-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    quote(text).map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string()))
}

/// The value as YAML and JSON write it; nothing cannot be written.
fn known(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => Err(Error::new(ErrorKind::InvalidOperation, "nothing is known of it")),
        ValueKind::Bool => Ok(value.is_true().to_string()),
        ValueKind::Seq | ValueKind::Map => serde_json::to_string(value)
            .map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string())),
        _ => Ok(value.to_string()),
    }
}

fn trouble(text: &str, error: &Error) -> Trouble {
    let detail = error.detail().unwrap_or_default();
    let part = error.range().filter(|r| text.get(r.clone()).is_some_and(|t| !t.is_empty()));
    if error.kind() == ErrorKind::UndefinedError
        && let Some(name) = detail.split('`').nth(1)
    {
        return undefined(name, place_of(name, text).or(part).unwrap_or(0..text.len()));
    }
    let shown = part.clone().map_or("", |r| text[r].trim());
    let message = match error.kind() {
        ErrorKind::SyntaxError => format!("malformed template: {detail}"),
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            detail.to_owned()
        }
        _ if shown.is_empty() => format!("{}: {detail}", error.kind()),
        _ => format!("`{shown}`: {detail}"),
    };
    Trouble { message, part, unknown: None }
}

fn undefined(name: &str, part: Range<usize>) -> Trouble {
    let message = format!("`{name}` is not defined");
    Trouble { message, part: Some(part), unknown: Some(name.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn given() -> Value {
        context!(dir => "/a b", none => (), list => vec!["x", "-y z"], n => 3, on => true)
    }

    #[test]
    fn a_script_gets_every_value_as_quoted_words() {
        let text = "cd {{ dir }}/b && run {{ list }} {{ n }} {{ 'a|b' | raw }}\n";
        assert_eq!(
            render(text, Into::Shell, &given()).unwrap(),
            "cd '/a b'/b && run x '-y z' 3 a|b\n"
        );
    }

    #[test]
    fn what_is_put_in_as_it_is_is_written_like_any_value() {
        let raw = |text| render(text, Into::Shell, &given());
        assert_eq!(raw("{{ on | raw }} {{ n | raw }}").unwrap(), "true 3");
        assert_eq!(raw("{{ list | raw }}").unwrap(), "[\"x\",\"-y z\"]");
        assert!(raw("{{ none | raw }}").is_err());
        assert_eq!(raw("{{ none | default('none') }}").unwrap(), "none");
    }

    #[test]
    fn what_is_undefined_or_unknown_is_an_error_with_its_place() {
        let fails = |text: &str| {
            let t = render(text, Into::Text, &given()).unwrap_err();
            (t.message, t.part.map(|r| text[r].to_owned()))
        };
        assert_eq!(fails("{{ dri }}"), ("`dri` is not defined".into(), Some("dri".into())));
        let none = ("`none`: nothing is known of it".to_owned(), Some("none".to_owned()));
        assert_eq!(fails("x {{ none }}"), none);
        assert!(fails("{{ 1 + }}").0.starts_with("malformed template"));
    }

    #[test]
    fn names_are_found_where_they_are_used() {
        assert_eq!(place_of("dir", "dir is {{ subdir ~ dir }}"), Some(19..22));
        assert_eq!(place_of("a.b", "a.bc == a.b"), Some(8..11));
        assert!(is_excused("port", "{{ port | default(80) }}"));
        assert!(!is_excused("port", "{{ port }}"));
    }

    #[test]
    fn values_are_written_as_yaml_writes_them() {
        assert_eq!(
            render("{{ on }} {{ list }}\n", Into::Text, &given()).unwrap(),
            "true [\"x\",\"-y z\"]\n"
        );
    }
}
