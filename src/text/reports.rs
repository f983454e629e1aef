//! Many findings at once, in the order of their places. Keeps a bounded number of them.

use super::{Kind, Report, Span, Style};
use std::fmt;

/// Findings, as many as a reader can use. Errors beyond that are counted, not kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    kept: Vec<Report>,
    more: usize,
}

/// Nobody reads further, and a hostile file must not fill the memory with complaints.
const KEPT: usize = 100;

impl Reports {
    /// No findings yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more, unless the same is already there.
    pub fn push(&mut self, report: Report) {
        if self.kept.contains(&report) {
            return;
        }
        if self.kept.len() < KEPT {
            self.kept.push(report);
        } else if report.kind == Kind::Error {
            self.more += 1;
        }
    }

    /// All of `other` too.
    pub fn append(&mut self, other: Self) {
        other.kept.into_iter().for_each(|report| self.push(report));
        self.more += other.more;
    }

    /// Whether something was already said about that place.
    pub fn about(&self, span: &Span) -> bool {
        self.kept.iter().any(|report| report.place.as_ref() == Some(span))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.more > 0 || self.kept.iter().any(|report| report.kind == Kind::Error)
    }

    /// Those kept, in the order of their places: those without one first, then source by source.
    pub fn iter(&self) -> impl Iterator<Item = &Report> {
        let mut sources = Vec::new();
        for span in self.kept.iter().filter_map(|report| report.place.as_ref()) {
            if !sources.contains(&span.source()) {
                sources.push(span.source());
            }
        }
        let key = |report: &&Report| {
            report.place.as_ref().map(|span| {
                let source = sources.iter().position(|source| *source == span.source());
                (source, span.range().start)
            })
        };
        let mut ordered: Vec<&Report> = self.kept.iter().collect();
        ordered.sort_by_key(key);
        ordered.into_iter()
    }

    /// `value` and the warnings, or, when there is an error, all findings.
    pub fn verdict<T>(self, value: Option<T>) -> Result<(T, Self), Self> {
        match value {
            Some(value) if !self.has_errors() => Ok((value, self)),
            _ => Err(self),
        }
    }

    /// As lines of text, findings separated by an empty line.
    pub fn render(&self, style: Style) -> String {
        let mut texts: Vec<String> = self.iter().map(|report| report.render(style)).collect();
        if self.more > 0 {
            texts.push(
                Report::error(format!("{} more errors are not shown", self.more)).render(style),
            );
        }
        texts.join("\n")
    }
}

impl From<Report> for Reports {
    fn from(report: Report) -> Self {
        Self { kept: vec![report], more: 0 }
    }
}

impl From<Box<Report>> for Reports {
    fn from(report: Box<Report>) -> Self {
        Self::from(*report)
    }
}

impl fmt::Display for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(Style::Plain).trim_end_matches('\n'))
    }
}

impl std::error::Error for Reports {}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;

    #[test]
    fn findings_come_in_the_order_of_their_places() {
        let source = Source::new("f", "abc");
        let mut reports = Reports::new();
        reports.push(Report::error("third").at(&source.span(2..3)));
        reports.push(Report::warning("second").at(&source.span(1..2)));
        reports.push(Report::error("first"));
        let messages: Vec<&str> = reports.iter().map(|r| r.message.as_str()).collect();
        assert_eq!(messages, ["first", "second", "third"]);
    }

    #[test]
    fn only_errors_refuse_a_value() {
        let warned = Reports::from(Report::warning("mind"));
        assert_eq!(warned.clone().verdict(Some(1)), Ok((1, warned.clone())));
        assert_eq!(warned.clone().verdict(None::<i32>), Err(warned));
        let failed = Reports::from(Report::error("no"));
        assert_eq!(failed.clone().verdict(Some(1)), Err(failed));
    }

    #[test]
    fn a_flood_of_findings_is_counted_not_kept() {
        let mut reports = Reports::new();
        (0..1000).for_each(|n| reports.push(Report::error(format!("e{n}"))));
        assert!(reports.to_string().ends_with("error: 900 more errors are not shown"));
    }
}
