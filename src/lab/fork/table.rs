//! The mount table of this process, parsed. Only reads.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use rustix::mount::MountFlags;

use crate::text::from_octal;

/// One mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// Where it is mounted.
    pub target: PathBuf,
    /// The kind of file system.
    pub kind: String,
    /// The flags that a remount must repeat.
    pub flags: MountFlags,
}

/// All mounts this process sees, in the order they were made.
pub(super) fn read() -> io::Result<Vec<Mount>> {
    Ok(fs::read_to_string("/proc/self/mountinfo")?.lines().filter_map(parse).collect())
}

fn parse(line: &str) -> Option<Mount> {
    let (left, right) = line.split_once(" - ")?;
    let mut fields = left.split(' ').skip(4);
    let target = OsString::from_vec(from_octal(fields.next()?)).into();
    let flags = fields.next()?.split(',').fold(MountFlags::empty(), |all, word| {
        all | match word {
            "ro" => MountFlags::RDONLY,
            "nosuid" => MountFlags::NOSUID,
            "nodev" => MountFlags::NODEV,
            "noexec" => MountFlags::NOEXEC,
            "noatime" => MountFlags::NOATIME,
            "nodiratime" => MountFlags::NODIRATIME,
            "relatime" => MountFlags::RELATIME,
            _ => MountFlags::empty(),
        }
    });
    Some(Mount { target, kind: right.split(' ').next()?.to_owned(), flags })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_mount_table_is_understood() {
        let line = "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime,nosuid master:1 - ext4 /dev/root rw";
        let mount = parse(line).unwrap();
        assert_eq!(mount.target, PathBuf::from("/mnt 2"));
        assert_eq!(mount.kind, "ext4");
        assert_eq!(mount.flags, MountFlags::NOATIME | MountFlags::NOSUID);
        assert_eq!(parse("nonsense"), None);
    }
}
