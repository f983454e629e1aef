//! Variables of the command line: `NAME=VALUE`, or `@FILE` with YAML. Later ones win.

use std::path::Path;

use crate::cli::compose::{read_bounded, unreadable};
use crate::cli::exit::Trouble;
use crate::config::lone_value;
use crate::fleet::{Value, Vars};
use crate::playbook::ROOTS;
use crate::text::{Report, Source};

/// Reads them all.
pub fn read(given: &[String]) -> Result<Vars, Trouble> {
    let mut vars = Vars::new();
    for text in given {
        match text.strip_prefix('@') {
            Some(path) => vars.extend(file(Path::new(path))?),
            None => {
                let (name, value) = pair(text)?;
                vars.insert(name, value);
            }
        }
    }
    Ok(vars)
}

fn pair(text: &str) -> Result<(String, Value), Trouble> {
    let (name, value) = text.split_once('=').ok_or_else(|| {
        Report::error(format!("`{text}` sets no variable")).expected("`NAME=VALUE` or `@FILE`")
    })?;
    let source = Source::new("--extra-vars", value);
    Ok((named(name.trim())?, lone_value(&source)?))
}

/// A name that a template can call, and that is not taken.
fn named(name: &str) -> Result<String, Trouble> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() || !name.chars().all(plain)
    {
        return Err(Report::error(format!("`{name}` cannot name a variable"))
            .expected("letters, digits and `_`, not beginning with a digit")
            .into());
    }
    if ROOTS.contains(&name) {
        return Err(Report::error(format!("`{name}` is taken: it tells what is known")).into());
    }
    Ok(name.to_owned())
}

fn file(path: &Path) -> Result<Vars, Trouble> {
    let bytes = read_bounded(path).map_err(|error| unreadable(path, &error))?;
    let source = Source::from_bytes(path.display().to_string(), &bytes).map_err(|r| *r)?;
    match lone_value(&source)? {
        Value::Map(vars) => Ok(vars),
        Value::Null => Ok(Vars::new()),
        _ => Err(Report::error(format!("`{}` holds no variables", path.display()))
            .at(&source.whole())
            .expected("values by name")
            .into()),
    }
}
