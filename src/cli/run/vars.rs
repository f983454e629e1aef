//! Variables of the command line: `NAME=VALUE`, or `@FILE` with YAML. Later ones win.

use std::path::Path;

use crate::cli::compose::read_bounded;
use crate::cli::exit::Trouble;
use crate::config::lone_value;
use crate::fleet::{Value, Vars};
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
    Ok((name.trim().to_owned(), lone_value(&source)?))
}

fn file(path: &Path) -> Result<Vars, Trouble> {
    let bytes = read_bounded(path).map_err(|error| {
        Report::error(format!("cannot read `{}`", path.display())).cause(error.to_string())
    })?;
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
