//! What a person wishes of the watchdog: to hear nothing of something for a while, or to let it heal again.

use super::{Hush, Matcher, Timestamp};

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
