//! The fields of a resource as they are written: known, whole, going together, and what each can hold. Knows no host.

use crate::text::yaml::{Data, Entry, Node};
use crate::text::{Report, Spanned};

use super::super::super::resource::{self, Kind, Need, Resource};
use super::{Checker, For};

impl<'a> Checker<'a> {
    pub(super) fn fields(&mut self, resource: &'static Resource, node: &Node) {
        match (&node.data, resource.short) {
            (Data::Map(entries), _) => {
                entries.iter().for_each(|entry| self.entry(resource, entry));
                self.required(resource, node, entries);
                self.rules(resource, node, entries);
            }
            (Data::Scalar(_) | Data::List(_), Some(short)) => {
                if let Some(field) = resource.fields.iter().find(|field| field.name == short) {
                    self.field(field, node);
                }
                self.required(resource, node, &[]);
            }
            (Data::Broken, _) => {}
            _ => {
                let report =
                    Report::error(format!("`{}` cannot be {}", resource.name, node.kind()));
                self.reports.push(
                    report
                        .at(&node.span)
                        .expected(format!("its fields, as in `{}`", resource.example)),
                );
            }
        }
    }

    fn entry(&mut self, resource: &'static Resource, entry: &Entry) {
        let names = || resource.fields.iter().map(|field| field.name);
        match resource.fields.iter().find(|field| field.name == &*entry.key) {
            Some(field) => self.field(field, &entry.value),
            None => {
                let report =
                    Report::error(format!("`{}` has no field `{}`", resource.name, entry.key));
                let report = report.at(&entry.key_span).nearest(&entry.key, names());
                let near = report.help.is_some();
                let all: Vec<&str> = names().collect();
                self.reports.push(if near {
                    report
                } else {
                    report.expected(format!("one of {}", all.join(", ")))
                });
            }
        }
    }

    fn field(&mut self, field: &resource::Field, node: &Node) {
        if node.is_null() || node.is_broken() {
            return;
        }
        if let (Kind::Condition, Some(scalar)) = (field.kind, node.scalar()) {
            let none = std::mem::take(&mut self.outcomes);
            self.condition(
                &Spanned { value: scalar.text.to_string(), span: node.span.clone() },
                &[],
            );
            self.outcomes = none;
            return;
        }
        let before = self.reports.has_errors();
        self.node(
            node,
            match field.kind {
                Kind::Script => For::Script,
                Kind::Content => For::Content,
                _ => For::Text,
            },
        );
        if field.name == "undo" {
            self.undo(node.scalar().map(|scalar| &*scalar.text), &node.span);
        }
        if !before && self.reports.has_errors() {
            return;
        }
        if let Err(report) = resource::decode(field, node, None) {
            self.reports.push(*report);
        }
    }

    fn required(&mut self, resource: &'static Resource, node: &Node, entries: &[Entry]) {
        for field in resource.fields.iter().filter(|field| field.need == Need::Required) {
            let given = entries.iter().any(|e| &*e.key == field.name && !e.value.is_null());
            let short = !matches!(node.data, Data::Map(_)) && resource.short == Some(field.name);
            if !given && !short {
                let report = Report::error(format!("`{}` has no `{}`", resource.name, field.name));
                self.reports.push(report.at(&node.span).expected(field.kind.says()));
            }
        }
    }

    fn rules(&mut self, resource: &'static Resource, node: &Node, entries: &[Entry]) {
        let given = |name: &str| entries.iter().any(|e| &*e.key == name && !e.value.is_null());
        for rule in resource.rules.iter().filter(|rule| !rule.holds(given)) {
            let text = format!("fields of `{}` do not go together", resource.name);
            self.reports.push(Report::error(text).at(&node.span).expected(rule.says()));
        }
    }
}
