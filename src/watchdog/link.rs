//! Whether it is our own link that is down: most of the fleet went dark at once. Knows hosts by number only.

use crate::fleet::{HostName, Millis};

/// Hosts that went dark within this went dark together.
pub(super) const TOGETHER: Millis = Millis(60_000);

/// One host, as far as this is concerned.
pub(super) struct Seen<'a> {
    pub host: &'a HostName,
    pub dark_since: Option<Millis>,
    /// Whether the system itself says that there is no network.
    pub no_network: bool,
}

/// The hosts that went dark together, if they are so many that our own link is to be suspected.
///
/// `before`: those suspected before, which stay so for as long as they are many.
pub(super) fn suspects(seen: &[Seen<'_>], before: &[HostName]) -> Vec<HostName> {
    let dark = || seen.iter().filter_map(|one| Some((one, one.dark_since?)));
    let known = |one: &Seen<'_>| before.contains(one.host);
    if dark().any(|(one, _)| one.no_network) {
        let ours = dark().filter(|(one, _)| one.no_network || known(one));
        return ours.map(|(one, _)| one.host.clone()).collect();
    }
    let still: Vec<HostName> =
        dark().filter(|(one, _)| known(one)).map(|(one, _)| one.host.clone()).collect();
    if is_most(still.len(), seen.len()) {
        return still;
    }
    let group = |from: Millis| {
        let together = dark().filter(move |(_, at)| (0..=TOGETHER.0).contains(&(at.0 - from.0)));
        together.map(|(one, _)| one.host.clone()).collect::<Vec<_>>()
    };
    let largest = dark().map(|(_, from)| group(from)).max_by_key(Vec::len).unwrap_or_default();
    if is_most(largest.len(), seen.len()) { largest } else { Vec::new() }
}

/// All of two, more than half of three, more than 30 % of four or more. Of one nothing can be told.
fn is_most(dark: usize, all: usize) -> bool {
    match all {
        0 | 1 => false,
        2 | 3 => dark >= 2,
        _ => dark * 10 > all * 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspected(dark: &[Option<i64>]) -> usize {
        let names: Vec<HostName> =
            (0..dark.len()).map(|n| HostName::new(format!("h{n}")).unwrap()).collect();
        let seen: Vec<Seen<'_>> = names
            .iter()
            .zip(dark)
            .map(|(host, at)| Seen { host, dark_since: at.map(Millis), no_network: false })
            .collect();
        suspects(&seen, &[]).len()
    }

    #[test]
    fn all_of_two_and_more_than_thirty_percent_of_many_are_too_many_to_be_chance() {
        assert_eq!(suspected(&[Some(0)]), 0);
        assert_eq!(suspected(&[Some(0), None]), 0);
        assert_eq!(suspected(&[Some(0), Some(9000)]), 2);
        assert_eq!(suspected(&[Some(0), None, None, None]), 0);
        assert_eq!(suspected(&[Some(0), Some(9000), None, None]), 2);
        assert_eq!(
            suspected(&[Some(0), Some(1), Some(2), None, None, None, None, None, None, None]),
            0
        );
        assert_eq!(
            suspected(&[Some(0), Some(1), Some(2), Some(3), None, None, None, None, None, None]),
            4
        );
    }

    #[test]
    fn hosts_that_went_dark_one_after_the_other_are_no_link_of_ours() {
        assert_eq!(suspected(&[Some(0), Some(600_000)]), 0);
        assert_eq!(suspected(&[Some(0), Some(600_000), None, None]), 0);
    }

    #[test]
    fn a_suspicion_stands_until_enough_of_them_are_back() {
        let names: Vec<HostName> =
            ["a", "b", "c", "d"].iter().map(|n| HostName::new(*n).unwrap()).collect();
        let seen = |dark: usize| -> Vec<Seen<'_>> {
            let at = |n: usize| (n < dark).then(|| Millis(n as i64 * 100_000));
            let one = |(n, host)| Seen { host, dark_since: at(n), no_network: false };
            names.iter().enumerate().map(one).collect()
        };
        assert_eq!(suspects(&seen(2), &[]).len(), 0, "they went 100 s apart");
        assert_eq!(suspects(&seen(2), &names).len(), 2);
        assert_eq!(suspects(&seen(1), &names).len(), 0);
    }
}
