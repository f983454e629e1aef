//! The items of one step for one host: those of its loop that are wished here, each with its legs. Runs nothing.

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::text::Report;

use super::super::model::Step;
use super::super::plan::{Cond, PlannedItem};
use super::Resolver;
use super::decide::{Ask, disagreement};

/// The items taken so far.
#[derive(Default)]
struct Taken {
    /// What the host has to decide for all of them.
    when: Option<Cond>,
    items: Vec<PlannedItem>,
    /// Whether something was wrong with one, and reported.
    broken: bool,
}

impl<'a> Resolver<'a> {
    /// The items for which the step is not known to be skipped, and what the host has to decide.
    pub(super) fn items(
        &mut self,
        at: usize,
        step: &'a Step,
        id: &str,
    ) -> Option<(Option<Cond>, Vec<PlannedItem>)> {
        let mut taken = Taken::default();
        for item in self.looped(step)? {
            self.scope.for_item(item.clone());
            if let Err(unsupported) = self.take(&mut taken, at, step, item.as_ref()) {
                self.unsupported.push((id.to_owned(), unsupported));
                taken.items.clear();
                break;
            }
        }
        self.scope.for_item(None);
        if taken.items.is_empty() {
            taken.when = Some(Cond::Const(false));
        }
        (!taken.broken).then_some((taken.when, taken.items))
    }

    /// Takes the item in scope, unless it is skipped. `Err`: this host cannot do it.
    fn take(
        &mut self,
        taken: &mut Taken,
        at: usize,
        step: &'a Step,
        item: Option<&Value>,
    ) -> Result<(), String> {
        let ask = Ask { before: at, own: None, this: false };
        let Some(cond) = self.asked(step.when.as_ref(), ask) else {
            taken.broken = true;
            return Ok(());
        };
        if cond == Some(Cond::Const(false)) {
            return Ok(());
        }
        let cond = cond.filter(|cond| *cond != Cond::Const(true));
        if !taken.items.is_empty() && taken.when != cond {
            self.refuse(disagreement(&step.span));
            taken.broken = true;
        }
        match self.legs(step)? {
            Some(legs) => taken.items.push(PlannedItem { label: item.map(label), legs }),
            None => taken.broken = true,
        }
        taken.when = cond;
        Ok(())
    }

    /// The items of a loop; one that is nothing where there is no loop.
    fn looped(&mut self, step: &Step) -> Option<Vec<Option<Value>>> {
        let Some(node) = &step.over else { return Some(vec![None]) };
        let value = match self.scope.value(node) {
            Ok(value) => value,
            Err(fault) => {
                let text = node.scalar().map_or("", |scalar| &*scalar.text);
                self.reports.push(fault.report(&node.span, text, self.scope.names()));
                return None;
            }
        };
        if value.kind() != ValueKind::Seq {
            let report = Report::error(format!("`loop` cannot be {}", value.kind()));
            self.refuse(report.at(&node.span).expected("a list"));
            return None;
        }
        value.try_iter().ok().map(|items| items.map(Some).collect())
    }
}

/// What an item of a loop is called.
fn label(item: &Value) -> String {
    let named = ["name", "path", "id"].iter().find_map(|key| {
        let value = item.get_attr(key).ok()?;
        value.as_str().map(str::to_owned)
    });
    named.unwrap_or_else(|| item.to_string())
}
