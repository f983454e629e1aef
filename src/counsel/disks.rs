//! Disks that are nearly full.

use crate::fleet::{Bytes, Disk};

use super::{Advice, Known};

/// In percent.
const FULL: u64 = 90;

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    for (host, (at, facts)) in &known.facts {
        for (disk, used, free) in facts.disks.iter().filter_map(full) {
            let mount = &disk.mount;
            advice.push(Advice {
                text: format!("{mount} on {host} is {used} % full"),
                evidence: format!("{free} were free at {at}"),
                command: format!("on {host}: du -xm {mount} | sort -n | tail"),
            });
        }
    }
    advice
}

/// A disk above the mark: in use, and free.
fn full(disk: &Disk) -> Option<(&Disk, u64, Bytes)> {
    let (size, free) = (disk.size?, disk.free?);
    let used = size.0.checked_sub(free.0)?.checked_mul(100)?.checked_div(size.0)?;
    (used > FULL).then_some((disk, used, free))
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::with_facts;
    use super::*;
    use crate::fleet::{Facts, Fleet};

    fn disk(size: Option<u64>, free: Option<u64>) -> Facts {
        let disk = Disk {
            mount: "/data".into(),
            source: "/dev/sda1".into(),
            kind: None,
            size: size.map(Bytes),
            free: free.map(Bytes),
            rotational: None,
        };
        Facts { disks: vec![disk], ..Facts::default() }
    }

    #[test]
    fn only_a_disk_above_the_mark_is_raised() {
        let fleet = Fleet::default();
        let told = |size, free| advise(&with_facts(&fleet, disk(size, free))).len();
        assert_eq!(told(Some(1000), Some(70)), 1);
        assert_eq!(told(Some(1000), Some(100)), 0);
        assert_eq!(told(Some(0), Some(0)), 0);
        assert_eq!(told(None, Some(0)), 0);
    }

    #[test]
    fn the_evidence_says_what_was_free_and_when() {
        let fleet = Fleet::default();
        let told = advise(&with_facts(&fleet, disk(Some(1000), Some(70))));
        assert_eq!(told[0].text, "/data on shadow is 93 % full");
        assert_eq!(told[0].evidence, "70 B were free at 2026-11-21T07:50:12.345Z");
    }
}
