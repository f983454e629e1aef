//! A report as lines of pieces with roles, and those as text. Knows no colour.
//!
//! Written by hand rather than with annotate-snippets: the same lines serve the console's screen,
//! which needs roles and not escape codes, and quoted remote text must pass through `inert`.

use std::fmt;

use super::excerpt::Excerpt;
use super::inert::inert_line;
use super::{Kind, Label, Report, Span};

/// How text is written.
#[derive(Clone, Copy, Debug)]
pub enum Style {
    /// Without any escape code.
    Plain,
    /// With the escape code of each role, given by its parameters.
    Codes(fn(Role) -> Option<&'static str>),
}

/// What a piece of a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The word `error`, and the caret of an error.
    Error,
    /// The word `warning`, and the caret of a warning.
    Warning,
    /// What is wrong.
    Message,
    /// File, line and column; line numbers and rules.
    Frame,
    /// The quoted line.
    Code,
    /// Another place that explains the finding.
    Note,
    /// The words `help` and `cause`.
    Help,
    /// Plain text.
    Text,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it means.
    pub role: Role,
    /// Its text, harmless on a terminal.
    pub text: String,
}

/// A line of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Piece>);

impl Report {
    /// As lines of text that end with a line break.
    pub fn render(&self, style: Style) -> String {
        lines(self).iter().map(|line| line.paint(style) + "\n").collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(Style::Plain).trim_end_matches('\n'))
    }
}

impl Line {
    fn with(mut self, role: Role, text: impl Into<String>) -> Self {
        self.0.push(Piece { role, text: text.into() });
        self
    }

    /// The line as text, without a line break.
    pub fn paint(&self, style: Style) -> String {
        let painted: String = self.0.iter().map(|piece| piece.paint(style)).collect();
        painted.trim_end().to_owned()
    }
}

impl Piece {
    fn paint(&self, style: Style) -> String {
        let code = match style {
            Style::Codes(code) if !self.text.is_empty() => code(self.role),
            _ => None,
        };
        match code {
            Some(code) => format!("\x1b[{code}m{}\x1b[0m", self.text),
            None => self.text.clone(),
        }
    }
}

impl Report {
    /// As lines of pieces, for a screen that has its own colours.
    pub fn lines(&self) -> Vec<Line> {
        lines(self)
    }

    fn role(&self) -> Role {
        match self.kind {
            Kind::Error => Role::Error,
            Kind::Warning => Role::Warning,
        }
    }
}

/// A place with the marks that stand under it.
struct Mark<'a> {
    span: &'a Span,
    text: &'a str,
    role: Role,
    sign: &'a str,
}

pub(super) fn lines(report: &Report) -> Vec<Line> {
    let mut lines = vec![heading(report)];
    let expected = report.expected.as_ref().map(|text| format!("expected {text}"));
    let label = expected.as_deref().unwrap_or_default();
    let marks = marks(report, label);
    let digits = marks.iter().map(|mark| mark.span.place().line).max().unwrap_or(0);
    let gutter = if digits == 0 { 0 } else { digits.to_string().len() };
    snippets(&marks, gutter, &mut lines);
    let tail = tail(report, gutter);
    if !marks.is_empty() && !tail.is_empty() {
        lines.push(rule(gutter));
    }
    lines.extend(tail);
    lines
}

fn heading(report: &Report) -> Line {
    let word = match report.kind {
        Kind::Error => "error",
        Kind::Warning => "warning",
    };
    Line::default()
        .with(report.role(), word)
        .with(Role::Message, format!(": {}", inert_line(&report.message)))
}

fn marks<'a>(report: &'a Report, label: &'a str) -> Vec<Mark<'a>> {
    let primary =
        report.place.iter().map(|span| Mark { span, text: label, role: report.role(), sign: "^" });
    let others = report.also.iter().map(|Label { span, text }| Mark {
        span,
        text,
        role: Role::Note,
        sign: "-",
    });
    primary.chain(others).collect()
}

/// The quoted lines: first those of the primary source, in their order, then the other sources'.
fn snippets(marks: &[Mark<'_>], gutter: usize, lines: &mut Vec<Line>) {
    let mut rest: Vec<&Mark<'_>> = marks.iter().collect();
    let mut arrow = "-->";
    while let Some(first) = rest.first().copied() {
        let (mut here, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|mark| mark.span.source() == first.span.source());
        let place = inert_line(&first.span.to_string());
        lines.push(
            Line::default()
                .with(Role::Frame, format!("{:gutter$} {arrow} ", ""))
                .with(Role::Text, place),
        );
        lines.push(rule(gutter));
        here.sort_by_key(|mark| mark.span.place().line);
        quote(&here, gutter, lines);
        rest = others;
        arrow = ":::";
    }
}

fn quote(marks: &[&Mark<'_>], gutter: usize, lines: &mut Vec<Line>) {
    let mut last: Option<(usize, String)> = None;
    for mark in marks {
        let line = mark.span.place().line;
        let excerpt = Excerpt::of(mark.span);
        if last.as_ref().is_some_and(|(number, _)| line > number + 1) {
            lines.push(Line::default().with(Role::Frame, "..."));
        }
        let this = (line, excerpt.text.clone());
        if last.as_ref() != Some(&this) {
            lines.push(
                Line::default()
                    .with(Role::Frame, format!(" {line:>gutter$} | "))
                    .with(Role::Code, &excerpt.text),
            );
        }
        lines.push(carets(mark, &excerpt, gutter));
        last = Some(this);
    }
}

fn carets(mark: &Mark<'_>, excerpt: &Excerpt, gutter: usize) -> Line {
    let carets = mark.sign.repeat(excerpt.carets);
    let text = inert_line(mark.text);
    let gap = if text.is_empty() { "" } else { " " };
    Line::default()
        .with(Role::Frame, format!(" {:gutter$} | ", ""))
        .with(Role::Text, " ".repeat(excerpt.indent))
        .with(mark.role, format!("{carets}{gap}{text}"))
}

fn tail(report: &Report, gutter: usize) -> Vec<Line> {
    let line = |word: &str, text: &str| {
        Line::default()
            .with(Role::Frame, format!(" {:gutter$} = ", ""))
            .with(Role::Help, word)
            .with(Role::Text, format!(": {}", inert_line(text)))
    };
    let expected = report.expected.iter().filter(|_| report.place.is_none());
    expected
        .map(|text| line("expected", text))
        .chain(report.causes.iter().map(|text| line("cause", text)))
        .chain(report.help.iter().map(|text| line("help", text)))
        .collect()
}

fn rule(gutter: usize) -> Line {
    Line::default().with(Role::Frame, format!(" {:gutter$} |", ""))
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;

    #[test]
    fn a_report_points_at_its_places_and_says_what_to_do() {
        let source = Source::new(
            "shelter.yaml",
            "hosts:\n  a:\n    port: 1\n    user: b\n    port: 99999\n",
        );
        let report = Report::error("duplicate key `port`")
            .at(&source.span(40..44))
            .also(&source.span(16..20), "first given here")
            .expected("each key once")
            .help("remove one of them");
        insta::assert_snapshot!(report, @r"
        error: duplicate key `port`
          --> shelter.yaml:5:5
           |
         3 |     port: 1
           |     ---- first given here
        ...
         5 |     port: 99999
           |     ^^^^ expected each key once
           |
           = help: remove one of them
        ");
    }

    #[test]
    fn places_in_other_files_follow_under_their_own_names() {
        let playbook = Source::new("03.yaml", "name: x\n\n\n\n\n\n\n\n\nrun: {{ threds }}\n");
        let inventory = Source::new("shelter.yaml", "vars: {threads: 4}\n");
        let report = Report::error("unknown variable `threds`")
            .at(&playbook.span(24..30))
            .also(&inventory.span(7..14), "this one is set")
            .cause("nothing sets it");
        insta::assert_snapshot!(report, @r"
        error: unknown variable `threds`
           --> 03.yaml:10:9
            |
         10 | run: {{ threds }}
            |         ^^^^^^
           ::: shelter.yaml:1:8
            |
          1 | vars: {threads: 4}
            |        ------- this one is set
            |
            = cause: nothing sets it
        ");
    }

    #[test]
    fn a_report_without_a_place_still_says_all() {
        let report =
            Report::error("cannot read `x`").expected("a file").cause("denied").help("chmod");
        insta::assert_snapshot!(report, @r"
        error: cannot read `x`
          = expected: a file
          = cause: denied
          = help: chmod
        ");
    }

    #[test]
    fn colour_is_only_in_the_coloured_form_and_remote_text_is_harmless_in_both() {
        let source = Source::new("f\x1b]0;x\x07", "a\x1b[2Jb");
        let report = Report::error("bad \x1b[31m`x`").at(&source.whole());
        assert!(!report.render(Style::Plain).contains('\x1b'));
        let code = |role| (role == Role::Error).then_some("1;31");
        let coloured = report.render(Style::Codes(code));
        assert!(coloured.starts_with("\x1b[1;31merror\x1b[0m: bad"), "{coloured:?}");
        assert!(!coloured.contains("\x1b[2J"));
    }
}
