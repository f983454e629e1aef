//! The items of one step for one host: those of its loop that are wished here, each with its legs. Runs nothing.

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::text::Report;

use super::super::model::Step;
use super::super::plan::{Cond, PlannedItem, Surroundings};
use super::super::vars::template::Into;
use super::Resolver;
use super::decide::{Ask, disagreement};

/// The items of a step, and what they have in common.
#[derive(Default)]
pub(super) struct Taken {
    /// The step's name, as each item calls it.
    pub names: Vec<String>,
    /// What the host has to decide for all of them.
    pub when: Option<Cond>,
    /// How all of them are judged.
    pub judged: Judged,
    /// Where all of them run, unless one says otherwise.
    pub around: Surroundings,
    /// The items.
    pub items: Vec<PlannedItem>,
    /// Whether something was wrong with one, and reported.
    broken: bool,
}

/// What an attempt is held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Judged {
    pub until: Option<Cond>,
    pub changed_when: Option<Cond>,
    pub failed_when: Option<Cond>,
}

impl<'a> Resolver<'a> {
    /// The items for which the step is not known to be skipped.
    pub(super) fn items(&mut self, at: usize, step: &'a Step, id: &str) -> Option<Taken> {
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
        taken.settle();
        (!taken.broken).then_some(taken)
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
        let Some((name, judged)) = self.named(at, step) else {
            taken.broken = true;
            return Ok(());
        };
        if !taken.items.is_empty() && taken.judged != judged {
            self.refuse(disagreement(&step.span));
            taken.broken = true;
        }
        match (self.legs(step)?, self.surroundings(step)) {
            (Some(legs), around @ Some(_)) => {
                taken.items.push(PlannedItem { label: item.map(label), legs, around });
                taken.names.push(name);
            }
            _ => taken.broken = true,
        }
        taken.judged = judged;
        taken.when = cond;
        Ok(())
    }

    fn named(&mut self, at: usize, step: &Step) -> Option<(String, Judged)> {
        let name = self.text(&step.name.value, &step.name.span, Into::Text)?;
        Some((name, self.judged(at, step)?))
    }

    fn judged(&mut self, at: usize, step: &Step) -> Option<Judged> {
        let own = step.register.as_ref().map(|register| register.value.as_str());
        let ask = Ask { before: at, own, this: true };
        let until = step.retry.as_ref().and_then(|retry| retry.until.as_ref());
        Some(Judged {
            until: self.asked(until, ask)?,
            changed_when: self.asked(step.changed_when.as_ref(), ask)?,
            failed_when: self.asked(step.failed_when.as_ref(), ask)?,
        })
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

impl Taken {
    /// What is the same for all items is the step's.
    fn settle(&mut self) {
        let first = self.items.first().and_then(|item| item.around.clone()).unwrap_or_default();
        if self.items.iter().all(|item| item.around.as_ref() == Some(&first)) {
            self.items.iter_mut().for_each(|item| item.around = None);
            self.around = first;
        }
    }

    /// The step's name: the first item's, and how many others there are.
    pub(super) fn name(&self) -> Option<String> {
        let first = self.names.first()?;
        let others = self.names.iter().filter(|name| *name != first).count();
        Some(if others == 0 { first.clone() } else { format!("{first} and {others} more") })
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
