//! The disk a model is kept on, and how full it would be with one more.

use crate::fleet::{Bytes, Disk, Facts};

/// No model may fill its disk beyond this, in percent.
pub const FULLEST: u64 = 90;

/// The disk a path lies on: that of the longest mount that leads there. A link on the way is not seen.
pub fn disk_of<'f>(facts: &'f Facts, path: &str) -> Option<&'f Disk> {
    let leads = |disk: &&Disk| {
        let mount = disk.mount.trim_end_matches('/');
        path.strip_prefix(mount).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    facts.disks.iter().filter(leads).max_by_key(|disk| disk.mount.len())
}

/// How full the disk would be with so much more, in percent of what an ordinary user may have, rounded up. `None` where it is not known.
pub fn fullness(disk: &Disk, more: Bytes) -> Option<u64> {
    let (used, free) = (u128::from(disk.used?.0), u128::from(disk.free?.0));
    let (after, all) = ((used + u128::from(more.0)) * 100, used + free);
    u64::try_from(after.checked_div(all)? + u128::from(after % all > 0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(mount: &str, used: Option<u64>, free: Option<u64>) -> Disk {
        Disk {
            mount: mount.into(),
            source: "/dev/sda1".into(),
            kind: None,
            size: Some(Bytes(2000)),
            used: used.map(Bytes),
            free: free.map(Bytes),
            rotational: None,
        }
    }

    #[test]
    fn a_path_lies_on_the_longest_mount_that_leads_there() {
        let mounts = ["/", "/home", "/home/ops/.mountain_shelter/models", "/homes"];
        let disks = mounts.map(|mount| disk(mount, None, None)).into();
        let facts = Facts { disks, ..Facts::default() };
        let on = |path| disk_of(&facts, path).map(|disk| disk.mount.as_str());
        assert_eq!(on("/home/ops/.mountain_shelter/models/gguf"), Some(mounts[2]));
        assert_eq!(on("/home/ops"), Some("/home"));
        assert_eq!(on("/homestead"), Some("/"));
        assert_eq!(disk_of(&Facts::default(), "/"), None);
    }

    #[test]
    fn fullness_is_rounded_up_and_unknown_where_the_disk_is() {
        let full = |used, free, more| fullness(&disk("/", used, free), Bytes(more));
        assert_eq!(full(Some(500), Some(500), 400), Some(90));
        assert_eq!(full(Some(500), Some(500), 401), Some(91));
        assert_eq!(full(Some(500), Some(500), u64::MAX), Some(1_844_674_407_370_955_212));
        assert_eq!(full(Some(0), Some(0), 1), None);
        assert_eq!(full(None, Some(5), 1), None);
    }
}
