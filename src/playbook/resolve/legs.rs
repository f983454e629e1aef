//! The legs of one item: a resource's own, or those written in the playbook. Runs nothing.

use crate::text::yaml::{Data, Node};
use crate::text::{Report, Span, Spanned};

use super::super::model::{Action, Step};
use super::super::plan::{Legs, Prelude, Sh, ShError, Undo, UndoLegs, is_look};
use super::super::resource::{self, Args, Kind, Refusal, Resource, Target};
use super::super::vars::template::Into;
use super::Resolver;
use super::asked::{Command, asked_for};

/// The shell functions that the step's legs use.
pub(super) fn preludes(step: &Step) -> Vec<Prelude> {
    let mut preludes = match &step.action {
        Action::Resource { resource, .. } => resource.preludes.to_vec(),
        Action::Legs { .. } => Vec::new(),
    };
    if step.keeps.is_some() {
        preludes.extend(resource::KEEPING);
    }
    preludes
}

impl Resolver<'_> {
    /// The legs of the item in scope. `Ok(None)`: something was reported; `Err`: this host cannot do it.
    pub(super) fn legs(&mut self, step: &Step) -> Result<Option<Legs>, String> {
        let legs = match &step.action {
            Action::Resource { resource, fields } => self.of_resource(step, resource, fields)?,
            Action::Legs { check, apply, verify, undo } => {
                let texts = [check, apply, verify, undo].map(|leg| self.script(leg.as_ref()));
                self.own(texts, &step.span)
            }
        };
        Ok(match (legs, &step.keeps) {
            (Some(legs), Some(keeps)) => self.keeping(legs, keeps),
            (legs, _) => legs,
        })
    }

    fn of_resource(
        &mut self,
        step: &Step,
        resource: &'static Resource,
        node: &Node,
    ) -> Result<Option<Legs>, String> {
        let Some(args) = self.args(resource, node) else { return Ok(None) };
        let render = |name: &str, text: &str| self.render_file(name, text);
        let target = Target { facts: self.facts, files: self.files, render: &render };
        match (resource.legs)(&args, &target) {
            Ok(legs) => Ok(Some(Legs { touches: resource.touched(&args, self.facts), ..legs })),
            Err(Refusal { text, unsupported: true, .. }) => Err(text),
            Err(refusal) => {
                let span = refusal.field.and_then(|field| args.span(field)).unwrap_or(&step.span);
                let report = match refusal.report {
                    Some(report) => report.also(span, "needed here"),
                    None => Report::error(refusal.text).at(span),
                };
                let helped = refusal.help.into_iter().fold(report, Report::help);
                self.refuse(helped);
                Ok(None)
            }
        }
    }

    fn args(&mut self, resource: &'static Resource, node: &Node) -> Option<Args> {
        let mut args = Args::default();
        let mut whole = true;
        for field in resource.fields {
            let given = match (&node.data, resource.short) {
                (Data::Map(_), _) => node.get(field.name).filter(|node| !node.is_null()),
                (_, Some(short)) if short == field.name => Some(node),
                _ => None,
            };
            let Some(given) = given else {
                if let Some(arg) = resource::default_of(field) {
                    args.put(field.name, arg, None);
                }
                continue;
            };
            match resource::decode(field, given, Some(&self.scope)) {
                Ok(Some(arg)) => args.put(field.name, arg, Some(given.span.clone())),
                Ok(None) => {}
                Err(report) => {
                    self.refuse(*report);
                    whole = false;
                }
            }
        }
        whole.then_some(args)
    }

    fn script(&mut self, leg: Option<&Spanned<String>>) -> Option<Option<String>> {
        match leg {
            Some(leg) => self.text(&leg.value, &leg.span, Into::Shell).map(Some),
            None => Some(None),
        }
    }

    fn own(
        &mut self,
        [check, apply, verify, undo]: [Option<Option<String>>; 4],
        span: &Span,
    ) -> Option<Legs> {
        let names: Vec<&str> = self.playbook.secret_names().collect();
        match own_legs([check?, apply?, verify?, undo?], &names) {
            Ok(legs) => Some(legs),
            Err(error) => {
                self.refuse(Report::error(error.to_string()).at(span));
                None
            }
        }
    }

    fn keeping(&mut self, legs: Legs, keeps: &Node) -> Option<Legs> {
        const PATHS: resource::Field = resource::Field::optional("keeps", Kind::Texts, "");
        let paths = match resource::decode(&PATHS, keeps, Some(&self.scope)) {
            Ok(Some(resource::Arg::Texts(paths))) => paths,
            Ok(_) => return Some(legs),
            Err(report) => {
                self.refuse(*report);
                return None;
            }
        };
        let kept = paths.iter().map(|path| match path.starts_with(['/', '~']) {
            true => resource::path(self.facts, path),
            false => Err(Refusal::new(format!("`{path}` is not an absolute path"))),
        });
        match kept.collect::<Result<Vec<_>, _>>().and_then(|paths| resource::keeping(legs, &paths))
        {
            Ok(legs) => Some(legs),
            Err(refusal) => {
                self.refuse(Report::error(refusal.text).at(&keeps.span));
                None
            }
        }
    }
}

/// Legs of shell that was written in a playbook.
fn own_legs(
    [check, apply, verify, undo]: [Option<String>; 4],
    names: &[&str],
) -> Result<Legs, ShError> {
    let script = |text: &Option<String>| text.as_deref().map(Sh::script).transpose();
    // Without the secret such a check could not say whether what is there is what the run left.
    let secret =
        check.as_deref().is_some_and(|check| asked_for(Command::Secret, check, names).is_some());
    let apply_inline = apply.as_deref().is_some_and(is_look);
    let Some(apply) = script(&apply)? else { return check_only(&check.unwrap_or_default()) };
    Ok(Legs {
        apply_inline,
        check_inline: check.as_deref().is_some_and(is_look),
        asks: check.clone(),
        check: check.as_deref().map(Sh::check_script).transpose()?,
        verify: script(&verify)?,
        undo: match script(&undo)? {
            Some(restore) => {
                let ours = secret.then(|| Sh::text(":"));
                let legs = UndoLegs { save: Sh::text(":"), restore, ours };
                Undo::BestEffort(legs, "as the playbook's own undo does")
            }
            None => Undo::None("the playbook has no undo for it"),
        },
        ..Legs::action(apply)
    })
}

/// A check without anything to apply: what it does not find is a failure.
fn check_only(check: &str) -> Result<Legs, ShError> {
    Ok(Legs {
        check: Some(Sh::test_script(check)?),
        asks: Some(check.to_owned()),
        check_inline: is_look(check),
        undo: Undo::None("it changes nothing"),
        ..Legs::action(Sh::text("return 1"))
    })
}
