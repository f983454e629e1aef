//! Templates and conditions as they are written: whether they can be read, and the names in them. Renders nothing.

use crate::text::yaml::{Data, Node};
use crate::text::{Report, Span, Spanned};

use super::super::super::vars::condition::{self, FORMS, Test, Tree};
use super::super::super::vars::template::{self, Trouble};
use super::super::super::vars::{Fault, locate};
use super::super::quotes;
use super::names::{misplaced, unknown_secret};
use super::{Checker, For};

impl<'a> Checker<'a> {
    /// Every template in a YAML value.
    pub(super) fn node(&mut self, node: &Node, what: For) {
        match &node.data {
            Data::Scalar(scalar) => self.template(&scalar.text, &node.span, what),
            Data::List(nodes) => nodes.iter().for_each(|node| self.node(node, what)),
            Data::Map(entries) => entries.iter().for_each(|entry| self.node(&entry.value, what)),
            Data::Null | Data::Broken => {}
        }
    }

    pub(super) fn template(&mut self, text: &str, span: &Span, what: For) {
        if !template::is_template(text) {
            return;
        }
        if what == For::Script
            && let Some(part) = quotes::in_quotes(text)
        {
            let report = Report::error("a value in a script is quoted by itself").at(&locate(
                span,
                text,
                Some(part),
            ));
            self.reports.push(report.help("remove the quotes around it"));
        }
        match template::names_in_template(text) {
            Ok(names) => names.iter().for_each(|name| self.used(name, text, span, what)),
            Err(trouble) => self.trouble(trouble, text, span),
        }
    }

    /// A name in a template: a secret has places of its own.
    fn used(&mut self, name: &str, text: &str, span: &Span, what: For) {
        match name.split_once('.') {
            Some(("secret", name)) => self.secret(name, text, span, what),
            _ => self.name(name, text, span),
        }
    }

    fn secret(&mut self, name: &str, text: &str, span: &Span, what: For) {
        let dotted = format!("secret.{name}");
        let at = locate(span, text, template::place_of(&dotted, text));
        let only_asked = template::is_only_asked_whether_defined(&dotted, text);
        let may_lack = || self.optional.contains(&name) && !template::is_guarded(&dotted, text);
        let report = match what {
            _ if only_asked => unknown_secret(name, &self.secrets).map(|report| report.at(&at)),
            For::Content if may_lack() => {
                let report = Report::error(format!("`{dotted}` may not be given")).at(&at);
                let guard = format!("{{% if {dotted} is defined %}}");
                Some(report.help(format!("put it between `{guard}` and `{{% endif %}}`")))
            }
            For::Content => unknown_secret(name, &self.secrets).map(|report| report.at(&at)),
            For::Script => {
                let report = Report::error("a secret cannot be written into a script").at(&at);
                let help = format!("`secret {name}` prints it, as in `secret {name} | command`");
                Some(report.help(help))
            }
            For::Text => Some(misplaced(&at)),
        };
        report.into_iter().for_each(|report| self.reports.push(report));
    }

    pub(super) fn condition(&mut self, written: &Spanned<String>, own: &[&'a str]) {
        let text = template::sole_expression(&written.value).unwrap_or(&written.value);
        let outcomes: Vec<&str> = self.outcomes.iter().chain(own).copied().collect();
        match condition::parse(text, &outcomes) {
            Ok(tree) => self.tree(&tree, text, &written.span),
            Err(trouble) => {
                let report = Fault::from(trouble).report(&written.span, text, std::iter::empty());
                self.reports.push(report.expected(FORMS));
            }
        }
    }

    fn tree(&mut self, tree: &Tree, text: &str, span: &Span) {
        match tree {
            Tree::All(parts) | Tree::Any(parts) => {
                parts.iter().for_each(|part| self.tree(part, text, span))
            }
            Tree::Not(inner) => self.tree(inner, text, span),
            Tree::Known(range)
            | Tree::Outcome(
                _,
                Test::StdoutIs(range) | Test::StdoutHas(range) | Test::StderrHas(range),
            ) => {
                self.expression(&text[range.clone()], text, span);
            }
            Tree::Outcome(..) => {}
        }
    }

    fn expression(&mut self, part: &str, text: &str, span: &Span) {
        match template::names_in_expression(part) {
            Ok(names) => names.iter().for_each(|name| match name.split_once('.') {
                Some(("secret", secret)) => self.secret(secret, part, span, For::Text),
                _ if template::is_excused(name, part) => {}
                _ => self.name(name, text, span),
            }),
            Err(trouble) => self.trouble(trouble, part, span),
        }
    }

    fn trouble(&mut self, trouble: Trouble, text: &str, span: &Span) {
        self.reports.push(Fault::from(trouble).report(span, text, std::iter::empty()));
    }
}
