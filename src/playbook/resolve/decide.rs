//! Conditions for one host: what facts and variables say is decided here, the rest is left to the host.

use crate::text::{Report, Span, Spanned};

use super::super::plan::{Cond, Subject};
use super::super::vars::condition::{self, Test, Tree};
use super::super::vars::template::sole_expression;
use super::super::vars::{Fault, locate};
use super::Resolver;

/// Whose outcomes a condition may ask about.
#[derive(Clone, Copy)]
pub struct Ask<'s> {
    /// How many of the playbook's steps have run before.
    pub before: usize,
    /// The name by which it may ask of the step itself, beside `this`.
    pub own: Option<&'s str>,
    /// Whether it may ask of the step itself.
    pub this: bool,
}

impl Resolver<'_> {
    /// The condition, with all that is known folded in.
    pub fn condition(&mut self, written: &Spanned<String>, ask: Ask<'_>) -> Option<Cond> {
        let text = sole_expression(&written.value).unwrap_or(&written.value);
        let cond = self.taken_apart(text, ask);
        cond.map_err(|fault| {
            let report = fault.report(&written.span, text, self.scope.names());
            self.reports.push(report);
        })
        .ok()
    }

    fn taken_apart(&self, text: &str, ask: Ask<'_>) -> Result<Cond, Fault> {
        let mut outcomes: Vec<&str> = self.registered(ask.before).map(|(name, _)| name).collect();
        if ask.this {
            outcomes.push("this");
            outcomes.extend(ask.own);
        }
        self.fold(text, &condition::parse(text, &outcomes)?, ask)
    }

    /// The names of outcomes, and the steps they are of.
    pub(super) fn registered(&self, before: usize) -> impl Iterator<Item = (&str, usize)> {
        let steps = self.playbook.steps.iter().enumerate().take(before);
        steps.filter_map(|(at, step)| Some((step.register.as_ref()?.value.as_str(), at)))
    }

    fn fold(&self, text: &str, tree: &Tree, ask: Ask<'_>) -> Result<Cond, Fault> {
        let all = |parts: &[Tree]| -> Result<Vec<Cond>, Fault> {
            parts.iter().map(|part| self.fold(text, part, ask)).collect()
        };
        Ok(match tree {
            Tree::Known(range) => Cond::Const(self.truth(&text[range.clone()])?),
            Tree::Not(inner) => match self.fold(text, inner, ask)? {
                Cond::Const(value) => Cond::Const(!value),
                cond => Cond::Not(Box::new(cond)),
            },
            Tree::All(parts) => joined(all(parts)?, true),
            Tree::Any(parts) => joined(all(parts)?, false),
            Tree::Outcome(name, test) => self.outcome(text, name, test, ask)?,
        })
    }

    fn truth(&self, expression: &str) -> Result<bool, Fault> {
        self.scope.expression(expression).map(|value| value.is_true())
    }

    fn outcome(&self, text: &str, name: &str, test: &Test, ask: Ask<'_>) -> Result<Cond, Fault> {
        let this = ask.this && (name == "this" || ask.own == Some(name));
        let subject = if this {
            Subject::This
        } else {
            let step = self.registered(ask.before).find(|(registered, _)| *registered == name);
            match step.and_then(|(_, at)| self.places[at]) {
                Some(place) => Subject::Step(place),
                None => return Ok(Cond::Const(*test == Test::Skipped)),
            }
        };
        let wanted = |range: &std::ops::Range<usize>| {
            let value = self.scope.expression(text[range.clone()].trim())?;
            Ok::<String, Fault>(value.to_string())
        };
        Ok(match test {
            Test::Changed => Cond::Changed(subject),
            Test::Failed => Cond::Failed(subject),
            Test::Skipped => Cond::Skipped(subject),
            Test::Exit(status) => Cond::Exit(subject, *status),
            Test::StdoutIs(range) => Cond::StdoutIs(subject, wanted(range)?),
            Test::StdoutHas(range) => Cond::StdoutHas(subject, wanted(range)?),
            Test::StderrHas(range) => Cond::StderrHas(subject, wanted(range)?),
        })
    }
}

/// All of the parts, or any of them, the constant ones folded away.
fn joined(parts: Vec<Cond>, all: bool) -> Cond {
    if parts.contains(&Cond::Const(!all)) {
        return Cond::Const(!all);
    }
    let mut open: Vec<Cond> =
        parts.into_iter().filter(|part| !matches!(part, Cond::Const(_))).collect();
    match open.len() {
        0 => Cond::Const(all),
        1 => open.remove(0),
        _ if all => Cond::All(open),
        _ => Cond::Any(open),
    }
}

/// A report that the items of a loop want different conditions of the host.
pub fn disagreement(span: &Span) -> Report {
    Report::error("the items of a loop need one and the same condition on outcomes")
        .at(&locate(span, "", None))
        .help("make a step of each, or leave `item` out of the part that asks for an outcome")
}
