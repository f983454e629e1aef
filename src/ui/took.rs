//! How long ago something was, to the minute: it would change with every second otherwise.

use crate::fleet::Millis;

/// Before that it is now.
const NOW: Millis = Millis(120_000);

/// How long ago: `now`, `5 min`, `3 h`, `12 d`.
pub fn ago(span: Millis) -> String {
    if span < NOW { "now".to_owned() } else { span.brief() }
}

/// The same as part of a sentence: `just now`, `5 min ago`.
pub fn since(span: Millis) -> String {
    if span < NOW { "just now".to_owned() } else { format!("{} ago", span.brief()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_in_the_last_two_minutes_is_now() {
        let spans = [-9, 119_000, 300_000, 1_000_000_000].map(Millis);
        assert_eq!(spans.map(ago), ["now", "now", "5 min", "11 d"]);
        assert_eq!(spans.map(since), ["just now", "just now", "5 min ago", "11 d ago"]);
    }
}
