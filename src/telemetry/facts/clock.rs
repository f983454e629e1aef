//! The host's clock against ours, as NTP reckons it: the time the probe took there is no doubt.

use super::number::whole;
use super::{Answer, Exchange};
use crate::fleet::Millis;

/// No clock is further off: about three hundred years.
const FURTHEST: i64 = 10_000_000_000_000;

/// The host's clock minus ours, and how uncertain that is.
pub(super) fn read(answer: &Answer<'_>, exchange: &Exchange) -> Option<(Millis, Millis)> {
    between(answer.first("clock"), answer.first("clock-end"), exchange)
}

/// The same from two readings, the second of which may be missing.
pub(in crate::telemetry) fn between(
    begin: Option<&str>,
    end: Option<&str>,
    exchange: &Exchange,
) -> Option<(Millis, Millis)> {
    let begin = reading(begin?)?;
    let end = end.and_then(reading).filter(|end| end.at >= begin.at);
    let end = end.unwrap_or(begin);
    let most = begin.at.checked_sub(exchange.sent.0)?;
    let least = end.at.checked_sub(exchange.received.0)?;
    let span = most.checked_sub(least)?;
    let skew = least.checked_add(span / 2)?;
    let doubt = span.abs() / 2 + begin.doubt;
    (skew.abs() < FURTHEST).then_some((Millis(skew), Millis(doubt)))
}

/// One reading, in milliseconds.
#[derive(Clone, Copy)]
struct Reading {
    at: i64,
    doubt: i64,
}

/// Nanoseconds, or whole seconds where `date` knows no `%N` and leaves it away or leaves its letter.
fn reading(text: &str) -> Option<Reading> {
    let number = whole(text.trim_end_matches(['N', '%']))?;
    let number = i64::try_from(number).ok()?;
    if text.len() > 15 {
        return Some(Reading { at: number / 1_000_000, doubt: 1 });
    }
    Some(Reading { at: number.checked_mul(1000)?.checked_add(500)?, doubt: 500 })
}
