//! What an alert is called, and which alerts a person means.

use std::fmt;

use super::HostName;

/// What an alert is about: the rule, the host, and what of the host. One cause has one, however often it comes back.
///
/// As text: `unreachable@shadow`, `disk@shadow:/var`, and `own_link` for what is about no host.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(into = "String", try_from = "String")]
pub struct AlertId {
    /// The rule.
    pub rule: String,
    /// The host. `None`: it is about this machine, or all.
    pub host: Option<HostName>,
    /// The disk, the card, the service…, where a host has several.
    pub subject: Option<String>,
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

/// Why a text names no alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an alert, such as `disk@shadow:/var`")]
pub struct NoAlert;

impl AlertId {
    /// The name in a text, if it is one.
    pub fn parse(text: &str) -> Result<Self, NoAlert> {
        let Matcher { rule, host, subject } = Matcher::parts(text)?;
        Ok(Self { rule: rule.ok_or(NoAlert)?, host, subject })
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Matcher::from(self).spelled())
    }
}

impl From<AlertId> for String {
    fn from(id: AlertId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for AlertId {
    type Error = NoAlert;

    fn try_from(text: String) -> Result<Self, NoAlert> {
        Self::parse(&text)
    }
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
    fn an_alert_is_named_as_it_is_shown() {
        for name in ["own_link", "unreachable@shadow", "disk@shadow:/var", "gpu@a:0000:01:00.0"] {
            assert_eq!(AlertId::parse(name).unwrap().to_string(), name);
        }
        for odd in ["", "@shadow", "Disk@shadow", "disk@", "disk@-x", "disk@shadow:"] {
            assert_eq!(AlertId::parse(odd), Err(NoAlert), "{odd}");
        }
    }

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
