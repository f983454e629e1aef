//! How long to wait before trying again. Pure: the caller brings the attempt and the dice.

use std::time::Duration;

/// The longest wait, reached after about eight attempts.
const CEILING: Duration = Duration::from_secs(60);

/// The wait before attempt `attempt` (1 is the first retry): doubling from half a second up to a
/// minute, of which a random half is taken away so that many hosts do not come back in step.
/// `dice` is any number in 0..1.
pub fn backoff(attempt: u32, dice: f64) -> Duration {
    let doubled =
        Duration::from_millis(500) * 2_u32.saturating_pow(attempt.saturating_sub(1).min(20));
    doubled.min(CEILING).mul_f64(1.0 - dice.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_at_most_half_is_left_to_chance() {
        assert_eq!(backoff(1, 0.0), Duration::from_millis(500));
        assert_eq!(backoff(2, 1.0), Duration::from_millis(500));
        assert_eq!(backoff(4, 0.0), Duration::from_secs(4));
        assert_eq!(backoff(u32::MAX, 0.0), CEILING);
        assert_eq!(backoff(u32::MAX, 1.0), CEILING / 2);
    }
}
