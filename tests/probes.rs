//! The probe of facts: captured answers against what they mean, and the program under every shell.

mod fixtures;
mod shells;
mod summary;

use shelter::fleet::{Facts, Timestamp};
use shelter::telemetry::facts::{Exchange, ProbeError, Token, parse};

/// The token that every kept answer carries.
fn token() -> Token {
    Token::new(1)
}

/// Reads an answer as if it had taken the half second after that moment.
fn parse_at(output: &[u8], sent: i64) -> Result<Facts, ProbeError> {
    let (sent, received) = (Timestamp(sent), Timestamp(sent + 500));
    parse(output, &Exchange { token: token(), sent, received })
}
