//! Mounted disks, from the mount table, `df` and sysfs.

use super::answer::{Answer, exact};
use super::number::{bytes, size};
use crate::fleet::{Bytes, Disk};
use crate::text::from_octal;

/// More than a machine of a small fleet has.
const MOST: usize = 64;

/// The mounted disks. Whether a disk turns is not asked of a virtual machine, whose disks are not
/// what they say.
pub(super) fn read(answer: &Answer<'_>, is_virtual: bool) -> Vec<Disk> {
    let space: Vec<Space> =
        answer.lines("df").iter().filter_map(|line| Space::read(line)).collect();
    let mut disks = if answer.has("mount") { darwin(answer) } else { linux(answer) };
    disks.truncate(MOST);
    for disk in &mut disks {
        if let Some(found) = space.iter().find(|s| s.mount == disk.mount) {
            disk.size = found.size;
            let size = found.size;
            disk.used = found.used.filter(|used| size.is_some_and(|size| *used <= size));
            disk.free = found.free.filter(|free| size.is_some_and(|size| *free <= size));
        }
        if !is_virtual {
            disk.rotational = rotational(answer, &disk.source);
        }
    }
    disks
}

/// A line of `df -Pk`.
struct Space {
    mount: String,
    size: Option<Bytes>,
    used: Option<Bytes>,
    free: Option<Bytes>,
}

impl Space {
    /// Source and mount point may hold blanks, so the line is found by its percentage.
    fn read(line: &str) -> Option<Self> {
        let percent = line.match_indices("% ").find(|(at, _)| {
            line[..*at].ends_with(|c: char| c.is_ascii_digit())
                && line[..*at].split_whitespace().count() >= 5
        })?;
        let mut numbers = line[..percent.0].split_whitespace().rev().skip(1);
        let (free, used, total) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let mount = line[percent.0 + 2..].trim_start().to_owned();
        let (used, free) = (bytes(used, 1024), bytes(free, 1024));
        Some(Self { mount, size: size(total, 1024), used, free })
    }
}

fn linux(answer: &Answer<'_>) -> Vec<Disk> {
    let entries = answer.lines("mounts").iter().filter_map(|line| {
        let mut fields = line.split(' ');
        let (source, mount, kind) = (fields.next()?, fields.next()?, fields.next()?);
        let named = |text| String::from_utf8_lossy(&from_octal(text)).into_owned();
        disk(&named(mount), &named(source), kind)
    });
    entries.collect()
}

/// Lines like `/dev/disk3s1s1 on / (apfs, sealed, local)`. Apple's helper volumes share the space
/// of `/` and are left out.
fn darwin(answer: &Answer<'_>) -> Vec<Disk> {
    let entries = answer.lines("mount").iter().filter_map(|line| {
        let (source, rest) = line.split_once(" on ")?;
        let (mount, options) = rest.rsplit_once(" (")?;
        let kind = options.split([',', ')']).next()?;
        let own = mount == "/" || mount.starts_with("/Volumes/");
        (own && source.starts_with("/dev/")).then(|| disk(mount, source, kind))?
    });
    entries.collect()
}

fn disk(mount: &str, source: &str, kind: &str) -> Option<Disk> {
    Some(Disk {
        mount: exact(mount)?,
        source: exact(source)?,
        kind: exact(kind),
        size: None,
        used: None,
        free: None,
        rotational: None,
    })
}

/// What the block layer says of the disk that holds a partition or a mapped device.
fn rotational(answer: &Answer<'_>, source: &str) -> Option<bool> {
    let name = match source.strip_prefix("/dev/mapper/") {
        Some(mapped) => mapped_device(answer, mapped)?,
        None => source.strip_prefix("/dev/")?,
    };
    let queues = answer.files().filter_map(|(path, line)| {
        let device = path.strip_prefix("/sys/block/")?.strip_suffix("/queue/rotational")?;
        is_part_of(name, device).then_some((device.len(), line.trim()))
    });
    match queues.max_by_key(|(length, _)| *length)?.1 {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

fn mapped_device<'a>(answer: &Answer<'a>, name: &str) -> Option<&'a str> {
    answer.files().find_map(|(path, line)| {
        let device = path.strip_prefix("/sys/block/")?.strip_suffix("/dm/name")?;
        (line.trim() == name).then_some(device)
    })
}

/// Whether `name` is the disk `device` or one of its partitions: `sda2` of `sda`, `nvme0n1p1` of
/// `nvme0n1`.
fn is_part_of(name: &str, device: &str) -> bool {
    let Some(rest) = name.strip_prefix(device) else { return false };
    let joint = device.ends_with(|c: char| c.is_ascii_digit());
    let number = if joint { rest.strip_prefix('p') } else { Some(rest) };
    rest.is_empty() || number.is_some_and(|n| super::number::whole(n).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_belongs_to_its_disk_only() {
        assert!(is_part_of("sda2", "sda"));
        assert!(is_part_of("nvme0n1p1", "nvme0n1"));
        assert!(is_part_of("dm-1", "dm-1"));
        assert!(!is_part_of("sdaa", "sda"));
        assert!(!is_part_of("dm-12", "dm-1"));
        assert!(!is_part_of("nvme0n11", "nvme0n1"));
    }

    #[test]
    fn a_line_of_df_is_read_around_blanks() {
        let space = Space::read("my disk 1000 200 800 20% /mnt/a 5% b").unwrap();
        assert_eq!((space.mount.as_str(), space.size), ("/mnt/a 5% b", Some(Bytes(1_024_000))));
        assert!(
            Space::read("Dateisystem 1K-Blöcke Benutzt Verfügbar Verw% Eingehängt auf").is_none()
        );
    }
}
