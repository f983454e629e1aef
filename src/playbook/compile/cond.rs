//! Conditions as shell functions: status 0 holds, 1 does not, 3 unknown because nothing was applied.

use super::program::Builder;
use super::valid::CompileError;
use crate::playbook::plan::{Cond, Subject, quote};

/// Defines function `name` for the condition on step `this`.
pub(super) fn write(
    out: &mut Builder,
    name: &str,
    cond: &Cond,
    this: usize,
) -> Result<(), CompileError> {
    let body = match cond {
        Cond::Const(true) => "true".to_owned(),
        Cond::Const(false) => "false".to_owned(),
        Cond::All(list) => format!("_all{}", parts(out, name, list, this)?),
        Cond::Any(list) => format!("_any{}", parts(out, name, list, this)?),
        Cond::Not(inner) => {
            format!("_not{}", parts(out, name, std::slice::from_ref(inner.as_ref()), this)?)
        }
        Cond::Changed(s) => format!("_did changed {}", step(*s, this)),
        Cond::Failed(s) => format!("_did failed {}", step(*s, this)),
        Cond::Skipped(s) => format!("_did skipped {}", step(*s, this)),
        Cond::Exit(s, code) => format!("_exited {} {code}", step(*s, this)),
        Cond::StdoutIs(s, text) => format!("_stdout_is {} {}", step(*s, this), quote(text)?),
        Cond::StdoutHas(s, text) => {
            format!("_output_has {} out {}", step(*s, this), quote(text)?)
        }
        Cond::StderrHas(s, text) => {
            format!("_output_has {} err {}", step(*s, this), quote(text)?)
        }
    };
    out.function(name, &body);
    Ok(())
}

fn step(subject: Subject, this: usize) -> usize {
    match subject {
        Subject::This => this,
        Subject::Step(index) => index.0 as usize,
    }
}

/// Defines a function for each part and returns their names as arguments.
fn parts(
    out: &mut Builder,
    name: &str,
    list: &[Cond],
    this: usize,
) -> Result<String, CompileError> {
    let mut names = String::new();
    for (n, part) in list.iter().enumerate() {
        let part_name = format!("{name}_{n}");
        write(out, &part_name, part, this)?;
        names.push(' ');
        names.push_str(&part_name);
    }
    Ok(names)
}
