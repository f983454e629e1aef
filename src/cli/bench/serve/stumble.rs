//! What stands in the way of a load on an engine, in words that say what to do. Asks nothing.

use crate::llm::LlmError;
use crate::text::{Report, nearest};

/// Where the engine is meant to be.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its host.
    pub host: &'a str,
    /// Its port there.
    pub port: u16,
}

impl Place<'_> {
    /// It did not tell its models.
    pub fn no_engine(self, error: &LlmError) -> Report {
        let Self { host, port } = self;
        let there = format!("port {port} of `{host}`");
        let (what, help) = match error {
            LlmError::Nobody => {
                (format!("nothing answers on {there}: nothing listens there"), self.find())
            }
            LlmError::Silent { .. } => (
                format!("what listens on {there} says nothing: {error}"),
                "it may be busy or hang; `shelter status` tells more".to_owned(),
            ),
            LlmError::Broken(_) | LlmError::TooLong(_) => {
                (format!("what listens on {there} is no engine: {error}"), self.find())
            }
            LlmError::Refused { status: 401 | 403, .. } => (
                format!("the engine on {there} wants a key: {error}"),
                "--key, or SHELTER_ENGINE_KEY, gives it one".to_owned(),
            ),
            LlmError::Refused { status: 503, .. } => (
                format!("the engine on {there} is not ready: {error}"),
                format!("`shelter status {host} --watch` shows when it is"),
            ),
            LlmError::Refused { .. } | LlmError::Malformed(_) => {
                (format!("what listens on {there} does not tell its models: {error}"), self.find())
            }
            LlmError::NoWay(_) => {
                (format!("there is no way to {there}: {error}"), "try again".to_owned())
            }
        };
        Report::error(what).help(help)
    }

    /// It answers, and not as an engine does.
    pub fn something_else(self) -> Report {
        let Self { host, port } = self;
        let text = format!("what listens on port {port} of `{host}` is no engine that is known");
        Report::error(text).help(self.find())
    }

    /// The one that is meant of the models it has, if there is one.
    pub fn choose<'n>(self, wished: Option<&str>, names: &[&'n str]) -> Option<&'n str> {
        match (wished, names) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(wished), names) => names.iter().copied().find(|name| *name == wished),
        }
    }

    /// None of its models is the one that is meant.
    pub fn not_chosen(self, wished: Option<&str>, names: &[&str]) -> Report {
        let of = format!("the engine on port {} of `{}`", self.port, self.host);
        let near = |wished| nearest(wished, names.iter().copied());
        match (wished, names) {
            (_, []) => Report::error(format!("{of} has no model"))
                .help("load one, or give it one, and try again"),
            (None, names) => Report::error(format!("{of} has several models"))
                .help(format!("--model names one of {}", names.join(", "))),
            (Some(wished), names) => {
                Report::error(format!("{of} has no model `{wished}`")).help(match near(wished) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has {}", names.join(", ")),
                })
            }
        }
    }

    /// The model is somebody else's: its speed would be told of this host.
    pub fn passed_on(self, model: &str, to: Option<&str>) -> Report {
        let to = to.unwrap_or("somebody else's machines");
        Report::error(format!("`{model}` is passed on to {to}, and not run on `{}`", self.host))
            .help("--model names one that is run there")
    }

    /// It did not get as far as being measured.
    pub fn unmeasured(self, model: &str, error: &LlmError) -> Report {
        let Self { host, port } = self;
        let report = Report::error(format!("`{model}` on port {port} of `{host}` failed: {error}"));
        report.help(match error {
            LlmError::Nobody => "the engine has ended meanwhile: see its own log",
            LlmError::Malformed(_) => {
                "without its own count of tokens an engine cannot be measured"
            }
            LlmError::Refused { status: 400, .. } => {
                "--words and --tokens make prompts and answers shorter"
            }
            LlmError::Refused { .. } => "the engine's own log says more",
            _ => "`shelter status` tells how the engine is; its own log says more",
        })
    }

    fn find(self) -> String {
        format!(
            "start the engine, or name its port with --port; `shelter status {}` finds those that run",
            self.host
        )
    }
}
