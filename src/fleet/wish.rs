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
        if text == "all" { Ok(Self::default()) } else { Self::parts(text) }
    }

    /// Whether an alert is meant.
    pub fn means(&self, id: &AlertId) -> bool {
        let host = self.host.is_none() || self.host == id.host;
        let subject = self.subject.is_none() || self.subject == id.subject;
        self.rule.as_ref().is_none_or(|rule| *rule == id.rule) && host && subject
    }

    /// The parts of `rule@host:subject`, of which a rule or a host is there.
    pub(super) fn parts(text: &str) -> Result<Self, NoAlert> {
        let (rule, place) = match text.split_once('@') {
            Some((rule, place)) => (rule, Some(place)),
            None => (text, None),
        };
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !rule.chars().all(word) || (rule.is_empty() && place.is_none()) {
            return Err(NoAlert);
        }
        let (host, subject) = match place.map(|place| place.split_once(':').ok_or(place)) {
            Some(Ok((_, ""))) => return Err(NoAlert),
            Some(Ok((host, subject))) => (Some(host), Some(subject.to_owned())),
            Some(Err(host)) => (Some(host), None),
            None => (None, None),
        };
        let host = host.map(HostName::new).transpose().map_err(|_| NoAlert)?;
        Ok(Self { rule: (!rule.is_empty()).then(|| rule.to_owned()), host, subject })
    }

    /// The same parts as a text; none where nothing is narrowed.
    pub(super) fn spelled(&self) -> String {
        let rule = self.rule.as_deref().unwrap_or_default();
        let host = self.host.iter().map(|host| format!("@{host}"));
        let subject = self.subject.iter().map(|subject| format!(":{subject}"));
        host.chain(subject).fold(rule.to_owned(), |text, part| text + &part)
    }
}

impl From<&AlertId> for Matcher {
    fn from(id: &AlertId) -> Self {
        let AlertId { rule, host, subject } = id.clone();
        Self { rule: Some(rule), host, subject }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.spelled();
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
        for meant in ["all", "disk", "@shadow", "@shadow:/var", "disk@shadow", "disk@shadow:/var"] {
            let matcher = Matcher::parse(meant).unwrap();
            assert!(matcher.means(&id), "{meant}");
            assert_eq!(matcher.to_string(), meant);
        }
        for other in ["ram", "@phantom", "disk@shadow:/", "disk@phantom"] {
            assert!(!Matcher::parse(other).unwrap().means(&id), "{other}");
        }
        for odd in ["", "@", "@shadow:", "disk:/var", "all@"] {
            assert_eq!(Matcher::parse(odd), Err(NoAlert), "{odd}");
        }
    }
}
