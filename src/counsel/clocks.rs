//! Clocks that differ from ours by more than the exchange leaves in doubt.

use super::{Advice, Known};
use crate::fleet::Millis;

/// In milliseconds.
const SKEW: i64 = 2000;

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    for (host, (at, facts)) in &known.facts {
        let Some(skew) = facts.clock_skew.map(|skew| skew.0) else { continue };
        let doubt = facts.clock_doubt.map_or(0, |doubt| doubt.0);
        if skew.abs() - doubt <= SKEW {
            continue;
        }
        let way = if skew > 0 { "ahead of" } else { "behind" };
        advice.push(Advice {
            text: format!("the clock of {host} is {} {way} ours", Millis(skew)),
            evidence: format!("measured at {at}, uncertain by {}", Millis(doubt)),
            command: format!("on {host}: sudo timedatectl set-ntp true"),
        });
    }
    advice
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::with_facts;
    use super::*;
    use crate::fleet::{Facts, Fleet};

    #[test]
    fn only_a_clock_that_is_surely_off_is_raised() {
        let fleet = Fleet::default();
        let told = |skew: Option<i64>, doubt: i64| {
            let (clock_skew, clock_doubt) = (skew.map(Millis), Some(Millis(doubt)));
            advise(&with_facts(&fleet, Facts { clock_skew, clock_doubt, ..Facts::default() })).len()
        };
        assert_eq!(told(Some(3100), 50), 1);
        assert_eq!(told(Some(-3100), 50), 1);
        assert_eq!(told(Some(2000), 0), 0);
        assert_eq!(told(Some(3100), 1500), 0);
        assert_eq!(told(None, 0), 0);
    }
}
