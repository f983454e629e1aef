//! One finding: what is wrong, where, why, and what to do. Prints nothing itself.

use super::Span;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is done while it stands.
    Error,
    /// Worth knowing; work goes on.
    Warning,
}

/// A place and what is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands behind the caret; may be empty.
    pub text: String,
}

/// A finding. The same value serves the terminal, a pipe and the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How grave.
    pub kind: Kind,
    /// What is wrong: lower case, names in backticks.
    pub message: String,
    /// The place it is about.
    pub place: Option<Span>,
    /// Other places that explain it.
    pub also: Vec<Label>,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// What would have been right.
    pub expected: Option<String>,
    /// What to do next.
    pub help: Option<String>,
}

impl Report {
    /// An error.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Error,
            message: message.into(),
            place: None,
            also: Vec::new(),
            causes: Vec::new(),
            expected: None,
            help: None,
        }
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { kind: Kind::Warning, ..Self::error(message) }
    }

    /// With the place it is about: the value, not the key, wherever there is one.
    #[must_use]
    pub fn at(mut self, span: &Span) -> Self {
        self.place = Some(span.clone());
        self
    }

    /// With another place that explains it.
    #[must_use]
    pub fn also(mut self, span: &Span, text: impl Into<String>) -> Self {
        self.also.push(Label { span: span.clone(), text: text.into() });
        self
    }

    /// With one more cause beneath those already given.
    #[must_use]
    pub fn cause(mut self, text: impl Into<String>) -> Self {
        self.causes.push(text.into());
        self
    }

    /// With an error and everything beneath it as causes.
    #[must_use]
    pub fn caused_by(mut self, error: &(dyn std::error::Error + 'static)) -> Self {
        let chain = std::iter::successors(Some(error), |error| error.source());
        self.causes.extend(chain.map(ToString::to_string));
        self
    }

    /// An error as such: what it says is the message, what lies beneath it are the causes.
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        let report = Self::error(error.to_string());
        match error.source() {
            Some(source) => report.caused_by(source),
            None => report,
        }
    }

    /// With what would have been right, without the word "expected".
    #[must_use]
    pub fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    /// With what to do next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// With "did you mean" where a name comes near.
    #[must_use]
    pub fn nearest<'a>(self, name: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        match super::nearest(name, names) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}

impl std::error::Error for Report {}
