//! What a person wishes of the watchdog: to hear nothing of something for a while, or to let it heal again.

use std::fmt;

use super::{AlertId, HostName, Hush, NoAlert, Timestamp};

/// What a person wishes of the watchdog.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    /// "I look after it": nothing is told and nothing healed until it is well again, or until then.
    Acknowledge {
        /// Which alerts.
        about: Matcher,
        /// Who, until when, why.
        hush: Hush,
    },
    /// "I do not want to hear of it": until then, however often it comes.
    Silence {
        /// Which alerts.
        about: Matcher,
        /// Who, until when, why.
        hush: Hush,
    },
    /// "Go on healing."
    Resume {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// Which alerts are meant: `disk@shadow:/var`, `disk`, `@shadow`, or `all`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Matcher {
    /// Of this rule only.
    pub rule: Option<String>,
    /// Of this host only.
    pub host: Option<HostName>,
    /// About this only.
    pub subject: Option<String>,
}

impl Matcher {
    /// The choice in a text, if it is one.
    pub fn parse(text: &str) -> Result<Self, NoAlert> {
        if text == "all" {
            return Ok(Self::default());
        }
        if let Some(host) = text.strip_prefix('@') {
            let host = HostName::new(host).map_err(|_| NoAlert)?;
            return Ok(Self { rule: None, host: Some(host), subject: None });
        }
        let AlertId { rule, host, subject } = AlertId::parse(text)?;
        Ok(Self { rule: Some(rule), host, subject })
    }

    /// Whether an alert is meant.
    pub fn means(&self, id: &AlertId) -> bool {
        let host = self.host.is_none() || self.host == id.host;
        let subject = self.subject.is_none() || self.subject == id.subject;
        self.rule.as_ref().is_none_or(|rule| *rule == id.rule) && host && subject
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.rule.clone().unwrap_or_default();
        if let Some(host) = &self.host {
            text.push('@');
            text.push_str(host.as_str());
        }
        if let Some(subject) = &self.subject {
            text.push(':');
            text.push_str(subject);
        }
        f.pad(if text.is_empty() { "all" } else { &text })
    }
}

impl From<Matcher> for String {
    fn from(matcher: Matcher) -> Self {
        matcher.to_string()
    }
}

impl TryFrom<String> for Matcher {
    type Error = NoAlert;

    fn try_from(text: String) -> Result<Self, NoAlert> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_means_what_its_parts_say_and_is_read_back() {
        let id = AlertId::parse("disk@shadow:/var").unwrap();
        for meant in ["all", "disk", "@shadow", "disk@shadow", "disk@shadow:/var"] {
            let matcher = Matcher::parse(meant).unwrap();
            assert!(matcher.means(&id), "{meant}");
            assert_eq!(matcher.to_string(), meant);
        }
        for other in ["ram", "@phantom", "disk@shadow:/", "disk@phantom"] {
            assert!(!Matcher::parse(other).unwrap().means(&id), "{other}");
        }
        assert_eq!(Matcher::parse("@"), Err(NoAlert));
    }
}
