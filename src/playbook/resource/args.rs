//! The fields of one resource, rendered and checked for one host. Knows no shell.

use std::collections::BTreeMap;

use crate::text::yaml::{Data, Node};
use crate::text::{Report, Span};

use super::super::plan::Payload;
use super::super::vars::template::{Into, is_template, names_in_template, sole_expression};
use super::super::vars::{Fault, Scope};
use super::target::Refusal;
use super::{Field, Kind, Need};
use crate::text::seconds;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// A text of any kind.
    Text(String),
    /// A text that may hold secrets.
    Content(Payload),
    /// True or false.
    Flag(bool),
    /// A number.
    Number(i64),
    /// Texts.
    Texts(Vec<String>),
}

/// The fields that were given, and those that have a default.
#[derive(Clone, Debug, Default)]
pub struct Args(BTreeMap<&'static str, (Arg, Option<Span>)>);

impl Args {
    /// Puts a field in.
    pub fn put(&mut self, name: &'static str, arg: Arg, span: Option<Span>) {
        self.0.insert(name, (arg, span));
    }

    /// A text, if given.
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.0.get(name)?.0 {
            Arg::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text that may hold secrets, if given.
    pub fn content(&self, name: &str) -> Option<&Payload> {
        match &self.0.get(name)?.0 {
            Arg::Content(payload) => Some(payload),
            _ => None,
        }
    }

    /// A text that must be there.
    pub fn need(&self, name: &'static str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| Refusal::new(format!("`{name}` is missing")))
    }

    /// Whether a flag is given and true.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some((Arg::Flag(true), _)))
    }

    /// A flag as shell functions take it: `true`, or an empty word.
    pub fn flag_word(&self, name: &str) -> &'static str {
        word_of(self.flag(name))
    }

    /// A flag, if given.
    pub fn choice(&self, name: &str) -> Option<bool> {
        match self.0.get(name)?.0 {
            Arg::Flag(value) => Some(value),
            _ => None,
        }
    }

    /// A number, if given; spans of time are in seconds.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.0.get(name)?.0 {
            Arg::Number(value) => Some(value),
            _ => None,
        }
    }

    /// Texts; none if not given.
    pub fn texts(&self, name: &str) -> &[String] {
        match self.0.get(name) {
            Some((Arg::Texts(texts), _)) => texts,
            _ => &[],
        }
    }

    /// Where a field was given.
    pub fn span(&self, name: &str) -> Option<&Span> {
        self.0.get(name)?.1.as_ref()
    }
}

/// A flag as shell functions take it.
pub fn word_of(flag: bool) -> &'static str {
    if flag { "true" } else { "" }
}

/// Decodes one field; `None` where it is a template and there is nothing to render it with.
pub fn decode(
    field: &Field,
    node: &Node,
    scope: Option<&Scope<'_>>,
) -> Result<Option<Arg>, Box<Report>> {
    match field.kind {
        Kind::Texts | Kind::Names => several(field, node, scope),
        Kind::Condition => truth(field, node, scope),
        Kind::Content => content(field, node, scope),
        _ => match &node.data {
            Data::Scalar(scalar) => {
                if field.kind == Kind::Mode && !scalar.quoted && !is_template(&scalar.text) {
                    return Err(unquoted_mode(field, node, &scalar.text).into());
                }
                let Some(text) = rendered(field.kind, node, scope)? else { return Ok(None) };
                one(field, &text, node)
                    .map(Some)
                    .map_err(|report| traced(*report, &scalar.text, scope).into())
            }
            _ => Err(wrong(field, node).into()),
        },
    }
}

/// The default of a field, if it has one.
pub fn default_of(field: &Field) -> Option<Arg> {
    let Need::Default(text) = field.need else { return None };
    convert(field.kind, text).ok()
}

fn truth(
    field: &Field,
    node: &Node,
    scope: Option<&Scope<'_>>,
) -> Result<Option<Arg>, Box<Report>> {
    let Some(scalar) = node.scalar() else { return Err(wrong(field, node).into()) };
    let Some(scope) = scope else { return Ok(None) };
    let text = sole_expression(&scalar.text).unwrap_or(&scalar.text);
    let fault = |f: Fault| Box::new(f.report(&node.span, text, scope.names()));
    scope.expression(text).map(|value| Some(Arg::Flag(value.is_true()))).map_err(fault)
}

fn content(
    field: &Field,
    node: &Node,
    scope: Option<&Scope<'_>>,
) -> Result<Option<Arg>, Box<Report>> {
    let Some(scalar) = node.scalar() else { return Err(wrong(field, node).into()) };
    if scalar.text.contains('\0') {
        return Err(cannot_be(field, "a text with a NUL", node).into());
    }
    let Some(scope) = scope else { return Ok(None) };
    let fault = |f: Fault| Box::new(f.report(&node.span, &scalar.text, scope.names()));
    scope.content(&scalar.text).map(|payload| Some(Arg::Content(payload))).map_err(fault)
}

fn several(
    field: &Field,
    node: &Node,
    scope: Option<&Scope<'_>>,
) -> Result<Option<Arg>, Box<Report>> {
    let nodes = match &node.data {
        Data::List(nodes) => nodes.as_slice(),
        Data::Scalar(_) => std::slice::from_ref(node),
        _ => return Err(wrong(field, node).into()),
    };
    let mut texts = Vec::new();
    for node in nodes {
        let Some(scalar) = node.scalar() else { return Err(wrong(field, node).into()) };
        if let Some(expression) = sole_expression(&scalar.text) {
            let Some(scope) = scope else { return Ok(None) };
            let fault = |f: Fault| Box::new(f.report(&node.span, &scalar.text, scope.names()));
            let value = scope.expression(expression).map_err(fault)?;
            match value.try_iter() {
                Ok(items) if value.as_str().is_none() => texts.extend(items.map(|i| i.to_string())),
                _ => texts.push(value.to_string()),
            }
        } else {
            match rendered(field.kind, node, scope)? {
                Some(text) => texts.push(text),
                None => return Ok(None),
            }
        }
    }
    let bad = |text: &&String| field.kind == Kind::Names && !is_name(text);
    match texts.iter().find(bad) {
        Some(text) => Err(cannot_be(field, text, node).into()),
        None => Ok(Some(Arg::Texts(texts))),
    }
}

fn rendered(
    kind: Kind,
    node: &Node,
    scope: Option<&Scope<'_>>,
) -> Result<Option<String>, Box<Report>> {
    let Some(scalar) = node.scalar() else { return Ok(None) };
    if !is_template(&scalar.text) {
        return Ok(Some(scalar.text.to_string()));
    }
    let Some(scope) = scope else { return Ok(None) };
    let into = if kind == Kind::Script { Into::Shell } else { Into::Text };
    let fault = |f: Fault| Box::new(f.report(&node.span, &scalar.text, scope.names()));
    scope.text(&scalar.text, into).map(Some).map_err(fault)
}

fn one(field: &Field, text: &str, node: &Node) -> Result<Arg, Box<Report>> {
    convert(field.kind, text).map_err(|()| {
        let report = cannot_be(field, text, node);
        Box::new(match field.kind {
            Kind::Word(words) => report.nearest(text, words.iter().copied()),
            _ => report,
        })
    })
}

fn convert(kind: Kind, text: &str) -> Result<Arg, ()> {
    let fits = |ok: bool| if ok { Ok(Arg::Text(text.to_owned())) } else { Err(()) };
    match kind {
        Kind::Flag => match text {
            "true" => Ok(Arg::Flag(true)),
            "false" => Ok(Arg::Flag(false)),
            _ => Err(()),
        },
        Kind::Number(least, most) => {
            let value: i64 = text.trim().parse().map_err(|_| ())?;
            if (least..=most).contains(&value) { Ok(Arg::Number(value)) } else { Err(()) }
        }
        Kind::Duration => seconds(text).map(Arg::Number).map_err(|_| ()),
        Kind::Texts | Kind::Names => {
            Ok(Arg::Texts(text.split_whitespace().map(str::to_owned).collect()))
        }
        Kind::Mode => fits(is_mode(text)),
        Kind::Path => fits(is_path(text)),
        Kind::Removable => fits(is_path(text) && super::absent::is_removable(text)),
        Kind::Goal => fits(!text.is_empty() && !text.ends_with('\n') && !text.contains('\0')),
        Kind::Name | Kind::Owner => fits(is_name(text)),
        Kind::Word(words) => fits(words.contains(&text)),
        Kind::Sha256 => fits(text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())),
        Kind::Url => {
            fits(["https://", "http://"].iter().any(|s| text.starts_with(s)) && is_name(text))
        }
        _ => fits(!text.contains('\0')),
    }
}

/// Adds where the variable was set that made a bad value.
fn traced(report: Report, text: &str, scope: Option<&Scope<'_>>) -> Report {
    let names = names_in_template(text).unwrap_or_default();
    let set =
        scope.into_iter().flat_map(|scope| names.iter().filter_map(|name| scope.set_at(name)));
    set.fold(report, |report, origin| match origin {
        Ok((name, span)) => report.also(span, format!("`{name}` is set here")),
        Err(name) => {
            report.cause(format!("`{name}` is set in the inventory or on the command line"))
        }
    })
}

fn is_mode(text: &str) -> bool {
    matches!(text.len(), 3 | 4) && text.bytes().all(|b| (b'0'..=b'7').contains(&b))
}

fn is_path(text: &str) -> bool {
    !text.contains('\0') && (text.starts_with('/') || text == "~" || text.starts_with("~/"))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('-') && !text.chars().any(char::is_control)
}

fn cannot_be(field: &Field, text: &str, node: &Node) -> Report {
    let text = text.replace('\n', "\\n");
    let report = Report::error(format!("`{}` cannot be `{text}`", field.name));
    report.at(&node.span).expected(field.kind.says())
}

fn wrong(field: &Field, node: &Node) -> Report {
    let report = Report::error(format!("`{}` cannot be {}", field.name, node.kind()));
    report.at(&node.span).expected(field.kind.says())
}

fn unquoted_mode(field: &Field, node: &Node, text: &str) -> Report {
    if !is_mode(text) {
        return cannot_be(field, text, node);
    }
    Report::error(format!(
        "`mode` must be in quotes: which number `{text}` is depends on who reads it"
    ))
    .at(&node.span)
    .expected(format!("\"{text}\""))
}
