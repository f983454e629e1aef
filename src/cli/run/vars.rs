//! Variables of the command line: `NAME=VALUE`, taken as it is written, or `@FILE` with YAML. Later ones win.

use std::path::Path;

use crate::cli::exit::Trouble;
use crate::cli::files::{read_bounded, unreadable};
use crate::cli::library::Shelved;
use crate::config::lone_value;
use crate::fleet::{Host, Value, Vars};
use crate::playbook::ROOTS;
use crate::playbook::resolve::{has_word, might_use};
use crate::text::{Report, Reports, Source};

use crate::cli::beside::Beside;

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
    Ok((named(name.trim())?, literal(value)))
}

/// The value as it is written: a text, but for `true`, `false`, a whole number written plainly, and a list of such in brackets.
fn literal(text: &str) -> Value {
    let listed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match (text, text.parse::<i64>(), listed) {
        ("true" | "false", ..) => Value::Bool(text == "true"),
        (_, Ok(number), _) if number.to_string() == text => Value::Int(number),
        (.., Some(inner)) if inner.trim().is_empty() => Value::List(Vec::new()),
        (.., Some(inner)) => {
            Value::List(inner.split(',').map(|item| literal(item.trim())).collect())
        }
        _ => Value::Text(text.to_owned()),
    }
}

/// Warnings on names given by themselves that nothing here could ask for.
pub fn unasked(given: &[String], shelved: &[Shelved], hosts: &[Host]) -> Reports {
    let mut reports = Reports::new();
    let inventory: String = hosts.iter().map(|host| format!("{:?}\n", host.vars)).collect();
    let files: Vec<Beside> = shelved.iter().map(|one| Beside::new(one.dir.clone())).collect();
    let asked = |name: &str| {
        let mut books = shelved.iter().zip(&files);
        has_word(&inventory, name)
            || books.any(|(one, files)| might_use(&one.playbook, files, name))
    };
    let names = given.iter().filter(|text| !text.starts_with('@'));
    let names = names.filter_map(|text| Some(text.split_once('=')?.0.trim()));
    for name in names.filter(|name| !asked(name)) {
        let known = shelved.iter().flat_map(|one| &one.playbook.vars).map(|entry| &*entry.key);
        let report = Report::warning(format!("no playbook here uses the variable `{name}`"));
        reports.push(report.nearest(name, known));
    }
    reports
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_was_typed() {
        for text in [
            "1.10",
            "a #c",
            "0x10",
            "a\nb",
            " lead",
            "key: v",
            "1e3",
            "@foo",
            "[a",
            "007",
            "-0",
            "+1",
            "null",
            "~",
            "",
            "yes",
            "True",
            "{a: 1}",
            "99999999999999999999",
        ] {
            assert_eq!(literal(text), Value::Text(text.to_owned()), "{text}");
        }
        assert_eq!(literal("true"), Value::Bool(true));
        assert_eq!(literal("-12"), Value::Int(-12));
        let listed = ["a", "-DX=1.10"].map(|text| Value::Text(text.to_owned()));
        assert_eq!(literal("[a, -DX=1.10]"), Value::List(listed.to_vec()));
        assert_eq!(literal("[]"), Value::List(Vec::new()));
    }
}
