//! Spans of time in as few letters as tell them.

/// How long something took: `0.3 s`, `41 s`, `3:07`, `2:05:00`.
pub fn clock(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    match seconds {
        0..10 => format!("{:.1} s", millis.max(0) as f64 / 1000.0),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
    }
}

/// How long ago something was: `now`, `5 m`, `3 h`, `12 d`.
pub fn ago(millis: i64) -> String {
    let minutes = millis / 60_000;
    match minutes {
        i64::MIN..=0 => "now".to_owned(),
        1..60 => format!("{minutes} m"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1440),
    }
}

/// The same as part of a sentence: `just now`, `5 m ago`.
pub fn since(millis: i64) -> String {
    match ago(millis).as_str() {
        "now" => "just now".to_owned(),
        span => format!("{span} ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short_and_never_negative() {
        let clocks = [-5, 340, 41_000, 187_000, 7_500_000].map(clock);
        assert_eq!(clocks, ["0.0 s", "0.3 s", "41 s", "3:07", "2:05:00"]);
        let ages = [-9, 20_000, 300_000, 7_200_000, 1_000_000_000].map(ago);
        assert_eq!(ages, ["now", "now", "5 m", "2 h", "11 d"]);
        assert_eq!([20_000, 300_000].map(since), ["just now", "5 m ago"]);
    }
}
