//! What must hold before the first step, as one step that looks at all of it and says what is missing. Runs nothing.

use crate::text::{Report, Spanned};

use super::super::model::Preflight;
use super::super::plan::{Cond, Legs, PlannedStep, Sh, ShError, Undo};
use super::super::vars::template::Into;
use super::Resolver;
use super::decide::Ask;
use super::step::origin;

/// Nothing has run before the preflight.
const NOTHING: Ask<'static> = Ask { before: 0, own: None, this: false };

impl Resolver<'_> {
    /// The preflight, if the playbook has one.
    pub(super) fn preflight(&mut self) -> Option<PlannedStep> {
        let playbook = self.playbook;
        let first = playbook.preflight.first()?;
        let mut body = Sh::text("r_missing=0");
        for check in &playbook.preflight {
            let part = self.look(check).unwrap_or_default();
            body = body.then(&part);
        }
        let legs = Legs {
            check: Some(body.then(&Sh::text("return \"$r_missing\""))),
            check_inline: false,
            undo: Undo::None("it changes nothing"),
            ..Legs::action(Sh::text("return 1"))
        };
        let (id, at) = (self.id("preflight"), origin(&first.message.span));
        let step = PlannedStep::plain(id, "preflight".into(), at, "preflight", legs);
        Some(PlannedStep { tags: vec!["always".into()], ..step })
    }

    /// One check: nothing where it holds on the console, a sure complaint where it does not, else a look on the host.
    fn look(&mut self, check: &Preflight) -> Option<Sh> {
        if !self.holds(check.when.as_ref())? {
            return None;
        }
        let message = self.text(&check.message.value, &check.message.span, Into::Text)?;
        let fix = match &check.fix {
            Some(fix) => self.text(&fix.value, &fix.span, Into::Text)?,
            None => String::new(),
        };
        let script = match &check.check {
            Some(script) => Some(self.text(&script.value, &script.span, Into::Shell)?),
            None if self.holds(check.that.as_ref())? => return None,
            None => None,
        };
        let complaint = complaint(script.as_deref(), &message, &fix);
        complaint
            .map_err(|error| self.refuse(Report::error(error.to_string()).at(&check.message.span)))
            .ok()
    }

    fn holds(&mut self, condition: Option<&Spanned<String>>) -> Option<bool> {
        match condition {
            Some(condition) => {
                self.condition(condition, NOTHING).map(|cond| cond == Cond::Const(true))
            }
            None => Some(true),
        }
    }
}

fn complaint(script: Option<&str>, message: &str, fix: &str) -> Result<Sh, ShError> {
    let fix = if fix.is_empty() { String::new() } else { format!("  fix: {fix}\n") };
    let values =
        [("message", message), ("fix", fix.as_str()), ("script", script.unwrap_or_default())];
    match script {
        Some(_) => Sh::of(
            "( eval {{script}} ) >/dev/null 2>&1 || { r_missing=1; printf '%s\\n%s' {{message}} {{fix}} >&2; }",
            &values,
        ),
        None => Sh::of("r_missing=1; printf '%s\\n%s' {{message}} {{fix}} >&2", &values),
    }
}
