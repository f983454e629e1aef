//! A rule as it is written, with the fields it leaves to the one it overrides. Judges no field by another.

use crate::fleet::{Millis, Severity};
use crate::text::yaml::Node;
use crate::text::{Fields, Report, Reports, Span, Spanned, seconds};
use crate::watchdog::Measure;

/// A rule as it is written.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub name: Spanned<String>,
    pub enabled: Option<bool>,
    pub watch: Option<Spanned<Measure>>,
    /// Whether it is written at all, be it wrong.
    pub has_watch: bool,
    pub hosts: Option<Span>,
    pub of: Option<Vec<String>>,
    pub raise: Option<Spanned<String>>,
    pub clear: Option<Spanned<String>>,
    pub hold: Option<Millis>,
    pub clear_hold: Option<Millis>,
    pub severity: Option<Severity>,
    pub hint: Option<Spanned<String>>,
    pub heal: Option<Spanned<Option<HealDraft>>>,
}

/// A healer as it is written.
#[derive(Clone, Debug)]
pub(super) struct HealDraft {
    pub playbook: Spanned<String>,
    pub settle: Option<Millis>,
}

const SEVERITIES: [(&str, Severity); 3] = [
    ("notice", Severity::Notice),
    ("warning", Severity::Warning),
    ("critical", Severity::Critical),
];

/// The rules of a file.
pub(super) fn drafts(node: &Node, reports: &mut Reports) -> Vec<Draft> {
    let Some(mut fields) = Fields::of(node, "a file of rules", reports) else { return Vec::new() };
    let nodes = fields.require("rules").list("rules");
    fields.finish();
    nodes.iter().filter_map(|node| draft(node, reports)).collect()
}

fn draft(node: &Node, reports: &mut Reports) -> Option<Draft> {
    let mut fields = Fields::of(node, "a rule", reports)?;
    let name = fields.require("rule").parsed("rule", name);
    let heal = fields.node("heal");
    let draft = Draft {
        name: name
            .clone()
            .unwrap_or_else(|| Spanned { value: String::new(), span: node.span.clone() }),
        enabled: fields.flag("enabled").map(|flag| flag.value),
        watch: fields.choice("watch", &Measure::ALL),
        has_watch: fields.has("watch"),
        hosts: fields.text("hosts").map(|text| text.span),
        of: fields.has("of").then(|| texts(&mut fields)),
        raise: owned(&mut fields, "raise"),
        clear: owned(&mut fields, "clear"),
        hold: duration(&mut fields, "for"),
        clear_hold: duration(&mut fields, "clear_for"),
        severity: fields.choice("severity", &SEVERITIES).map(|word| word.value),
        hint: owned(&mut fields, "hint"),
        heal: heal.map(|node| healer(node, fields.reports())),
    };
    fields.finish();
    name.map(|_| draft)
}

fn healer(node: &Node, reports: &mut Reports) -> Spanned<Option<HealDraft>> {
    let span = node.span.clone();
    if node.scalar().is_some_and(|scalar| &*scalar.text == "none") {
        return Spanned { value: None, span };
    }
    let Some(mut fields) = Fields::of(node, "a healer, or `none`", reports) else {
        return Spanned { value: None, span };
    };
    let playbook = owned(fields.require("playbook"), "playbook");
    let settle = duration(&mut fields, "settle");
    fields.finish();
    Spanned { value: playbook.map(|playbook| HealDraft { playbook, settle }), span }
}

fn texts(fields: &mut Fields<'_, '_>) -> Vec<String> {
    fields.texts("of").into_iter().map(|text| text.value.to_owned()).collect()
}

fn owned(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Spanned<String>> {
    fields.text(name).map(|text| text.map(str::to_owned))
}

fn duration(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Millis> {
    fields.parsed(name, seconds).map(|seconds| Millis(seconds.value * 1000))
}

fn name(text: &str) -> Result<String, &'static str> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
    if begins && text.len() <= 40 && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("a name of small letters, digits and `_`, such as `disk_home`")
    }
}

impl Draft {
    /// Takes the fields that `over` has.
    pub fn override_with(&mut self, over: Self, reports: &mut Reports) {
        if let (Some(own), Some(other)) = (&self.watch, &over.watch)
            && own.value != other.value
        {
            let message = format!("`{}` watches `{}`", over.name.value, own.value.word());
            let help = "give the new rule a name of its own";
            reports.push(Report::error(message).at(&other.span).help(help));
            return;
        }
        self.name = over.name;
        self.enabled = over.enabled.or(self.enabled);
        self.hosts = over.hosts.or(self.hosts.take());
        self.of = over.of.or(self.of.take());
        self.raise = over.raise.or(self.raise.take());
        self.clear = over.clear.or(self.clear.take());
        self.hold = over.hold.or(self.hold);
        self.clear_hold = over.clear_hold.or(self.clear_hold);
        self.severity = over.severity.or(self.severity);
        self.hint = over.hint.or(self.hint.take());
        self.heal = over.heal.or(self.heal.take());
    }

    /// What is said of a name that is there already.
    pub fn twice(&self, first: &Self) -> Report {
        Report::error(format!("rule `{}` is given twice", self.name.value))
            .at(&self.name.span)
            .also(&first.name.span, "here first")
    }
}
