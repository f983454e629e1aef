//! Disks that are nearly full.

use crate::fleet::{Bytes, Disk, fullness};

use super::{Advice, Known};

/// In percent.
const FULL: f64 = 90.0;

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    for (host, (at, facts)) in &known.facts {
        for (disk, used, free) in facts.disks.iter().filter_map(full) {
            let mount = &disk.mount;
            advice.push(Advice {
                text: format!("{mount} on {host} is {used:.0} % full"),
                evidence: format!("{free} were free at {at}"),
                command: format!("on {host}: du -xm {mount} | sort -n | tail"),
            });
        }
    }
    advice
}

/// A disk above the mark: how full it is, and what is free.
fn full(disk: &Disk) -> Option<(&Disk, f64, Bytes)> {
    let (used, free) = (disk.used?, disk.free?);
    let used = fullness(used, free)?.0;
    (used > FULL).then_some((disk, used, free))
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::with_facts;
    use super::*;
    use crate::fleet::{Facts, Fleet};

    fn disk(used: Option<u64>, free: Option<u64>) -> Facts {
        let disk = Disk {
            mount: "/data".into(),
            source: "/dev/sda1".into(),
            kind: None,
            size: Some(Bytes(1050)),
            used: used.map(Bytes),
            free: free.map(Bytes),
            rotational: None,
        };
        Facts { disks: vec![disk], ..Facts::default() }
    }

    #[test]
    fn only_a_disk_above_the_mark_is_raised() {
        let fleet = Fleet::default();
        let told = |used, free| advise(&with_facts(&fleet, disk(used, free))).len();
        assert_eq!(told(Some(930), Some(70)), 1);
        assert_eq!(told(Some(900), Some(100)), 0);
        assert_eq!(told(Some(0), Some(0)), 0);
        assert_eq!(told(None, Some(0)), 0);
    }

    #[test]
    fn the_evidence_says_what_was_free_and_when() {
        let fleet = Fleet::default();
        let told = advise(&with_facts(&fleet, disk(Some(930), Some(70))));
        assert_eq!(told[0].text, "/data on shadow is 93 % full");
        assert_eq!(told[0].evidence, "70 B were free at 2026-11-21T07:50:12.345Z");
    }
}
