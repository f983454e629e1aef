//! Why an engine did not answer as it should. Each is a state of that engine and of nothing else.

use std::io;
use std::time::Duration;

use hyper::StatusCode;

use crate::fleet::Millis;
use crate::text::inert_line;

/// Longest complaint of an engine that is kept.
const SAID: usize = 200;

/// Why an engine did not answer as it should.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LlmError {
    /// The machine answers, and nothing there listens.
    #[error("nothing listens there")]
    Nobody,
    /// No byte stream to it could be had.
    #[error("no way to it: {0}")]
    NoWay(String),
    /// It took longer than we wait.
    #[error("it did not {what} within {}", Millis::from(*after))]
    Silent {
        /// What it owed.
        what: &'static str,
        /// How long we waited.
        after: Duration,
    },
    /// What it sends is not HTTP, or the stream ended before its end.
    #[error("the stream broke: {0}")]
    Broken(String),
    /// It answered more than is taken from it.
    #[error("its answer is longer than {0} bytes")]
    TooLong(usize),
    /// It answered that it will not.
    #[error("it answers {status}{}", told(said))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said about it; empty where it said nothing.
        said: String,
    },
    /// It answered something else than was asked for.
    #[error("its answer cannot be read: {0}")]
    Malformed(String),
}

impl LlmError {
    /// An answer with a status other than success, and what its body says about it.
    pub(super) fn refused(status: StatusCode, body: &[u8]) -> Self {
        Self::Refused { status: status.as_u16(), said: complaint(body) }
    }

    pub(super) fn broken(error: &hyper::Error) -> Self {
        let first = std::error::Error::source(error);
        let mut causes = std::iter::successors(first, |error| error.source());
        let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
        if causes.any(|cause| cause.downcast_ref::<io::Error>().is_some_and(refused)) {
            return Self::Nobody;
        }
        // hyper's own words are few; what the stream said stands behind them.
        let cause = std::error::Error::source(error).map(|cause| format!(" ({cause})"));
        Self::Broken(inert_line(&format!("{error}{}", cause.unwrap_or_default())))
    }

    pub(super) fn malformed(error: &serde_json::Error) -> Self {
        Self::Malformed(inert_line(&error.to_string()))
    }
}

fn told(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// What an error's body says: `error.message`, `error` or `detail` where it is JSON, else its beginning.
pub(super) fn complaint(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(64 * 1024)]);
    let json: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let message = json.as_ref().and_then(|json| {
        let of = |json: &serde_json::Value| json.as_str().map(str::to_owned);
        let error = &json["error"];
        of(&error["message"]).or_else(|| of(error)).or_else(|| of(&json["detail"]))
    });
    let said = message.unwrap_or_else(|| text.trim().to_owned());
    inert_line(&said).chars().take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_says_about_a_refusal_is_found_wherever_it_puts_it() {
        for (body, said) in [
            (r#"{"error":{"message":"Loading model","code":503}}"#, "Loading model"),
            (r#"{"error":"server busy"}"#, "server busy"),
            (r#"{"detail":"Unauthorized"}"#, "Unauthorized"),
            ("upstream\tgone\u{1b}[2J", "upstream gone"),
            ("", ""),
        ] {
            let found = complaint(body.as_bytes());
            assert!(found.starts_with(said) && !found.contains('\x1b'), "{body}: {found}");
        }
    }
}
