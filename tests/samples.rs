//! The sampler: kept streams against what they mean, and the program really run under every shell.

mod kept;
mod nvml;
mod running;
mod soak;

use shelter::fleet::Timestamp;
use shelter::telemetry::facts::Token;
use shelter::telemetry::sampler::{Pace, Stream};

/// When the kept streams are taken to have begun.
const BEGAN: i64 = 1_795_259_000_000;

/// The token that every kept stream carries.
fn token() -> Token {
    Token::new(1)
}

/// A stream of a look every two seconds.
fn stream() -> Stream {
    Stream::new(&token(), Pace::seconds(2))
}

/// Feeds a kept stream, in which a line `@ N` lets N milliseconds pass; tells the time at its end.
fn feed(stream: &mut Stream, text: &str, piece: usize) -> Timestamp {
    let mut now = BEGAN;
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("@ ") {
            Some(millis) => now += millis.trim().parse::<i64>().unwrap(),
            None => {
                for bytes in line.as_bytes().chunks(piece) {
                    stream.push(bytes, Timestamp(now));
                }
            }
        }
    }
    Timestamp(now)
}
